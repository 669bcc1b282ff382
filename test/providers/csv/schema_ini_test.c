/* Proves providers/csv/schema_ini.c: sections, entries and what they mean, and the words for what is wrong in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/error.h"
#include "providers/csv/schema_ini.h"

static const struct csv_format standard = {
    .delimiter = ",", .delimiter_length = 1, .quote = '"', .escape = '"', .header = true, .longest_cell = 100, .point = '.', .iso = true, .charset = "UTF-8",
};

static bool read(const char *text, struct arena *arena, struct csv_ini_schema *schema, struct error *err)
{
    struct csv_ini ini;

    *schema = (struct csv_ini_schema){.format = standard};
    if (!csv_ini_read("Schema.ini", text, strlen(text), arena, &ini, err))
        return false;
    const struct csv_ini_section *section = csv_ini_find(&ini, "T.CSV");
    assert_non_null(section);
    return csv_ini_apply(&ini, section, schema, arena, err);
}

static void means_what_it_says(void **state)
{
    struct arena arena = {0};
    struct csv_ini_schema schema;
    struct error err = {0};
    (void)state;

    assert_true(read("; comment\r\n\r\n[other.csv]\nFormat=TabDelimited\n[t.csv]\r\nFormat = Delimited(;)\r\nColNameHeader=False\nMaxScanRows=7\n"
                     "Col2=\"Two words\" Text Width 30\nCol1=id Long\ncol3=price decimal(10, 2)\nCol4=plain\nCharacterSet=1252\nDecimalSymbol=,\n"
                     "TextDelimiter='\nDateTimeFormat=dd.mm.yyyy\nCurrencySymbol=x\n", &arena, &schema, &err));
    assert_string_equal(schema.format.delimiter, ";");
    assert_false(schema.format.header);
    assert_int_equal(schema.scan_depth, 7);
    assert_int_equal(schema.column_count, 4);
    assert_string_equal(schema.columns[0].name, "id");
    assert_int_equal(schema.columns[0].type.kind, TYPE_INTEGER);
    assert_string_equal(schema.columns[1].name, "Two words");
    assert_int_equal(schema.columns[1].type.size, 30);
    assert_int_equal(schema.columns[2].type.kind, TYPE_DECIMAL);
    assert_int_equal(schema.columns[2].type.scale, 2);
    assert_false(schema.columns[3].typed);
    assert_string_equal(schema.format.charset, "CP1252");
    assert_int_equal(schema.format.point, ',');
    assert_int_equal(schema.format.quote, '\'');
    assert_int_equal(schema.format.escape, '\'');
    assert_int_equal(schema.format.moment_count, 1);
    assert_false(schema.format.iso);

    assert_true(read("[t.csv]\nFormat=FixedLength\nCol1=a Text Width 3\nCol2=b Long Width 5\n", &arena, &schema, &err));
    assert_int_equal(schema.format.delimiter_length, 0);
    assert_int_equal(schema.format.width_count, 2);
    assert_int_equal(schema.format.widths[1], 5);
    assert_true(schema.format.trim);
    assert_true(read("[t.csv]", &arena, &schema, &err));
    assert_int_equal(schema.column_count, 0);
    assert_int_equal(schema.scan_depth, -1);
    arena_clear(&arena);
}

static void says_what_is_wrong(void **state)
{
    static const struct { const char *text, *words; } cases[] = {
        {"Format=x\n", "Schema.ini:1"}, {"[t.csv\n", "Schema.ini:1"}, {"[t.csv]\nno entry\n", "Schema.ini:2"}, {"[t.csv]\nFormat=TooLong\n", "Schema.ini:2"},
        {"[t.csv]\nColNameHeader=Perhaps\n", "True or False"}, {"[t.csv]\nMaxScanRows=-1\n", "a number"}, {"[t.csv]\nCol1=a Nonsense\n", "Nonsense"},
        {"[t.csv]\nCol1=a Long\nCol3=b Long\n", "Col2"}, {"[t.csv]\nCol1=a Long\nCol1=b Long\n", "Schema.ini:3"}, {"[t.csv]\nCol1=\n", "Schema.ini:2"},
        {"[t.csv]\nCol1=a Text Width x\n", "Width"}, {"[t.csv]\nCol1=a Text Width 3 more\n", "Width"}, {"[t.csv]\nDecimalSymbol=ab\n", "one character"},
        {"[t.csv]\nDecimalSymbol=5\n", "one character"}, {"[t.csv]\nTextDelimiter=ab\n", "ASCII"}, {"[t.csv]\nCharacterSet=nonsense\n", "iconv"},
        {"[t.csv]\nDateTimeFormat=nonsense\n", "pattern"}, {"[t.csv]\nFormat=FixedLength\n", "Width"}, {"[t.csv]\nFormat=FixedLength\nCol1=a Text\n", "Width"},
        {"[t.csv]\nFormat=Delimited(\")\n", "QuoteCharacter"}, {"[t.csv]\nNumberDigits=99\n", "38"},
    };
    struct csv_ini_schema schema;
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = {0};
        struct error err = {0};
        if (read(cases[i].text, &arena, &schema, &err))
            fail_msg("nothing is wrong with %s", cases[i].text);
        assert_string_equal(err.sqlstate, "HY000");
        if (!strstr(err.message, cases[i].words))
            fail_msg("%s: %s", cases[i].text, err.message);
        arena_clear(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(means_what_it_says), cmocka_unit_test(says_what_is_wrong)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
