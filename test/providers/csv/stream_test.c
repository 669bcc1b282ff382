/* Proves providers/csv/charset.c and unpack.c: the same text whatever its character set and packing, in pieces of any size, and what is said of
 * bytes that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <archive.h>
#include <archive_entry.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "base/error.h"
#include "providers/csv/charset.h"
#include "providers/csv/stream.h"
#include "providers/csv/unpack.h"

enum { MOST = 1 << 20 };

/* Reads all of a stream, which comes in pieces of at most `room` bytes, and closes it. */
static bool read_all(struct csv_stream *stream, size_t room, struct buffer *out, struct error *err)
{
    char piece[512];
    size_t got;
    bool fine;

    buffer_reset(out);
    do {
        fine = csv_stream_read(stream, piece, room, &got, err);
        assert_true(!fine || got <= room);
        if (fine)
            buffer_append(out, piece, got);
    } while (fine && got);
    csv_stream_close(stream);
    return fine;
}

static bool decode(const char *bytes, size_t length, size_t each, const char *charset, size_t room, struct buffer *out, struct error *err)
{
    struct csv_stream *inner, *stream;

    assert_true(csv_memory_open(bytes, length, each, &inner, err));
    return csv_charset_open(inner, charset, "t.csv", &stream, err) && read_all(stream, room, out, err);
}

#define BYTES(text) text, sizeof text - 1

static void character_sets(void **state)
{
    static const struct { const char *bytes; size_t length; const char *charset, *text; } cases[] = {
        {BYTES("a\xC3\xA4"), "UTF-8", "a\u00e4"}, {BYTES("\xEF\xBB\xBF" "a"), "UTF-8", "a"}, {BYTES("\xEF\xBB\xBF" "a"), "windows-1252", "a"},
        {BYTES("a\xE4\x80"), "windows-1252", "a\u00e4\u20ac"}, {BYTES("a\0\xE4\0"), "UTF-16LE", "a\u00e4"}, {BYTES("\xFF\xFE" "a\0\xE4\0"), "UTF-8", "a\u00e4"},
        {BYTES("\xFE\xFF\0a\0\xE4"), "UTF-8", "a\u00e4"}, {BYTES("a\0b\0"), "UTF-8", "ab"}, {BYTES("\0a\0b"), "UTF-8", "ab"},
        {BYTES("\xFF\xFE\0\0a\0\0\0"), "UTF-8", "a"}, {BYTES("\0\0\xFE\xFF\0\0\0a"), "UTF-8", "a"}, {BYTES("\xFF\xFE\x34\xD8\x1E\xDD"), "UTF-8", "\U0001D11E"},
        {BYTES(""), "UTF-8", ""}, {BYTES(""), "UTF-16LE", ""}, {BYTES("\xEF\xBB\xBF"), "UTF-8", ""}, {BYTES("x"), "UTF-8", "x"},
    };
    struct buffer out;
    (void)state;

    buffer_init(&out, MOST);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (size_t each = 0; each < 6; each++)
            for (size_t room = 8; room < 400; room *= 5) {
                struct error err = {0};
                assert_true(decode(cases[i].bytes, cases[i].length, each, cases[i].charset, room, &out, &err));
                assert_int_equal(out.length, strlen(cases[i].text));
                assert_memory_equal(buffer_text(&out), cases[i].text, out.length);
            }
    struct error err = {0};
    assert_false(decode(BYTES("ab\x81"), 1, "SHIFT_JIS", 100, &out, &err)); /* half a character */
    assert_string_equal(err.sqlstate, "22018");
    assert_non_null(strstr(err.message, "t.csv, byte 3"));
    assert_false(decode(BYTES("a\0\0\xD8" "b\0"), 0, "UTF-16LE", 100, &out, &err));
    assert_string_equal(err.sqlstate, "22018");
    assert_true(csv_charset_known("windows-1252"));
    assert_false(csv_charset_known("no-such"));
    assert_false(csv_charset_known(""));
    buffer_clear(&out);
}

/* An archive, or one packed file, made by libarchive. */
static size_t pack(bool zip, int filter, const char *const texts[][2], size_t count, char *out, size_t room)
{
    struct archive *archive = archive_write_new();
    size_t used = 0;

    assert_int_equal(archive_write_add_filter(archive, filter), ARCHIVE_OK);
    if (zip)
        archive_write_set_format_zip(archive);
    else
        archive_write_set_format_raw(archive);
    assert_int_equal(archive_write_open_memory(archive, out, room, &used), ARCHIVE_OK);
    for (size_t i = 0; i < count; i++) {
        struct archive_entry *entry = archive_entry_new();
        archive_entry_set_pathname(entry, texts[i][0]);
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_size(entry, (la_int64_t)strlen(texts[i][1]));
        assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
        archive_write_data(archive, texts[i][1], strlen(texts[i][1]));
        archive_entry_free(entry);
    }
    archive_write_free(archive);
    return used;
}

