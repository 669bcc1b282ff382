#include "providers/csv/s3.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <limits.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/property.h"
#include "http/client.h"
#include "http/url.h"
#include "providers/xml_handlers.h"

enum { LONGEST_ADDRESS = 16 << 10 };

struct csv_s3 {
    struct http_signer signer;
    const char *key, *secret, *scope;
    const char *bucket;               /* its address, with '/' at the end */
    const char *folder;               /* "" or ends with '/' */
};

static const char no_body[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"; /* SHA-256 of nothing */

static bool sign(struct http_signer *signer, struct http_exchange *exchange, struct http_lane *lane, struct cancel *cancel, struct error *err)
{
    const struct csv_s3 *s3 = (const struct csv_s3 *)signer;
    (void)lane;
    (void)cancel;

    return http_exchange_header(exchange, "x-amz-content-sha256", no_body, err)
           && http_exchange_sign_aws(exchange, s3->scope, s3->key, s3->secret, err);
}

/* There is no other key to try. */
static bool refused(struct http_signer *signer, const struct http_response *response, struct http_lane *lane, bool *again, struct cancel *cancel,
                    struct error *err)
{
    (void)signer;
    (void)response;
    (void)lane;
    (void)cancel;
    (void)err;
    *again = false;
    return true;
}

/* --- addresses --- */

static void append_key(struct buffer *out, const char *key)
{
    while (*key) {
        size_t length = strcspn(key, "/");
        url_encode(out, key, length);
        key += length;
        if (*key)
            buffer_append_char(out, *key++);
    }
}

/* A name with a point in it is no host of Amazon's certificate. */
static const char *bucket_address(const char *bucket, size_t length, const struct properties *properties, struct arena *arena)
{
    const char *base = properties_text(properties, PROPERTY_STORAGE_BASE_URL), *region = properties_text(properties, PROPERTY_AWS_REGION);

    if (base && *base) {
        size_t end = strlen(base);
        while (end && base[end - 1] == '/')
            end--;
        return arena_printf(arena, "%.*s/%.*s/", (int)end, base, (int)length, bucket);
    }
    if (memchr(bucket, '.', length))
        return arena_printf(arena, "https://s3.%s.amazonaws.com/%.*s/", region, (int)length, bucket);
    return arena_printf(arena, "https://%.*s.s3.%s.amazonaws.com/", (int)length, bucket, region);
}

static bool read_key(struct csv_s3 *s3, const struct properties *properties, struct arena *arena, struct error *err)
{
    const char *key = properties_text(properties, PROPERTY_ACCESS_KEY), *secret = properties_text(properties, PROPERTY_SECRET_KEY);

    if (!key || !*key)
        return !(secret && *secret) || error_set(err, "HY000", "SecretKey is set, but AccessKey is not");
    if (!secret || !*secret)
        return error_set(err, "HY000", "AccessKey is set, but SecretKey is not");
    s3->key = key;
    s3->secret = secret;
    s3->scope = arena_printf(arena, "aws:amz:%s:s3", properties_text(properties, PROPERTY_AWS_REGION));
    return s3->scope || error_memory(err);
}

bool csv_s3_open(const char *uri, const struct properties *properties, struct arena *arena, struct csv_s3 **result, const char **address,
                 struct error *err)
{
    struct csv_s3 *s3 = arena_alloc(arena, sizeof *s3);
    const char *bucket = uri + 5, *key;
    size_t length = strcspn(bucket, "/");
    struct buffer text;

    if (!s3)
        return error_memory(err);
    if (length == 0 || strcspn(bucket, "?#@:% ") < length)
        return error_set(err, "HY000", "URI=%.200s names no bucket: write s3://bucket/folder/file", uri);
    *s3 = (struct csv_s3){.signer = {.sign = sign, .refused = refused}};
    key = bucket + length + strspn(bucket + length, "/");
    const char *last = strrchr(key, '/') ? strrchr(key, '/') + 1 : key;
    bool folder = !strchr(last, '.');
    s3->folder = !folder ? "" : arena_printf(arena, "%s%s", key, *last ? "/" : "");
    s3->bucket = bucket_address(bucket, length, properties, arena);
    if (!s3->folder || !s3->bucket)
        return error_memory(err);
    buffer_init(&text, LONGEST_ADDRESS);
    buffer_append_text(&text, s3->bucket);
    append_key(&text, folder ? s3->folder : key);
    *address = text.failed ? NULL : arena_text(arena, buffer_text(&text));
    buffer_clear(&text);
    *result = s3;
    return (*address || error_memory(err)) && read_key(s3, properties, arena, err);
}

struct http_signer *csv_s3_signer(struct csv_s3 *s3)
{
    return s3->key ? &s3->signer : NULL;
}

/* --- lists --- */

/* The parameters stand in the order in which they are signed. */
const char *csv_s3_listing(const struct csv_s3 *s3, const char *mark, bool flat, struct arena *arena)
{
    struct buffer text;

    buffer_init(&text, LONGEST_ADDRESS);
    buffer_printf(&text, "%s?", s3->bucket);
    if (mark) {
        buffer_append_text(&text, "continuation-token=");
        url_encode(&text, mark, strlen(mark));
        buffer_append_char(&text, '&');
    }
    buffer_printf(&text, "%slist-type=2&prefix=", flat ? "delimiter=%2F&" : "");
    url_encode(&text, s3->folder, strlen(s3->folder));
    const char *address = text.failed ? NULL : arena_text(arena, buffer_text(&text));
    buffer_clear(&text);
    return address;
}

static const xmlNode *child_of(const xmlNode *node, const char *name)
{
    for (const xmlNode *child = node->children; child; child = child->next)
        if (child->type == XML_ELEMENT_NODE && strcmp((const char *)child->name, name) == 0)
            return child;
    return NULL;
}

/* What is too deep, and the folders themselves, are passed over. */
static bool tell_file(const struct csv_s3 *s3, const char *key, int64_t depth, csv_remote_teller *tell, void *context, struct error *err)
{
    size_t length = strlen(s3->folder);
    int64_t folders = 0;

    if (strncmp(key, s3->folder, length) != 0 || !key[length] || key[strlen(key) - 1] == '/')
        return true;
    for (const char *c = key + length; *c; c++)
        folders += *c == '/';
    return (depth >= 0 && folders > depth) || tell(context, key + length, err);
}

static bool tell_all(const struct csv_s3 *s3, const xmlNode *root, int64_t depth, csv_remote_teller *tell, void *context, struct error *err)
{
    for (const xmlNode *child = root->children; child; child = child->next) {
        const xmlNode *key = child->type == XML_ELEMENT_NODE && strcmp((const char *)child->name, "Contents") == 0 ? child_of(child, "Key") : NULL;
        if (!key)
            continue;
        xmlChar *text = xmlNodeGetContent(key);
        bool fine = text ? tell_file(s3, (const char *)text, depth, tell, context, err) : error_memory(err);
        xmlFree(text);
        if (!fine)
            return false;
    }
    return true;
}

static bool read_mark(const xmlNode *root, char **mark, struct error *err)
{
    const xmlNode *next = child_of(root, "NextContinuationToken");
    xmlChar *text = next ? xmlNodeGetContent(next) : NULL;

    if (text && *text)
        *mark = strdup((const char *)text);
    bool fine = !text || !*text || *mark;
    xmlFree(text);
    return fine || error_memory(err);
}

bool csv_s3_tell(const struct csv_s3 *s3, const char *text, size_t length, int64_t depth, csv_remote_teller *tell, void *context, char **mark,
                 struct error *err)
{
    *mark = NULL;
    const struct xml_handlers former = xml_handlers_replace(NULL, NULL);
    xmlDoc *document = length <= INT_MAX ? xmlReadMemory(text, (int)length, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING) : NULL;
    xml_handlers_give_back(&former);
    const xmlNode *root = document ? xmlDocGetRootElement(document) : NULL;

    /* Nobody defines entities in a list but who means harm. */
    if (!root || document->intSubset || strcmp((const char *)root->name, "ListBucketResult") != 0) {
        xmlFreeDoc(document);
        return error_set(err, "08S01", "What the storage has answered is no list of files");
    }
    bool fine = tell_all(s3, root, depth, tell, context, err) && read_mark(root, mark, err);
    xmlFreeDoc(document);
    return fine;
}
