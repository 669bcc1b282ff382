/* Whatever an answer is, the quick look at it and the operations that read records (jsonproviderGet, xmlproviderGet, csvproviderGet) find
 * tables and rows or refuse it with words; and so do lists of files. The first byte chooses what the rest is and how it is looked at. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/property.h"
#include "base/utf.h"
#include "base/warnings.h"
#include "providers/csv/listing.h"
#include "providers/script/records.h"
#include "providers/script/service.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { JSON, XML, CSV, LISTING };

/* What is looked at stands in a file, as the quick look takes it. */
static char folder[] = "/tmp/restodbc-fuzz-XXXXXX", path[sizeof folder + 8];

static void take_away(void)
{
    unlink(path);
    rmdir(folder);
}

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void require_told(bool done, const struct error *err)
{
    require(done || (strlen(err->sqlstate) == 5 && err->message[0]));
}

static bool tell(void *context, const char *name, size_t length, bool folder, struct error *err)
{
    const char *const *bounds = context;
    (void)folder;
    (void)err;

    require(length > 0 && name >= bounds[0] && name + length <= bounds[1] && !memchr(name, '\n', length));
    return true;
}

static void read_listing(const char *text, size_t length)
{
    const char *bounds[] = {text, text + length};
    struct error err = {0};

    require_told(csv_listing_tell(text, length, tell, bounds, &err), &err);
}

/* Every cell is NULL or of its column's type. */
static void look_at_cells(const struct record_pages *pages, size_t rows)
{
    const struct table *table = record_pages_table(pages);
    const struct value *const *cells = record_pages_cells(pages);
    char scratch[VALUE_SCRATCH];
    size_t length;

    for (size_t i = 0; i < table->column_count; i++)
        for (size_t row = 0; cells[i] && row < rows; row++) {
            const struct value *cell = &cells[i][row];
            if (value_is_null(cell))
                continue;
            const char *text = value_as_text(cell, scratch, &length);
            require(table->columns[i].type.kind == TYPE_BINARY || utf8_valid(text, length, NULL));
        }
}

static void read_pages(const struct record_request *request)
{
    struct warnings warnings = {0};
    struct record_pages *pages;
    struct error err = {0};
    size_t rows = 1;

    bool done = record_pages_open(request, NULL, NULL, &warnings, &pages, &err);
    require_told(done, &err);
    if (done) {
        while (done && rows) {
            done = record_pages_next(pages, &rows, &err);
            if (done && rows)
                look_at_cells(pages, rows);
        }
        require_told(done, &err);
        record_pages_close(pages);
    }
    warnings_clear(&warnings);
}

/* The tables of the quick look, and their rows. */
static void read_tables(struct script_service *service)
{
    struct error err = {0};
    bool done = quick_tables_open(service, path, NULL, &err);

    require_told(done, &err);
    for (size_t i = 0; done && i < service->quick_count; i++) {
        require(service->quick[i].table.column_count == 0 || service->quick[i].table.columns[0].name);
        read_pages(service->quick[i].request);
    }
    quick_tables_close(service);
}

/* What a script has, whose table is not declared. */
static void read_records(const struct script_world *world, enum record_kind kind)
{
    struct record_request *request;
    struct error err = {0};
    struct item item;

    item_init(&item, NULL);
    require(item_set(&item, "uri", path) && item_set(&item, "pageurlpath", "next") && item_set(&item, "hasmorepath", "more"));
    bool done = record_request_open(world, NULL, NULL, NULL, &item, kind, &request, &err);
    item_clear(&item);
    require_told(done, &err);
    if (done) {
        read_pages(request);
        record_request_close(request);
    }
}

static void keep(const char *body, size_t length)
{
    if (!path[0]) {
        require(mkdtemp(folder) != NULL && atexit(take_away) == 0);
        snprintf(path, sizeof path, "%s/t.txt", folder);
    }
    FILE *file = fopen(path, "wb");
    require(file && fwrite(body, 1, length, file) == length && fclose(file) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const models[] = {"Document", "FlattenedDocuments", "Relational", "Document"};
    struct properties properties;
    struct error err = {0};

    if (size < 1)
        return 0;
    int kind = data[0] & 3;
    const char *body = (const char *)data + 1;
    if (kind == LISTING) {
        read_listing(body, size - 1);
        return 0;
    }
    keep(body, size - 1);
    properties_init(&properties);
    require(properties_override(&properties, PROPERTY_URI, path, &err) && properties_override(&properties, PROPERTY_DATA_MODEL, models[data[0] >> 2 & 3], &err)
            && properties_override(&properties, PROPERTY_ROW_SCAN_DEPTH, data[0] & 16 ? "2" : "100", &err)
            && properties_override(&properties, PROPERTY_TYPE_DETECTION_SCHEME, data[0] & 32 ? "None" : "RowScan", &err)
            && (!(data[0] & 64) || properties_override(&properties, kind == JSON ? PROPERTY_JSON_PATH : PROPERTY_XPATH, kind == JSON ? "$.a.b" : "/a/b", &err)));
    struct script_service service = {.xml = kind == XML, .properties = &properties};
    service.world = (struct script_world){.provider = "Fuzz", .properties = &properties, .timeout = 1, .uri = path, .context = &service};
    if (kind != CSV && !(data[0] & 128))
        read_tables(&service);
    else
        read_records(&service.world, kind == JSON ? RECORDS_JSON : kind == XML ? RECORDS_XML : RECORDS_CSV);
    arena_clear(&service.arena);
    properties_clear(&properties);
    return 0;
}