static bool unpack(const char *bytes, size_t length, size_t each, struct buffer *out, struct error *err)
{
    struct csv_stream *inner, *stream;

    assert_true(csv_memory_open(bytes, length, each, &inner, err));
    return csv_unpack_open(inner, "t.csv", &stream, err) && read_all(stream, 300, out, err);
}

static void packed_files(void **state)
{
    static const int filters[] = {ARCHIVE_FILTER_NONE, ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_ZSTD};
    char *text = malloc(60001), *bytes = malloc(MOST);
    struct buffer out;
    struct error err = {0};
    (void)state;

    buffer_init(&out, MOST);
    for (size_t i = 0; i < 60000; i++)
        text[i] = (char)('a' + (i * i + i / 7) % 26);
    text[60000] = '\0';
    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++) {
        size_t length = pack(false, filters[i], (const char *const[][2]){{"data", text}}, 1, bytes, MOST);
        for (size_t each = 0; each <= 1000; each += 333) {
            assert_true(unpack(bytes, length, each, &out, &err));
            assert_int_equal(out.length, 60000);
            assert_memory_equal(buffer_text(&out), text, 60000);
        }
        if (filters[i] != ARCHIVE_FILTER_NONE) {
            assert_false(unpack(bytes, length / 2, 0, &out, &err)); /* it breaks off */
            assert_string_equal(err.sqlstate, "HY000");
            assert_non_null(strstr(err.message, "t.csv can not be unpacked"));
            err = (struct error){0};
        }
        length = pack(false, filters[i], (const char *const[][2]){{"data", ""}}, 1, bytes, MOST);
        assert_true(unpack(bytes, length, 0, &out, &err));
        assert_int_equal(out.length, 0);
    }
    assert_true(unpack("ab", 2, 1, &out, &err)); /* too short to be packed */
    assert_string_equal(buffer_text(&out), "ab");
    free(text);
    free(bytes);
    buffer_clear(&out);
}

static bool tell(void *context, const char *entry, struct error *err)
{
    struct buffer *names = context;
    (void)err;
    return buffer_printf(names, "%s;", entry);
}

static void archives(void **state)
{
    static const char *const files[][2] = {{"a.csv", "one"}, {"dir/b.csv", "two"}, {"empty.csv", ""}};
    char *bytes = malloc(MOST);
    struct csv_stream *inner, *stream;
    struct buffer out;
    struct error err = {0};
    (void)state;

    buffer_init(&out, MOST);
    size_t length = pack(true, ARCHIVE_FILTER_NONE, files, 3, bytes, MOST);
    assert_true(csv_memory_open(bytes, length, 7, &inner, &err));
    assert_true(csv_entries_tell(inner, "t.zip", tell, &out, &err));
    assert_string_equal(buffer_text(&out), "a.csv;dir/b.csv;empty.csv;");
    for (size_t i = 0; i < 3; i++) {
        assert_true(csv_memory_open(bytes, length, 0, &inner, &err) && csv_entry_open(inner, "t.zip", files[i][0], &stream, &err));
        assert_true(read_all(stream, 100, &out, &err));
        assert_string_equal(buffer_text(&out), files[i][1]);
    }
    assert_true(csv_memory_open(bytes, length, 0, &inner, &err));
    assert_false(csv_entry_open(inner, "t.zip", "c.csv", &stream, &err));
    assert_non_null(strstr(err.message, "c.csv"));
    assert_true(csv_memory_open("no archive at all", 17, 0, &inner, &err));
    assert_false(csv_entries_tell(inner, "t.zip", tell, &out, &err));
    assert_non_null(strstr(err.message, "t.zip"));
    free(bytes);
    buffer_clear(&out);
}

static void names(void **state)
{
    (void)state;
    assert_true(csv_is_archive("a.ZIP"));
    assert_true(csv_is_archive("dir/a.tar.gz"));
    assert_false(csv_is_archive("a.csv.gz"));
    assert_false(csv_is_archive(".zip"));
    assert_int_equal(csv_without_packing("a.csv.gz"), 5);
    assert_int_equal(csv_without_packing("a.csv.ZST"), 5);
    assert_int_equal(csv_without_packing("a.csv"), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(character_sets), cmocka_unit_test(packed_files), cmocka_unit_test(archives), cmocka_unit_test(names)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
