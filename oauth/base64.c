/* Base64 in its two alphabets (RFC 4648). */
#include "oauth/base64.h"

#include <stdint.h>
#include <string.h>

#include "base/buffer.h"

#define LETTERS_AND_DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
static const char standard[] = LETTERS_AND_DIGITS "+/";
static const char for_urls[] = LETTERS_AND_DIGITS "-_";

static bool encode(struct buffer *out, const unsigned char *bytes, size_t length, const char *alphabet, bool padded)
{
    for (size_t i = 0; i < length; i += 3) {
        size_t left = length - i < 3 ? length - i : 3;
        uint32_t group = (uint32_t)bytes[i] << 16;
        if (left > 1)
            group |= (uint32_t)bytes[i + 1] << 8;
        if (left > 2)
            group |= bytes[i + 2];
        char text[4] = {alphabet[group >> 18], alphabet[group >> 12 & 63], alphabet[group >> 6 & 63], alphabet[group & 63]};
        for (size_t j = left + 1; j < 4; j++)
            text[j] = '=';
        buffer_append(out, text, padded ? 4 : left + 1);
    }
    return !out->failed;
}

bool base64_encode(struct buffer *out, const void *bytes, size_t length)
{
    return encode(out, bytes, length, standard, true);
}

bool base64url_encode(struct buffer *out, const void *bytes, size_t length)
{
    return encode(out, bytes, length, for_urls, false);
}

bool base64_decode(const char *text, unsigned char *out, size_t room, size_t *length)
{
    size_t characters = strlen(text);
    size_t padding = 0;

    if (characters % 4)
        return false;
    while (padding < 2 && padding < characters && text[characters - 1 - padding] == '=')
        padding++;
    *length = characters / 4 * 3 - padding;
    if (*length > room)
        return false;

    uint32_t group = 0;
    size_t written = 0;
    for (size_t i = 0; i < characters; i++) {
        const char *found = i < characters - padding && text[i] ? strchr(standard, text[i]) : standard; /* '=' counts as zero */
        if (!found)
            return false;
        group = group << 6 | (uint32_t)(found - standard);
        if (i % 4 < 3)
            continue;
        for (int shift = 16; shift >= 0; shift -= 8) {
            unsigned char byte = (unsigned char)(group >> shift & 255);
            if (written < *length)
                out[written++] = byte;
            else if (byte)
                return false;
        }
        group = 0;
    }
    return true;
}
