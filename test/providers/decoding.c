#include "decoding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/error.h"
#include "base/property.h"
#include "providers/definition/service.h"
#include "providers/definition/text.h"
#include "sources.h"

struct definition *decoding_define(const char *text)
{
    char file[] = "/tmp/restodbc-decoding-XXXXXX";
    int descriptor = mkstemp(file);
    struct definition *definition = NULL;
    struct error err = {0};

    if (descriptor < 0)
        abort();
    close(descriptor);
    write_text(file, text);
    if (!definition_open(file, source_path("providers/provider.rng"), NULL, &definition, &err))
        fail_msg("%s", err.message);
    unlink(file);
    for (size_t i = 0; i < definition->table_count; i++)
        if (definition->tables[i]->table.fault)
            fail_msg("%s", definition->tables[i]->table.fault);
    return definition;
}

struct service *decoding_open(const char *text, struct properties *properties, const char *settings, ...)
{
    struct service *service;
    struct error err = {0};
    char given[400];
    va_list arguments;

    va_start(arguments, settings);
    int length = vsnprintf(given, sizeof given, settings, arguments);
    va_end(arguments);
    assert_in_range(length, 0, sizeof given - 1);
    properties_init(properties);
    assert_true(properties_read_string(properties, given, (size_t)length, NULL, NULL, &err));
    if (!described_service_open(decoding_define(text), properties, NULL, NULL, &service, &err))
        fail_msg("%s", err.message);
    return service;
}

void decoding_decode(const struct definition *definition, const char *table_name, const char *body, const char *wanted,
                     struct warnings *warnings, struct buffer *out, struct decoder **kept)
{
    const struct definition_table *table = definition_table(definition, table_name);
    struct decoder *decoder;
    struct error err = {0};
    bool needed[512], found = true;

    assert_non_null(table);
    assert_true(table->table.column_count <= sizeof needed);
    for (size_t i = 0; i < table->table.column_count; i++)
        needed[i] = !wanted || text_has_word(wanted, table->table.columns[i].name);
    assert_true(decoder_open(&table->endpoints[0].shape, needed, warnings, &decoder, &err));
    buffer_reset(out);
    bool begun = decoder_page(decoder, body, strlen(body), &err);
    for (size_t row = 0; found; row++) {
        if (!begun || !decoder_next(decoder, row, &found, &err)) {
            buffer_printf(out, "%s %s", err.sqlstate, err.message);
            break;
        }
        for (size_t column = 0; found && column < table->table.column_count; column++) {
            char scratch[VALUE_SCRATCH];
            size_t length;
            if (!needed[column])
                continue;
            const struct value *cell = &decoder_cells(decoder)[column][row];
            if (!value_is_null(cell))
                buffer_printf(out, "%s=%s ", table->table.columns[column].name, value_as_text(cell, scratch, &length));
        }
        if (found)
            buffer_append_char(out, ';');
    }
    if (kept)
        *kept = decoder;
    else
        decoder_close(decoder);
}
