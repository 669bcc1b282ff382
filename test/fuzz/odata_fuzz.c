/* A libFuzzer target: whatever stands in metadata, or in a page of JSON or Atom, it is read or said why not. The first character says what
 * the rest is: M metadata; 2 and 4 rows of that version's shop; v and w rows inside of their parents. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/warnings.h"
#include "providers/odata/reader.h"
#include "../providers/odata/opened.h"

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

static void read_metadata(const char *text, size_t size)
{
    struct odata_model *model = NULL;
    struct service service = {.name = "Any"};
    struct arena arena = {0};
    struct error err = {0};

    if (!model_read(text, size, &model, &err)) {
        require(is_told(&err));
        return;
    }
    require(odata_tables_list(model, &plain_options, &service, &arena, &err));
    for (size_t i = 0; i < service.table_count; i++) {
        const struct table *table = service.tables[i];
        require(odata_table_fill((struct odata_table *)table->definition, model, &plain_options, model->version, &arena, &err));
        require(table->name[0] != '\0' || table->fault || table->column_count);
    }
    model_close(model);
    arena_clear(&arena);
}

static void read_page(struct opened *opened, const char *table_name, enum odata_page_kind kind, const char *text, size_t size)
{
    const struct odata_table *table = service_table(&opened->service, table_name)->definition;
    struct warnings warnings = {0};
    struct odata_reader *reader = NULL;
    struct odata_page_facts facts;
    struct error err = {0};
    struct value echo[64];
    bool needed[64], found = true;
    const char *more;
    const struct value *parent;

    require(table->table.column_count <= 64);
    for (size_t i = 0; i < table->table.column_count; i++) {
        needed[i] = true;
        echo[i] = value_null();
    }
    require(odata_reader_open(&opened->context, table, needed, &warnings, &reader, &err));
    bool done = odata_reader_page(reader, kind, text, size, "https://shop.example/svc/Products?$top=5", echo, &facts, &err);
    while (done && found && !facts.failure) {
        odata_reader_batch(reader);
        done = odata_reader_next(reader, 0, &found, &err);
    }
    while (done && odata_reader_inner(reader, &more, &parent))
        require(more && more[0]);
    require(done || is_told(&err));
    odata_reader_close(reader);
    warnings_clear(&warnings);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct opened v2, v4;

    if (!v2.model) {
        opened_file(&v2, "shop_v2.xml", &plain_options);
        opened_file(&v4, "shop_v4.xml", &plain_options);
    }
    if (!size)
        return 0;
    char *text = malloc(size); /* pages end with a NUL, as bodies of answers do */
    require(text != NULL);
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    switch (data[0]) {
    case 'M': read_metadata(text, size - 1); break;
    case '2': read_page(&v2, "Products", PAGE_ROWS, text, size - 1); break;
    case '4': read_page(&v4, "Products", PAGE_ROWS, text, size - 1); break;
    case 'v': read_page(&v2, "Categories_Products", PAGE_PARENTS, text, size - 1); break;
    case 'w': read_page(&v4, "Categories_Products", PAGE_PARENTS, text, size - 1); break;
    default: break;
    }
    free(text);
    return 0;
}
