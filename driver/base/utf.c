#include "base/utf.h"

enum { REPLACEMENT = 0xFFFD };

/* Bytes of the sequence that a lead byte announces and the range its second byte must have
 * (Unicode 15, table 3-7); 0 for a byte that can not lead. */
static unsigned sequence_length(unsigned char lead, unsigned char *low, unsigned char *high)
{
    *low = 0x80;
    *high = 0xBF;
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead <= 0xDF)
        return 2;
    if (lead >= 0xE0 && lead <= 0xEF) {
        if (lead == 0xE0)
            *low = 0xA0;
        if (lead == 0xED)
            *high = 0x9F;
        return 3;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        if (lead == 0xF0)
            *low = 0x90;
        if (lead == 0xF4)
            *high = 0x8F;
        return 4;
    }
    return 0;
}

/* Reads one sequence: its length, or 0 when malformed with *subpart = bytes of the maximal subpart. */
static unsigned read_sequence(const char *text, size_t length, uint32_t *character, unsigned *subpart)
{
    static const unsigned char lead_bits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    const unsigned char *bytes = (const unsigned char *)text;
    unsigned char low, high;
    unsigned wanted = sequence_length(bytes[0], &low, &high);

    *subpart = 1;
    if (!wanted)
        return 0;
    *character = bytes[0] & lead_bits[wanted];
    for (unsigned i = 1; i < wanted; i++) {
        if (i >= length || bytes[i] < low || bytes[i] > high)
            return 0;
        *character = *character << 6 | (bytes[i] & 0x3Fu);
        *subpart = i + 1;
        low = 0x80;
        high = 0xBF;
    }
    return wanted;
}

size_t utf8_whole(const char *text, size_t length)
{
    for (size_t back = 1; back <= 3 && back <= length; back++) {
        unsigned char byte = (unsigned char)text[length - back];
        if ((byte & 0xC0) == 0x80)
            continue;
        unsigned char low, high;
        return sequence_length(byte, &low, &high) > back ? length - back : length;
    }
    return length;
}

bool utf8_valid(const char *text, size_t length, size_t *offset)
{
    for (size_t at = 0; at < length;) {
        uint32_t character;
        unsigned subpart;
        unsigned used = read_sequence(text + at, length - at, &character, &subpart);
        if (!used) {
            if (offset)
                *offset = at;
            return false;
        }
        at += used;
    }
    return true;
}

uint32_t utf8_next(const char *text, size_t length, size_t *at)
{
    uint32_t character;
    unsigned subpart;
    unsigned used = read_sequence(text + *at, length - *at, &character, &subpart);
    *at += used ? used : subpart;
    return used ? character : REPLACEMENT;
}

size_t utf8_put(char *out, uint32_t character)
{
    if (character > 0x10FFFF || (character >= 0xD800 && character <= 0xDFFF))
        character = REPLACEMENT;
    if (character < 0x80) {
        out[0] = (char)character;
        return 1;
    }
    if (character < 0x800) {
        out[0] = (char)(0xC0 | character >> 6);
        out[1] = (char)(0x80 | (character & 0x3F));
        return 2;
    }
    if (character < 0x10000) {
        out[0] = (char)(0xE0 | character >> 12);
        out[1] = (char)(0x80 | (character >> 6 & 0x3F));
        out[2] = (char)(0x80 | (character & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | character >> 18);
    out[1] = (char)(0x80 | (character >> 12 & 0x3F));
    out[2] = (char)(0x80 | (character >> 6 & 0x3F));
    out[3] = (char)(0x80 | (character & 0x3F));
    return 4;
}

size_t utf8_count(const char *text, size_t length)
{
    size_t count = 0;
    for (size_t at = 0; at < length; count++)
        utf8_next(text, length, &at);
    return count;
}

size_t utf16_units(const char *text, size_t length)
{
    size_t units = 0;
    for (size_t at = 0; at < length;)
        units += utf8_next(text, length, &at) > 0xFFFF ? 2 : 1;
    return units;
}

size_t utf8_to_utf16(const char *text, size_t length, uint16_t *out, size_t room, size_t *used)
{
    size_t at = 0, units = 0;
    while (at < length) {
        size_t next = at;
        uint32_t character = utf8_next(text, length, &next);
        size_t needed = character > 0xFFFF ? 2 : 1;
        if (room - units < needed)
            break;
        if (needed == 1) {
            out[units++] = (uint16_t)character;
        } else {
            out[units++] = (uint16_t)(0xD800 + ((character - 0x10000) >> 10));
            out[units++] = (uint16_t)(0xDC00 + ((character - 0x10000) & 0x3FF));
        }
        at = next;
    }
    if (used)
        *used = at;
    return units;
}

static uint32_t utf16_next(const uint16_t *text, size_t units, size_t *at)
{
    uint32_t first = text[(*at)++];
    if (first < 0xD800 || first > 0xDFFF)
        return first;
    if (first > 0xDBFF || *at >= units || text[*at] < 0xDC00 || text[*at] > 0xDFFF)
        return REPLACEMENT;
    return 0x10000 + ((first - 0xD800) << 10) + (text[(*at)++] - 0xDC00u);
}

size_t utf16_bytes(const uint16_t *text, size_t units)
{
    char scratch[4];
    size_t bytes = 0;
    for (size_t at = 0; at < units;)
        bytes += utf8_put(scratch, utf16_next(text, units, &at));
    return bytes;
}

size_t utf16_to_utf8(const uint16_t *text, size_t units, char *out)
{
    size_t bytes = 0;
    for (size_t at = 0; at < units;)
        bytes += utf8_put(out + bytes, utf16_next(text, units, &at));
    return bytes;
}
