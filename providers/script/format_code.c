/* Formatters that encode, decode and digest. */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/utf.h"
#include "http/url.h"
#include "oauth/base64.h"
#include "oauth/digest.h"
#include "providers/script/formatter.h"

typedef const struct formatter self;

static bool apply_url(self *s, struct formatting *f, struct error *err)
{
    if (s->which)
        return url_encode(f->out, f->value, strlen(f->value)) || error_memory(err);
    return url_decode(f->out, f->value, strlen(f->value), true) || formatter_refuse(s, err, "can not decode \"%.60s\"", f->value);
}

static const struct { const char *name, *text; } entities[] = {
    {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&apos;", "'"}, {"&#39;", "'"}, {"&nbsp;", "\xC2\xA0"},
};

static bool encode_markup(struct formatting *f)
{
    for (const char *c = f->value; *c; c++) {
        const char *name = NULL;
        for (size_t i = 0; i < 5 && !name; i++)
            if (*c == *entities[i].text)
                name = entities[i].name;
        if (name)
            buffer_append_text(f->out, name);
        else
            buffer_append_char(f->out, *c);
    }
    return true;
}

/* Appends a character. False where there is none of that number. */
static bool put_character(struct buffer *out, unsigned long code)
{
    if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
        return false;
    if (code < 0x80)
        return buffer_append_char(out, (char)code);
    if (code >= 0x10000) {
        buffer_append_char(out, (char)(0xF0 | (code >> 18)));
        buffer_append_char(out, (char)(0x80 | (code >> 12 & 0x3F)));
    } else if (code >= 0x800) {
        buffer_append_char(out, (char)(0xE0 | (code >> 12)));
    }
    buffer_append_char(out, code >= 0x800 ? (char)(0x80 | (code >> 6 & 0x3F)) : (char)(0xC0 | (code >> 6)));
    return buffer_append_char(out, (char)(0x80 | (code & 0x3F)));
}

/* What is no entity stays as it is. */
static bool decode_markup(struct formatting *f)
{
    for (const char *c = f->value; *c;) {
        size_t length = 0;
        char *end;
        for (size_t i = 0; *c == '&' && !length && i < sizeof entities / sizeof entities[0]; i++)
            if (strncmp(c, entities[i].name, strlen(entities[i].name)) == 0) {
                buffer_append_text(f->out, entities[i].text);
                length = strlen(entities[i].name);
            }
        if (!length && c[0] == '&' && c[1] == '#') {
            bool hex = c[2] == 'x' || c[2] == 'X';
            unsigned long code = strtoul(c + 2 + hex, &end, hex ? 16 : 10);
            if (*end == ';' && put_character(f->out, code))
                length = (size_t)(end + 1 - c);
        }
        if (!length)
            buffer_append_char(f->out, *c++);
        c += length;
    }
    return true;
}

static bool apply_markup(self *s, struct formatting *f, struct error *err)
{
    (void)err;
    return s->which ? encode_markup(f) : decode_markup(f);
}

/* The inside of a JSON string. */
static void put_json(struct formatting *f)
{
    for (const unsigned char *c = (const unsigned char *)f->value; *c; c++) {
        if (*c == '"' || *c == '\\')
            buffer_printf(f->out, "\\%c", *c);
        else if (*c == '\n')
            buffer_append_text(f->out, "\\n");
        else if (*c == '\r')
            buffer_append_text(f->out, "\\r");
        else if (*c == '\t')
            buffer_append_text(f->out, "\\t");
        else if (*c < 0x20)
            buffer_printf(f->out, "\\u%04x", *c);
        else
            buffer_append_char(f->out, (char)*c);
    }
}

static bool apply_json(self *s, struct formatting *f, struct error *err)
{
    (void)err;
    buffer_append_text(f->out, s->which ? "\"" : "");
    put_json(f);
    buffer_append_text(f->out, s->which ? "\"" : "");
    return true;
}

/* Bytes become a value only where they are a text. */
static bool put_bytes(self *s, struct formatting *f, const unsigned char *bytes, size_t length, struct error *err)
{
    if (memchr(bytes, '\0', length) || utf8_whole((const char *)bytes, length) != length)
        return formatter_refuse(s, err, "decodes to bytes that are no text");
    buffer_append(f->out, bytes, length);
    return true;
}

static bool apply_base64(self *s, struct formatting *f, struct error *err)
{
    size_t length = strlen(f->value);

    if (s->which)
        return base64_encode(f->out, f->value, length) || error_memory(err);
    unsigned char *bytes = malloc(length + 1);
    if (!bytes)
        return error_memory(err);
    size_t decoded;
    bool done = base64_decode(f->value, bytes, length, &decoded) || formatter_refuse(s, err, "can not decode \"%.60s\"", f->value);
    done = done && put_bytes(s, f, bytes, decoded, err);
    free(bytes);
    return done;
}

static void put_hex(struct buffer *out, const unsigned char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        buffer_printf(out, "%02x", bytes[i]);
}

static int digit(char c)
{
    const char *digits = "0123456789abcdef", *found = c ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;
    return found ? (int)(found - digits) : -1;
}

static bool apply_hex(self *s, struct formatting *f, struct error *err)
{
    size_t length = strlen(f->value);

    if (s->which) {
        put_hex(f->out, (const unsigned char *)f->value, length);
        return true;
    }
    unsigned char *bytes = malloc(length / 2 + 1);
    bool done = bytes || error_memory(err);
    if (done && length % 2)
        done = formatter_refuse(s, err, "can not decode \"%.60s\"", f->value);
    for (size_t i = 0; done && i < length / 2; i++) {
        int high = digit(f->value[2 * i]), low = digit(f->value[2 * i + 1]);
        if (high < 0 || low < 0)
            done = formatter_refuse(s, err, "can not decode \"%.60s\"", f->value);
        else
            bytes[i] = (unsigned char)(high * 16 + low);
    }
    done = done && put_bytes(s, f, bytes, length / 2, err);
    free(bytes);
    return done;
}

enum { KEYED = 16 };

/* (key,) form: hex, which is the standard, or base64. */
static bool apply_digest(self *s, struct formatting *f, struct error *err)
{
    bool keyed = s->which & KEYED;
    const char *form = formatter_argument(f, keyed ? 1 : 0, "hex");
    unsigned char digest[DIGEST_LARGEST];
    size_t length;

    if (!digest_text((enum digest)(s->which & ~KEYED), keyed ? f->arguments[0] : NULL, f->value, digest, &length))
        return formatter_refuse(s, err, "is not to be had from OpenSSL");
    if (strcmp(form, "base64") == 0)
        return base64_encode(f->out, digest, length) || error_memory(err);
    put_hex(f->out, digest, length);
    return true;
}

static bool apply_quotes(self *s, struct formatting *f, struct error *err)
{
    (void)s, (void)err;
    for (const char *c = f->value; *c; c++) {
        buffer_append_text(f->out, *c == '\'' ? "'" : "");
        buffer_append_char(f->out, *c);
    }
    return true;
}

static bool apply_cdata(self *s, struct formatting *f, struct error *err)
{
    const char *at = f->value;
    (void)s, (void)err;

    buffer_append_text(f->out, "<![CDATA[");
    for (const char *end; (end = strstr(at, "]]>")); at = end + 3) {
        buffer_append(f->out, at, (size_t)(end - at));
        buffer_append_text(f->out, "]]]]><![CDATA[>");
    }
    buffer_append_text(f->out, at);
    return buffer_append_text(f->out, "]]>");
}

static const struct formatter formatters[] = {
    {"urlencode", 0, 0, apply_url, 1},
    {"urldecode", 0, 0, apply_url, 0},
    {"xmlencode", 0, 0, apply_markup, 1},
    {"xmldecode", 0, 0, apply_markup, 0},
    {"htmlencode", 0, 0, apply_markup, 1},
    {"htmldecode", 0, 0, apply_markup, 0},
    {"sanitize", 0, 0, apply_markup, 1},
    {"jsonescape", 0, 0, apply_json, 0},
    {"tojson", 0, 0, apply_json, 1},
    {"base64encode", 0, 0, apply_base64, 1},
    {"base64decode", 0, 0, apply_base64, 0},
    {"hexencode", 0, 0, apply_hex, 1},
    {"hexdecode", 0, 0, apply_hex, 0},
    {"md5hash", 0, 1, apply_digest, DIGEST_MD5},
    {"sha1hash", 0, 1, apply_digest, DIGEST_SHA1},
    {"sha256hash", 0, 1, apply_digest, DIGEST_SHA256},
    {"sha512hash", 0, 1, apply_digest, DIGEST_SHA512},
    {"hmacmd5", 1, 2, apply_digest, DIGEST_MD5 | KEYED},
    {"hmacsha1", 1, 2, apply_digest, DIGEST_SHA1 | KEYED},
    {"hmacsha256", 1, 2, apply_digest, DIGEST_SHA256 | KEYED},
    {"hmacsha512", 1, 2, apply_digest, DIGEST_SHA512 | KEYED},
    {"sqlescape", 0, 0, apply_quotes, 0},
    {"cdata", 0, 0, apply_cdata, 0},
};

const struct formatter_family formatters_of_codes = {formatters, sizeof formatters / sizeof formatters[0]};
