/* Proves providers/xml_handlers.c: what is read, however wrong, prints nothing in the host program and leaves its handlers alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "base/error.h"
#include "providers/definition/definition.h"
#include "providers/rows/path.h"
#include "providers/script/script.h"
#include "providers/script/xml.h"
#include "providers/xml_handlers.h"
#include "sources.h"

#define UNKNOWN "<?xml version='1.0' encoding='nonsense'?><a>b</a>"
#define MISTAKEN "<?xml version='1.0' encoding='UTF-8'?><a>\xff\xfe</a>"
#define FOREIGN "<?xml version='1.0' encoding='UTF-16'?><a>b</a>"
#define BROKEN "<?xml version='1.0' encoding='EUC-JP'?><a>\xff\xff</a>"
#define CUT "<?xml version='1.0' encoding='UTF-7'?><a>+2AA-</a>"

static const char *const texts[] = {UNKNOWN, MISTAKEN, FOREIGN, BROKEN, CUT, "<a>&none;</a>", "<a", "<x:a/>"};

static unsigned told;

static void tell(void *context, const char *format, ...)
{
    (void)context, (void)format;
    told++;
}

static void read_all(const char *text)
{
    char file[] = "/tmp/restodbc-handlers-XXXXXX";
    struct definition *definition;
    struct script *script;
    struct path records = {0};
    struct buffer json;
    struct error err = {0};

    close(mkstemp(file));
    write_text(file, text);
    assert_false(definition_open(file, source_path("providers/provider.rng"), NULL, &definition, &err));
    unlink(file);
    if (script_read("made.rsb", text, strlen(text), &script, &err))
        script_close(script);
    buffer_init(&json, 1000);
    xml_to_json(text, strlen(text), &records, &json, &err);
    buffer_clear(&json);
}

static void prints_nothing(void **state)
{
    char file[] = "/tmp/restodbc-stderr-XXXXXX";
    int sink = mkstemp(file), own = dup(STDERR_FILENO);
    struct stat status;
    (void)state;

    assert_true(sink >= 0 && own >= 0);
    dup2(sink, STDERR_FILENO);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        read_all(texts[i]);
    dup2(own, STDERR_FILENO);
    assert_int_equal(fstat(sink, &status), 0);
    unlink(file);
    close(sink);
    close(own);
    assert_int_equal(status.st_size, 0);
}

static void gives_back(void **state)
{
    int mark;
    (void)state;

    xmlSetGenericErrorFunc(&mark, tell);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        read_all(texts[i]);
    assert_true(xmlGenericError == tell && xmlGenericErrorContext == &mark);
    assert_int_equal(told, 0);
    xmlSetGenericErrorFunc(NULL, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(prints_nothing), cmocka_unit_test(gives_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
