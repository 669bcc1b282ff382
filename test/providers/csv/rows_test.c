/* Proves providers/csv/rows.c and file.c: the same rows whatever the pieces that the bytes come in, lines and numbers of rows, bounds, and
 * what is said of a quote that nothing closes. */
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
#include "providers/csv/rows.h"
#include "providers/csv/stream.h"

static const struct csv_format standard = {.delimiter = ",", .delimiter_length = 1, .quote = '"', .escape = '"', .longest_cell = CSV_LONGEST_CELL};

/* What rows_next yields, as "line:field|field;", or the error. */
static void trace(const struct csv_format *format, const char *text, size_t length, size_t each, struct buffer *out)
{
    struct csv_stream *stream;
    struct csv_rows rows;
    struct error err = {0};

    buffer_reset(out);
    assert_true(csv_memory_open(text, length, each, &stream, &err));
    assert_true(csv_rows_open(&rows, format, "t.csv", stream, &err));
    bool fine;
    while ((fine = csv_rows_next(&rows, &err)) && rows.row_count)
        for (size_t i = 0; i < rows.row_count; i++) {
            buffer_printf(out, "%lld:", (long long)csv_row_line(&rows, i));
            for (size_t j = 0; j < csv_row_fields(&rows, i); j++) {
                size_t size;
                const char *field = csv_row_field(&rows, i, j, &size);
                buffer_append_text(out, j ? "|" : "");
                buffer_append(out, field, size);
            }
            buffer_append_text(out, csv_row_blank(&rows, i) ? "-;" : ";");
        }
    if (!fine)
        buffer_printf(out, "%s %s", err.sqlstate, err.message);
    else
        assert_true(csv_rows_next(&rows, &err) && rows.row_count == 0);
    csv_rows_close(&rows);
}

static bool go_on(void *context, struct error *err)
{
    (void)context;
    (void)err;
    return false;
}

static bool stop(void *context, struct error *err)
{
    (void)context;
    error_set(err, "HY008", "stopped");
    return true;
}

static int64_t count(const struct csv_format *format, const char *text, size_t length, size_t each)
{
    struct csv_stream *stream;
    struct csv_rows rows;
    struct error err = {0};
    int64_t result = -1;

    assert_true(csv_memory_open(text, length, each, &stream, &err));
    assert_true(csv_rows_open(&rows, format, "t.csv", stream, &err));
    if (!csv_rows_count(&rows, go_on, NULL, &result, &err))
        result = -1;
    csv_rows_close(&rows);
    return result;
}

/* In one piece, byte by byte and in pieces of other lengths; by every method and none. */
static void assert_trace(const struct csv_format *format, const char *text, const char *expected)
{
    struct buffer out;
    size_t length = strlen(text);
    int64_t rows = 0;

    buffer_init(&out, 1 << 20);
    for (size_t each = 0; each <= length; each++) {
        trace(format, text, length, each, &out);
        assert_string_equal(buffer_text(&out), expected);
    }
    for (const char *at = expected; *at; at++)
        rows += *at == ';';
    if (!strstr(expected, "t.csv"))
        for (size_t each = 0; each <= length; each++)
            assert_int_equal(count(format, text, length, each), rows);
    else
        assert_int_equal(count(format, text, length, 1), -1);
    buffer_clear(&out);
}

static void yields_rows_with_their_lines(void **state)
{
    static const struct { const char *text, *expected; } cases[] = {
        {"", ""}, {"a", "1:a;"}, {"a,b\nc,d", "1:a|b;2:c|d;"}, {"a,b\r\nc,d\r\n", "1:a|b;2:c|d;"}, {"a\rb\r", "1:a;2:b;"},
        {"a\n\r\n\rb", "1:a;2:-;3:-;4:b;"}, {"\n", "1:-;"}, {",", "1:|;"}, {"a,\n", "1:a|;"},
        {"\"x\ny\",1\nb,2\n\"p\r\nq\rr\",3\nc", "1:\"x\ny\"|1;3:b|2;4:\"p\r\nq\rr\"|3;7:c;"},
        {"5\" x,\"y\nz\"\nb", "1:5\" x|\"y\nz\";3:b;"},
        {"a\nb,\"c", "1:a;22000 t.csv, line 2, position 3: the quote that is opened here is never closed"},
        {"\"\n\r\n\"\nb\n1,2,\"c\n\n", "1:\"\n\r\n\";4:b;22000 t.csv, line 5, position 5: the quote that is opened here is never closed"},
        {"x\"\n\"y\n\"", "1:x\";2:\"y\n\";"},
    };
    struct csv_format plain = standard;
    (void)state;

    plain.trim = true; /* byte by byte */
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_trace(&standard, cases[i].text, cases[i].expected);
        assert_trace(&plain, cases[i].text, cases[i].expected);
    }
}

static void passes_over_lines_at_the_top(void **state)
{
    struct csv_format format = standard;
    (void)state;

    format.skip_top = 2;
    assert_trace(&format, "it said \"so\r\n\r\na,b\r\nc,d\n", "3:a|b;4:c|d;");
    assert_trace(&format, "\"\r\ra", "3:a;");
    assert_trace(&format, "\n\n\n", "3:-;");
    assert_trace(&format, "one\n", "");
    assert_trace(&format, "one\n\"two", "");
    format.skip_top = 1;
    assert_trace(&format, "x\r\n\na", "2:-;3:a;");
}

