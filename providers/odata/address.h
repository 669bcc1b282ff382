/* Addresses of entities and of what they lead to, and the options behind them. */
#ifndef PROVIDERS_ODATA_ADDRESS_H
#define PROVIDERS_ODATA_ADDRESS_H

#include <stdbool.h>

#include "providers/odata/plan.h"

struct buffer;

struct odata_address {
    const struct odata_context *context;
    const struct odata_table *table;
    const struct value *echo;        /* per column of the table: values of keys and inputs, NULL where they are not known */
    const char *const *names;        /* per column what stands for a value that is not known; 64 of them, or NULL */
};

/* Appends the path of what a table's rows are asked for at: "/Products", "/Products(1)", "/Products(1)/Parts", "/Cheapest(below=@below)?@below=5".
 * False when some key has no value that can be written: there is nothing at such an address. */
bool odata_address_print(const struct odata_address *address, enum odata_way way, struct buffer *out);

/* Appends "(1)", "(A=1,B='x')": the key by these columns of the table. False as above. */
bool odata_address_key(const struct odata_address *address, const struct odata_table *of, const int *columns, struct buffer *out);

#endif
