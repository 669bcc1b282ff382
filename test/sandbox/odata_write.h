/* The shop's metadata and rows in the forms of the three versions. */
#ifndef SANDBOX_ODATA_WRITE_H
#define SANDBOX_ODATA_WRITE_H

#include <stdio.h>

#include "test/sandbox/odata_filter.h"

/* What is written of each entity. */
struct shop_view {
    const json_t *select;           /* an array of names; NULL = all */
    /* what is put inside of it: at most one navigation */
    const struct shop_navigation *expand;
    const json_t *inner_select;     /* likewise, of that */
    const struct shop_filter *inner_filter; /* NULL = all */
    const char *inner_filter_text;
    size_t inner_page;              /* 0 = no pages */
};

struct shop_writer {
    FILE *out;
    const struct shop *shop;
    int version;
    bool exact;                     /* V4: numbers that JSON may lose digits of are texts */
    const char *base;               /* the service's root */
};

void shop_write_metadata(FILE *out, int version, bool apply);

/* One value; in V4's $apply too. */
void shop_write_value(const struct shop_writer *writer, enum shop_kind kind, const json_t *value);
void shop_write_text(FILE *out, const char *text);

/* A page of rows: next is the link to the one behind it, relative or not, or NULL; count is below 0 when nobody asked for it. */
void shop_write_rows(const struct shop_writer *writer, const struct shop_type *type, const json_t *rows, const struct shop_view *view, const char *next,
                     long long count);
void shop_write_row(const struct shop_writer *writer, const struct shop_type *type, const json_t *row, const struct shop_view *view);
void shop_write_atom_rows(const struct shop_writer *writer, const struct shop_type *type, const json_t *rows, const struct shop_view *view, const char *next,
                          long long count);
void shop_write_atom_row(const struct shop_writer *writer, const struct shop_type *type, const json_t *row, const struct shop_view *view);

/* "Products(5)", in V2 and V3 "Products(5L)" */
void shop_write_address(FILE *out, const struct shop_type *type, const json_t *row, int version);

#endif