static void numbers_rows_over_blocks(void **state)
{
    enum { ROWS = 100000 };
    struct buffer text;
    struct csv_stream *stream;
    struct csv_rows rows;
    struct error err = {0};
    int64_t seen = 0;
    int blocks = 0;
    (void)state;

    buffer_init(&text, 16 << 20);
    for (int i = 0; i < ROWS; i++)
        buffer_printf(&text, "%d,\"%d\n%d\"\n", i, i, i);
    assert_true(csv_memory_open(text.data, text.length, 0, &stream, &err));
    assert_true(csv_rows_open(&rows, &standard, "t.csv", stream, &err));
    while (csv_rows_next(&rows, &err) && rows.row_count) {
        blocks++;
        assert_int_equal(rows.number, seen);
        for (size_t i = 0; i < rows.row_count; i++, seen++) {
            size_t length;
            assert_int_equal(strtoll(csv_row_field(&rows, i, 0, &length), NULL, 10), seen);
        }
        assert_int_equal(csv_row_line(&rows, rows.row_count - 1), seen * 2 - 1);
    }
    assert_int_equal(seen, ROWS);
    assert_true(blocks > 4);
    csv_rows_close(&rows);
    assert_int_equal(count(&standard, text.data, text.length, 0), ROWS);
    assert_int_equal(count(&standard, text.data, text.length, 4099), ROWS);
    buffer_clear(&text);
}

static void holds_large_rows_and_refuses_larger_ones(void **state)
{
    enum { LARGE = 3 << 20 };
    struct csv_format format = standard;
    char *text = malloc(LARGE + 64);
    struct buffer out;
    (void)state;

    assert_non_null(text);
    memcpy(text, "a,b\n\"", 5);
    memset(text + 5, 'x', LARGE);
    strcpy(text + 5 + LARGE, "\"\nc\n");
    buffer_init(&out, 16 << 20);
    trace(&standard, text, strlen(text), 65536, &out);
    assert_int_equal(out.length, strlen("1:a|b;2:;3:c;") + LARGE + 2);
    buffer_clear(&out);
    free(text);

    /* A row has 64 MiB beside what one cell may have. */
    size_t length = 65 << 20;
    text = malloc(length);
    assert_non_null(text);
    memset(text, 'x', length);
    memcpy(text, "a,b\n1,\"", 7);
    format.longest_cell = 100;
    buffer_init(&out, 1 << 20);
    trace(&format, text, length, 0, &out);
    assert_string_equal(buffer_text(&out), "1:a|b;22001 t.csv, line 2: the row that begins here has a cell of more than 100 bytes, the most that "
                                           "MaxCellLength allows, with a quote that is not closed; is the QuoteCharacter right?");
    memset(text, 'y', 7);
    trace(&format, text, length, 0, &out);
    assert_string_equal(buffer_text(&out), "22001 t.csv, line 1: the row that begins here has a cell of more than 100 bytes, the most that "
                                           "MaxCellLength allows");
    assert_int_equal(count(&format, text, length, 0), -1);
    buffer_clear(&out);
    free(text);
}

static void counting_can_be_interrupted(void **state)
{
    struct csv_stream *stream;
    struct csv_rows rows;
    struct error err = {0};
    int64_t result;
    (void)state;

    assert_true(csv_memory_open("a\nb\n", 4, 0, &stream, &err));
    assert_true(csv_rows_open(&rows, &standard, "t.csv", stream, &err));
    assert_false(csv_rows_count(&rows, stop, NULL, &result, &err));
    assert_string_equal(err.sqlstate, "HY008");
    csv_rows_close(&rows);
}

static void reads_files(void **state)
{
    char path[] = "/tmp/restodbc-rows-XXXXXX";
    struct csv_stream *stream;
    struct error err = {0};
    char bytes[8];
    size_t got;
    int descriptor = mkstemp(path);
    (void)state;

    assert_true(descriptor >= 0 && write(descriptor, "abcde", 5) == 5 && close(descriptor) == 0);
    assert_true(csv_file_open(path, "x.csv", &stream, &err));
    assert_true(csv_stream_read(stream, bytes, 3, &got, &err) && got == 3 && memcmp(bytes, "abc", 3) == 0);
    assert_true(csv_stream_read(stream, bytes, 8, &got, &err) && got == 2 && memcmp(bytes, "de", 2) == 0);
    assert_true(csv_stream_read(stream, bytes, 8, &got, &err) && got == 0);
    csv_stream_close(stream);
    unlink(path);
    assert_false(csv_file_open(path, "x.csv", &stream, &err));
    assert_string_equal(err.message, "x.csv can not be read: No such file or directory");
    assert_false(csv_file_open("/tmp", "x.csv", &stream, &err));
    assert_string_equal(err.message, "x.csv can not be read: it is no file");
    assert_false(csv_file_open("/dev/null", "x.csv", &stream, &err));
    assert_true(mkfifo(path, 0600) == 0);
    assert_false(csv_file_open(path, "x.csv", &stream, &err)); /* and waits for nobody to write */
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(yields_rows_with_their_lines),
        cmocka_unit_test(passes_over_lines_at_the_top),
        cmocka_unit_test(numbers_rows_over_blocks),
        cmocka_unit_test(holds_large_rows_and_refuses_larger_ones),
        cmocka_unit_test(counting_can_be_interrupted),
        cmocka_unit_test(reads_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
