/* Records of a service's answers, page by page: what jsonproviderGet, xmlproviderGet and csvproviderGet read, and the quick look of Provider=JSON
 * and XML. */
#ifndef PROVIDERS_SCRIPT_RECORDS_H
#define PROVIDERS_SCRIPT_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "providers/rows/decode.h"
#include "providers/script/ask.h"
#include "providers/script/form.h"

struct buffer;
struct cancel;
struct error;
struct item;
struct outline;
struct properties;
struct record_pages;
struct script;
struct script_table;
struct script_world;
struct warnings;

enum record_kind { RECORDS_JSON, RECORDS_XML, RECORDS_CSV };

/* How further pages are asked for. Parameters and paths are NULL where they are not used. */
struct record_paging {
    const char *number_parameter, *offset_parameter, *size_parameter, *token_parameter;
    long size;                           /* 0 = not known */
    long first;                          /* the first page's number */
    struct path token, next, more;       /* where a page tells them; empty: nowhere */
};

struct record_request {
    struct ask ask;
    const struct script *script;         /* whose request it is; NULL: of the connection's URI */
    const struct item *input;            /* whose hosts may be asked; copied */
    const struct script_world *world;
    enum record_kind kind;
    struct path path;                    /* of the records */
    bool has_path;
    uint64_t lists;                      /* of XML: which beginnings of it lead to arrays as well; see xml_lists_to_json */
    enum form_model model;
    size_t depth;                        /* elements that are looked at where the columns are to be found out */
    bool strings;                        /* they all are */
    const struct script_table *table;    /* the declared columns; NULL: they are found out */
    const char *name;                    /* of the table that is found out */
    struct record_paging paging;
    struct properties *csv;              /* how delimited text is read; NULL: it is none */
    const char *text;                    /* that itself; NULL: it is asked for */
    size_t text_length;
    const char **given;                  /* per declared column, what the item has for it; NULL: nothing */
};

/* Makes a request of the attributes of an item (see ask.h), besides:
 *   JSONPath, XPath, RepeatElement    where the records are
 *   DataModel, RowScanDepth
 *   EnablePaging, pagenumberparam, pagenumber, pageoffsetparam, pagesizeparam, pagesize, pagetokenparam, pagetokenpath, pageurlpath, hasmorepath
 * Of delimited text, in place of all these, the properties that tell how it is read, and data without uri: the text itself.
 * What the attributes do not say, the connection's properties of the same name do. input: what came from outside; the columns of the table
 * that have other:filter become parameters of the address by it. The request ends with record_request_close. */
bool record_request_open(const struct script_world *world, const struct script *script, const struct script_table *table, const struct item *input,
                         const struct item *item, enum record_kind kind, struct record_request **request, struct error *err);
void record_request_close(struct record_request *request);

/* Appends the method and address of the first page, or the file, without secrets. False: HY000 an address that is too long, HY001. */
bool record_request_print(const struct record_request *request, struct buffer *out, struct error *err);

/* Reads what it asks for; the request outlives the pages. wanted: per column of the table, or NULL for all. */
bool record_pages_open(const struct record_request *request, const bool *wanted, struct cancel *cancel, struct warnings *warnings, struct record_pages **pages,
                struct error *err);
/* The next rows: *rows 0 is the end. They live until the next call. */
bool record_pages_next(struct record_pages *pages, size_t *rows, struct error *err);
const struct value *const *record_pages_cells(const struct record_pages *pages);
/* The table whose columns the cells are; NULL before the first page where they are found out. */
const struct table *record_pages_table(const struct record_pages *pages);
/* The shape by which the present page is read; NULL: it has no records. */
const struct shape *record_pages_shape(const struct record_pages *pages);
/* The outline by which its columns were found out, and the names of the way to its records; they live as the shape does. */
const struct outline *record_pages_outline(const struct record_pages *pages, const struct path **names);
void record_pages_close(struct record_pages *pages);

#endif
