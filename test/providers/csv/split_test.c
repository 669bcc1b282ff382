/* Proves providers/csv/split*.c: every way to look at 64 bytes finds what the reading byte by byte finds, on texts that are mostly made of
 * the bytes that matter; and that reading follows the rules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "providers/csv/format.h"
#include "providers/csv/split.h"

enum { LONGEST = 600 };

static const struct csv_format standard = {.delimiter = ",", .delimiter_length = 1, .quote = '"', .escape = '"', .longest_cell = CSV_LONGEST_CELL};

/* Marks for texts of LONGEST bytes. */
struct found {
    struct csv_marks marks;
    uint32_t ends[LONGEST + SPLIT_PADDING], rows[LONGEST + SPLIT_PADDING], afters[LONGEST + SPLIT_PADDING], breaks[LONGEST + SPLIT_PADDING];
};

static void found_init(struct found *found)
{
    memset(found, 0, sizeof *found);
    found->marks = (struct csv_marks){.ends = found->ends, .rows = found->rows, .afters = found->afters, .breaks = found->breaks};
}

/* Reads a text of fields and says what it holds: "|" between fields, ";" behind rows, "?" where a quote stays open. */
static void trace(const struct csv_format *format, const char *text, char *out)
{
    struct found found;
    size_t from = 0, length = strlen(text), open = 0;

    *out = '\0';
    while (from < length) {
        found_init(&found);
        if (!split_row(format, text, from, length, true, &found.marks, &open)) {
            sprintf(out + strlen(out), "?%zu", open);
            return;
        }
        for (size_t i = 0; i < found.marks.end_count; i++) {
            sprintf(out + strlen(out), "%s%.*s", i ? "|" : "", (int)(found.ends[i] - from), text + from);
            from = found.ends[i] + format->delimiter_length;
        }
        strcat(out, ";");
        from = found.afters[0];
    }
}

static void reads_by_the_rules(void **state)
{
    static const struct { const char *text, *expected; } cases[] = {
        {"", ""}, {"a", "a;"}, {"a,b", "a|b;"}, {"a,b\n", "a|b;"}, {",\n", "|;"}, {"a,b\r\nc\rd\n", "a|b;c;d;"},
        {"\n\na", ";;a;"}, {"\r\n\r\n", ";;"}, {"\n\r", ";;"}, {"a\n\rb", "a;;b;"},
        {"\"a,b\",c", "\"a,b\"|c;"}, {"\"a\nb\"\nc", "\"a\nb\";c;"}, {"\"a\"\"b\",c", "\"a\"\"b\"|c;"}, {"\"\",\"\"", "\"\"|\"\";"},
        {"a\"b,c\"", "a\"b|c\";"},                      /* a quote in the middle of a field is a byte like others */
        {"5\" pipe,6\" pipe\n7", "5\" pipe|6\" pipe;7;"},
        {"\"a\"b,c", "\"a\"b|c;"}, {"\"a\" ,c", "\"a\" |c;"}, {"\"a\"b\"c,d\"", "\"a\"b\"c|d\";"},
        {" \"a,b\"", " \"a|b\";"},                      /* nor is one behind a space the start of a quoted field */
        {"\"a", "?0"}, {"a,\"b\nc", "?2"}, {"x\n\"\"\"", "x;?2"}, {"\"a\"\"", "?0"},
    };
    char out[LONGEST];
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        trace(&standard, cases[i].text, out);
        assert_string_equal(out, cases[i].expected);
    }
}

