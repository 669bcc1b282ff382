/* A libFuzzer target: whatever the text, sql/statement.h prepares it or says why not (parse, bind, print), and so does SQLNativeSql. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../sql/fake_service.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static bool is_told(const struct error *err)
{
    return strlen(err->sqlstate) == 5 && err->message[0] != '\0';
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct type bound[] = {{TYPE_INTEGER, 0, 0}, {TYPE_DECIMAL, 10, 2}};
    char *text = malloc(size + 1); /* not terminated: a read past the end is seen */
    struct arena arena = {0};
    struct error err = {0};
    struct statement *statement = NULL;
    const char *native = NULL;

    require(text != NULL);
    memcpy(text, data, size);
    text = realloc(text, size ? size : 1);
    require(text != NULL);
    bool prepared = statement_prepare(text, size, bound, size % 3, NULL, &fake_local_service, false, &arena, &statement, &err);
    require(prepared || is_told(&err));
    for (; prepared && statement; statement = statement->next)
        require(statement->kind == STATEMENT_SELECT   ? statement->engine_sql && statement->column_count > 0
                : statement->kind == STATEMENT_CHANGE ? statement->engine_sql && statement->target && statement->column_count == 0
                : statement->kind == STATEMENT_DEFINE ? statement->name != NULL && statement->column_count == 0
                                                      : true);
    err = (struct error){0};
    require(statement_native(text, size, &arena, &native, &err) ? native != NULL : is_told(&err));
    arena_clear(&arena);
    free(text);
    return 0;
}
