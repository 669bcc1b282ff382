/* What every entry point is made with. An entry point finds its handle, hands its arguments to a chapter, and leaves: nothing else.
 *
 * entry.c has the functions without text arguments; entry_text.h the others, written once and compiled twice: by entry_ansi.c as
 * SQLTables and by entry_wide.c as SQLTablesW. */
#ifndef ODBC_ENTRY_H
#define ODBC_ENTRY_H

/* These are the only symbols of the driver that are seen from outside. */
#pragma GCC visibility push(default)
#include <sql.h>
#include <sqlext.h>
#include <sqlucode.h>
#pragma GCC visibility pop

#include "odbc/handle.h"

/* Runs `call` on the handle, known in it as `self`, and returns its result. kind: environment, connection, statement, descriptor_handle. */
#define ON(kind, given, call)                                                  \
    do {                                                                       \
        struct odbc_##kind *self = enter_##kind(given);                          \
        return self ? leave(&self->handle, __func__, call) : SQL_INVALID_HANDLE; \
    } while (0)

/* Likewise on a descriptor; one whose statement awaits parameter data can be neither read nor written (HY010). */
#define ON_DESCRIPTOR(given, call) ON(descriptor_handle, given, descriptor_awaits_data(self) ? SQL_ERROR : (call))

#endif
