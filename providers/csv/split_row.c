#include <string.h>

#include "providers/csv/format.h"
#include "providers/csv/split.h"

enum place { PLACE_START, PLACE_BARE, PLACE_QUOTED, PLACE_CLOSED /* behind the quote that ended a quoted part */ };

bool split_fits(const struct csv_format *format)
{
    return format->delimiter_length == 1 && !format->trim && format->escape == format->quote
           && !strchr("\r\n", format->delimiter[0]) && format->delimiter[0] != (char)format->quote;
}

static bool is_delimiter(const struct csv_format *format, const char *bytes, size_t at, size_t to)
{
    size_t length = format->delimiter_length;
    return bytes[at] == format->delimiter[0] && to - at >= length && memcmp(bytes + at, format->delimiter, length) == 0;
}

static void end_row(struct csv_marks *marks, size_t end, size_t after)
{
    marks->ends[marks->end_count++] = (uint32_t)end;
    marks->afters[marks->row_count] = (uint32_t)after;
    marks->rows[marks->row_count++] = (uint32_t)marks->end_count;
}

/* A row whose fields have fixed widths: it ends where its line does. */
static bool split_line(const struct csv_format *format, const char *bytes, size_t from, size_t to, bool final, struct csv_marks *marks)
{
    size_t end = from, at = from;

    while (end < to && bytes[end] != '\n' && bytes[end] != '\r')
        end++;
    if (end == to && !final)
        return false;
    for (size_t i = 0; i < format->width_count; i++) {
        for (uint32_t left = format->widths[i]; left > 0 && at < end; left--)
            do
                at++;
            while (at < end && ((unsigned char)bytes[at] & 0xc0) == 0x80);
        if (i + 1 < format->width_count && at < end)
            marks->ends[marks->end_count++] = (uint32_t)at;
        else
            break;
    }
    end_row(marks, at, end < to ? split_after(bytes, end, to) : to);
    return true;
}

bool split_row(const struct csv_format *format, const char *bytes, size_t from, size_t to, bool final, struct csv_marks *marks, size_t *open)
{
    size_t ends = marks->end_count, breaks = marks->break_count, at = from;
    enum place place = PLACE_START;
    bool escaped = format->escape != format->quote;

    *open = to;
    if (format->delimiter_length == 0)
        return split_line(format, bytes, from, to, final, marks);
    for (; at < to; at++) {
        char byte = bytes[at];
        bool quote = format->quote >= 0 && byte == (char)format->quote;
        if (place == PLACE_QUOTED) {
            if (escaped && byte == (char)format->escape && at + 1 < to && (bytes[at + 1] == (char)format->quote || bytes[at + 1] == byte))
                at++;
            else if (quote)
                place = PLACE_CLOSED;
            else if (byte == '\r' || (byte == '\n' && bytes[at - 1] != '\r'))
                marks->breaks[marks->break_count++] = (uint32_t)at;
            continue;
        }
        if (byte == '\n' || byte == '\r')
            break;
        if (is_delimiter(format, bytes, at, to)) {
            marks->ends[marks->end_count++] = (uint32_t)at;
            at += format->delimiter_length - 1u;
            place = PLACE_START;
        } else if (quote && place != PLACE_BARE) {
            if (place == PLACE_START)
                *open = at;
            place = PLACE_QUOTED;
        } else if (place != PLACE_START || !format->trim || (byte != ' ' && byte != '\t')) {
            place = PLACE_BARE;
        }
    }
    if (at == to && (!final || place == PLACE_QUOTED)) {
        if (place != PLACE_QUOTED)
            *open = to;
        marks->end_count = ends;
        marks->break_count = breaks;
        return false;
    }
    *open = to;
    end_row(marks, at, at < to ? split_after(bytes, at, to) : to);
    return true;
}
