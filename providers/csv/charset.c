#include "providers/csv/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/name.h"
#include "providers/csv/stream.h"

enum { PIECE = 64 << 10, LONGEST_MARK = 4, NOT_OPEN = -1 };

struct text {
    struct csv_stream stream;
    struct csv_stream *inner;
    const char *charset, *name;
    iconv_t converter;            /* (iconv_t)NOT_OPEN: the bytes are UTF-8 as they are */
    bool looked;                  /* at the start, for a mark */
    bool ended;                   /* the inner stream */
    size_t start, length;         /* of what is left in `bytes` */
    int64_t offset;               /* in the file, of that */
    char bytes[PIECE];
};

static bool is_utf8(const char *charset)
{
    return name_equal(charset, "UTF-8") || name_equal(charset, "UTF8") || name_equal(charset, "US-ASCII") || name_equal(charset, "ASCII");
}

bool csv_charset_known(const char *charset)
{
    if (!*charset) /* which iconv takes for that of the locale */
        return false;
    iconv_t converter = iconv_open("UTF-8", charset);
    if (converter == (iconv_t)NOT_OPEN)
        return false;
    iconv_close(converter);
    return true;
}

static bool fill(struct text *text, struct error *err)
{
    size_t got;

    if (text->start && text->length)
        memmove(text->bytes, text->bytes + text->start, text->length);
    text->start = 0;
    if (text->ended || text->length == PIECE)
        return true;
    if (!csv_stream_read(text->inner, text->bytes + text->length, PIECE - text->length, &got, err))
        return false;
    text->ended = got == 0;
    text->length += got;
    return true;
}

static bool start_converter(struct text *text, const char *charset, struct error *err)
{
    if (is_utf8(charset))
        return true;
    text->converter = iconv_open("UTF-8", charset);
    if (text->converter != (iconv_t)NOT_OPEN)
        return true;
    return errno == ENOMEM ? error_memory(err) : error_set(err, "HY000", "%s: the character set %.60s is not known here", text->name, charset);
}

/* UTF-32's mark begins like UTF-16's, and so stands before it. */
static bool look_at_start(struct text *text, struct error *err)
{
    static const struct { const char *charset, *mark; size_t length; } marks[] = {
        {"UTF-8", "\xEF\xBB\xBF", 3}, {"UTF-32LE", "\xFF\xFE\0\0", 4}, {"UTF-32BE", "\0\0\xFE\xFF", 4}, {"UTF-16LE", "\xFF\xFE", 2}, {"UTF-16BE", "\xFE\xFF", 2},
    };
    const char *charset = text->charset;

    while (!text->ended && text->length < LONGEST_MARK)
        if (!fill(text, err))
            return false;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (text->length >= marks[i].length && memcmp(text->bytes, marks[i].mark, marks[i].length) == 0) {
            charset = marks[i].charset;
            text->start = marks[i].length;
            text->length -= text->start;
            text->offset = (int64_t)text->start;
            break;
        }
    if (text->start == 0 && text->length >= 2 && is_utf8(charset) && !text->bytes[0] != !text->bytes[1])
        charset = text->bytes[0] ? "UTF-16LE" : "UTF-16BE"; /* no text has a NUL there otherwise */
    text->looked = true;
    return start_converter(text, charset, err);
}

static bool bad_text(const struct text *text, struct error *err)
{
    return error_set(err, "22018", "%s, byte %lld: the text can not be read in its character set; is the Charset %s right?", text->name,
                     (long long)text->offset + 1, text->charset);
}

static bool convert(struct text *text, char *out, size_t room, size_t *got, struct error *err)
{
    for (;;) {
        char *from = text->bytes + text->start;
        size_t left = room;
        size_t before = text->length;
        *got = 0;
        size_t result = text->length ? iconv(text->converter, &from, &text->length, &out, &left) : 0;
        int why = result == (size_t)-1 ? errno : 0;
        text->start += before - text->length;
        text->offset += (int64_t)(before - text->length);
        *got = room - left;
        if (why == EILSEQ && *got == 0)
            return bad_text(text, err);
        if (*got || (text->ended && text->length == 0))
            return true;
        if (why == E2BIG)
            return error_set(err, "HY000", "%s: there is no room to convert one character; please report this", text->name);
        if (text->ended)
            return bad_text(text, err); /* half a character at the end */
        if (!fill(text, err))
            return false;
    }
}

static bool text_read(struct csv_stream *stream, char *out, size_t room, size_t *got, struct error *err)
{
    struct text *text = (struct text *)stream;

    if (!text->looked && !look_at_start(text, err))
        return false;
    if (text->converter != (iconv_t)NOT_OPEN)
        return convert(text, out, room, got, err);
    if (text->length == 0)
        return csv_stream_read(text->inner, out, room, got, err);
    *got = text->length < room ? text->length : room;
    memcpy(out, text->bytes + text->start, *got);
    text->start += *got;
    text->length -= *got;
    return true;
}

static void text_close(struct csv_stream *stream)
{
    struct text *text = (struct text *)stream;

    if (text->converter != (iconv_t)NOT_OPEN)
        iconv_close(text->converter);
    csv_stream_close(text->inner);
    free(text);
}

bool csv_charset_open(struct csv_stream *inner, const char *charset, const char *name, struct csv_stream **stream, struct error *err)
{
    struct text *text = malloc(sizeof *text);

    if (!text) {
        csv_stream_close(inner);
        return error_memory(err);
    }
    text->stream = (struct csv_stream){text_read, text_close, NULL};
    text->inner = inner;
    text->charset = charset;
    text->name = name;
    text->converter = (iconv_t)NOT_OPEN;
    text->looked = text->ended = false;
    text->start = text->length = 0;
    text->offset = 0;
    *stream = &text->stream;
    return true;
}