static void reads_other_formats(void **state)
{
    static const uint32_t widths[] = {3, 2, 4};
    struct csv_format format = standard;
    char out[LONGEST];
    (void)state;

    format.trim = true;
    assert_false(split_fits(&format));
    trace(&format, " \t\"a,b\" , c\n", out);
    assert_string_equal(out, " \t\"a,b\" | c;");
    trace(&format, "a \"b,c\"\n", out);
    assert_string_equal(out, "a \"b|c\";");

    format = standard;
    format.escape = '\\';
    assert_false(split_fits(&format));
    trace(&format, "\"a\\\",b\",c\n\"\\\\\",d\n\"x\"\"y\",z", out);
    assert_string_equal(out, "\"a\\\",b\"|c;\"\\\\\"|d;\"x\"\"y\"|z;");
    trace(&format, "a\\,b\n\"c\\d\"", out);
    assert_string_equal(out, "a\\|b;\"c\\d\";");

    format = standard;
    format.quote = format.escape = -1;
    assert_true(split_fits(&format));
    trace(&format, "\"a,b\"\nc", out);
    assert_string_equal(out, "\"a|b\";c;");

    format = standard;
    strcpy(format.delimiter, "\u00a6");
    format.delimiter_length = 2;
    assert_false(split_fits(&format));
    trace(&format, "a\u00a6\"b\u00a6\"\u00a6\u00a7\n", out);
    assert_string_equal(out, "a|\"b\u00a6\"|\u00a7;");

    format = standard;
    format.delimiter_length = 0;
    format.widths = widths;
    format.width_count = 3;
    assert_false(split_fits(&format));
    trace(&format, "abcdefghi\nabcd\n\nabcde\r\n\u00e4\u00f6\u00fc12\u20ac345rest", out);
    assert_string_equal(out, "abc|de|fghi;abc|d;;abc|de;\u00e4\u00f6\u00fc|12|\u20ac345;");
}

static void tells_where_the_line_breaks_within_quotes_are(void **state)
{
    static const char text[] = "a,\"x\ny\r\nz\",\"\r\"\nb\n";
    struct found found;
    size_t open;
    bool odd;
    (void)state;

    found_init(&found);
    assert_true(split_row(&standard, text, 0, sizeof text - 1, true, &found.marks, &open));
    assert_int_equal(found.marks.break_count, 3);
    assert_int_equal(found.breaks[0], 4);
    assert_int_equal(found.breaks[1], 6);
    assert_int_equal(found.breaks[2], 12);
    for (size_t i = 0; split_method(i); i++) {
        char padded[sizeof text + SPLIT_PADDING] = {0};
        memcpy(padded, text, sizeof text);
        found_init(&found);
        split_method(i)->split(&standard, padded, 0, sizeof text - 1, &found.marks, &odd);
        assert_false(odd);
        assert_int_equal(found.marks.row_count, 2);
        assert_int_equal(found.marks.break_count, 3);
        assert_int_equal(found.breaks[2], 12);
    }
}

/* Everything in the text, by a method where there is one and by split_row where that stops. */
static void read_all(const struct split_method *method, const struct csv_format *format, const char *text, size_t length, struct found *found)
{
    struct csv_marks *marks = &found->marks;
    size_t from = 0, open;
    bool odd = true;

    found_init(found);
    for (bool more = true; more && from < length;) {
        if (method) {
            method->split(format, text, from, length, marks, &odd);
            marks->end_count = marks->row_count ? marks->rows[marks->row_count - 1] : 0;
            from = marks->row_count ? marks->afters[marks->row_count - 1] : 0;
            while (marks->break_count && marks->breaks[marks->break_count - 1] >= from)
                marks->break_count--;
        }
        more = odd && from < length && split_row(format, text, from, length, false, marks, &open);
        from = more ? marks->afters[marks->row_count - 1] : from;
    }
}

/* rand() of the C standard, so that every machine makes the same texts. */
static unsigned next_random(unsigned *state)
{
    *state = *state * 1103515245u + 12345u;
    return *state >> 16 & 0x7fff;
}

