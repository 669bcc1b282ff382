#include "odbc/native.h"

#include <string.h>

#include "odbc/handle.h"
#include "odbc/text.h"
#include "sql/statement.h"

SQLRETURN native_text(struct odbc_connection *connection, const struct text_in *in, const struct text_out *out)
{
    struct odbc_handle *handle = &connection->handle;
    struct error err = {0};
    const char *text, *native;
    size_t length;

    if (!connection->connected)
        return diagnostics_fail(handle, "08003", "The connection is not open");
    if (!in->pointer)
        return diagnostics_fail(handle, "HY009", "No SQL text was given");
    if (!text_read(in, &handle->scratch, &text, &length, &err) ||
        !statement_native(text, length, &handle->scratch, &native, &err))
        return diagnostics_error(handle, &err);
    return text_write(handle, out, native, strlen(native));
}
