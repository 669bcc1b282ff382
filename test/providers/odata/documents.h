/* The tests' own services: a shop in shop_v2.xml and shop_v4.xml beside this file, and short documents in texts. */
#ifndef TEST_PROVIDERS_ODATA_DOCUMENTS_H
#define TEST_PROVIDERS_ODATA_DOCUMENTS_H

#include <stdio.h>
#include <stdlib.h>

#define EDMX_V4(version, body) \
    "<?xml version='1.0' encoding='utf-8'?>\n" \
    "<edmx:Edmx Version='" version "' xmlns:edmx='http://docs.oasis-open.org/odata/ns/edmx'>" \
    "<edmx:Reference Uri='other.xml'><edmx:Include Namespace='Other'/></edmx:Reference>" \
    "<edmx:DataServices>" body "</edmx:DataServices></edmx:Edmx>"

#define SCHEMA_V4(body) \
    EDMX_V4("4.0", "<Schema Namespace='Shop.Model' Alias='Self' xmlns='http://docs.oasis-open.org/odata/ns/edm'>" body "</Schema>")

#define SCHEMA_V2(body) \
    "<edmx:Edmx Version='1.0' xmlns:edmx='http://schemas.microsoft.com/ado/2007/06/edmx'" \
    " xmlns:m='http://schemas.microsoft.com/ado/2007/08/dataservices/metadata'>" \
    "<edmx:DataServices m:DataServiceVersion='2.0'><Schema Namespace='Shop'>" body "</Schema></edmx:DataServices></edmx:Edmx>"

/* A file of this folder; the test is lost when it can not be read. To be freed. */
static inline char *document_read(const char *name, size_t *length)
{
    const char *tree = getenv("srcdir");
    char path[512];
    snprintf(path, sizeof path, "%s/test/providers/odata/%s", tree ? tree : "..", name);
    FILE *file = fopen(path, "re");
    char *text = malloc(1 << 20);
    if (!file || !text)
        abort();
    *length = fread(text, 1, (1 << 20) - 1, file);
    text[*length] = '\0';
    fclose(file);
    return text;
}

#endif
