#include "providers/xml_handlers.h"

#include <stddef.h>

static void ignore(void *context, const char *format, ...)
{
    (void)context, (void)format;
}

struct xml_handlers xml_handlers_replace(xmlStructuredErrorFunc told, void *context)
{
    const struct xml_handlers former = {xmlStructuredError, xmlGenericError, xmlStructuredErrorContext, xmlGenericErrorContext};

    xmlSetStructuredErrorFunc(context, told);
    xmlSetGenericErrorFunc(NULL, ignore);
    return former;
}

void xml_handlers_give_back(const struct xml_handlers *former)
{
    xmlSetStructuredErrorFunc(former->structured_context, former->structured);
    xmlSetGenericErrorFunc(former->generic_context, former->generic);
}