static size_t random_text(unsigned *state, char *text)
{
    static const char *const alphabets[] = {"a,\"\n", "ab,\n", "a,\"\r\n", "\"\"\"a,\n", "abcdefgh,\"\r\n \t", ",", "\"", "\n", "\r\n", "abcdefghijklmnop,"};
    const char *alphabet = alphabets[next_random(state) % (sizeof alphabets / sizeof alphabets[0])];
    size_t length = next_random(state) % (LONGEST + 1), kinds = strlen(alphabet);
    bool tidy = next_random(state) % 2;

    for (size_t i = 0; i < length; i++) {
        /* What is quoted as it should be, mostly: else a text is odd soon, and no method reads far. */
        static const char *const pieces[] = {"\"a,b\"", "\"\"", "\"\"\"\"", "\"x\r\ny\"", "plain", "", "\"a\"\"b\"", "\"\n\""};
        const char *piece = pieces[next_random(state) % 8];
        if (tidy && i + strlen(piece) + 1 < length) {
            memcpy(text + i, piece, strlen(piece));
            i += strlen(piece);
            text[i] = ",,,\n\r"[next_random(state) % 5];
        } else {
            text[i] = alphabet[next_random(state) % kinds];
        }
    }
    return length;
}

static void assert_same(const struct found *found, const struct found *expected)
{
    assert_int_equal(found->marks.row_count, expected->marks.row_count);
    assert_int_equal(found->marks.end_count, expected->marks.end_count);
    assert_int_equal(found->marks.break_count, expected->marks.break_count);
    assert_memory_equal(found->ends, expected->ends, expected->marks.end_count * sizeof *expected->ends);
    assert_memory_equal(found->rows, expected->rows, expected->marks.row_count * sizeof *expected->rows);
    assert_memory_equal(found->afters, expected->afters, expected->marks.row_count * sizeof *expected->afters);
    assert_memory_equal(found->breaks, expected->breaks, expected->marks.break_count * sizeof *expected->breaks);
}

static int64_t count_all(const struct split_method *method, const struct csv_format *format, const char *text, size_t length, int64_t *breaks)
{
    struct found found;
    size_t from = 0, open;
    int64_t count = 0;
    bool odd = true;

    *breaks = 0;
    for (bool more = true; more && from < length;) {
        int64_t inner;
        count += method->count(format, text, from, length, &from, &inner, &odd);
        *breaks += inner;
        found_init(&found);
        more = odd && split_row(format, text, from, length, false, &found.marks, &open);
        if (more) {
            from = found.afters[0];
            count++;
            *breaks += (int64_t)found.marks.break_count;
        }
    }
    return count;
}

static void all_methods_agree(void **state)
{
    struct csv_format formats[] = {standard, standard};
    struct found found, expected;
    unsigned random = 1;
    int tried[8] = {0};
    (void)state;

    formats[1].delimiter[0] = ';';
    formats[1].quote = formats[1].escape = -1;
    for (int round = 0; round < 20000; round++) {
        char text[LONGEST + SPLIT_PADDING];
        size_t length = random_text(&random, text);
        const struct csv_format *format = &formats[round % 8 == 0];
        memset(text + length, ",\"\n\r"[round % 4], SPLIT_PADDING); /* what stands behind the text does not count */
        read_all(NULL, format, text, length, &expected);
        for (size_t i = 0; split_method(i); i++) {
            int64_t breaks;
            if (!split_method(i)->possible())
                continue;
            tried[i]++;
            read_all(split_method(i), format, text, length, &found);
            assert_same(&found, &expected);
            assert_int_equal(count_all(split_method(i), format, text, length, &breaks), expected.marks.row_count);
            assert_int_equal(breaks, expected.marks.break_count);
        }
    }
    assert_true(tried[0] || tried[1]);
    assert_ptr_equal(split_choose(), split_method(tried[0] ? 0 : 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_by_the_rules),
        cmocka_unit_test(reads_other_formats),
        cmocka_unit_test(tells_where_the_line_breaks_within_quotes_are),
        cmocka_unit_test(all_methods_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
