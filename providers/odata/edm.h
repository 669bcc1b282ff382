/* The primitive types of OData's Entity Data Model, versions 2 to 4. */
#ifndef PROVIDERS_ODATA_EDM_H
#define PROVIDERS_ODATA_EDM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/type.h"

enum edm {
    EDM_BINARY, EDM_BOOLEAN, EDM_BYTE, EDM_SBYTE, EDM_INT16, EDM_INT32, EDM_INT64, EDM_SINGLE, EDM_DOUBLE, EDM_DECIMAL, EDM_STRING,
    EDM_GUID, EDM_DATE_TIME, EDM_DATE_TIME_OFFSET, EDM_TIME, EDM_DATE, EDM_TIME_OF_DAY, EDM_DURATION, EDM_STREAM, EDM_GEOGRAPHY,
    EDM_GEOMETRY,
    EDM_UNTYPED,    /* any JSON value */
    EDM_ENUM,       /* of a type that the service defines */
    EDM_COMPLEX,    /* likewise */
};

/* What narrows a type, as metadata tells it. */
struct edm_facets {
    int max_length;    /* characters or bytes; 0 = not told, or as long as may be */
    int precision;     /* -1 = not told */
    int scale;         /* -1 = not told, or variable */
};

/* The type of a name such as "Edm.Int32" or "Edm.GeographyPoint"; false when there is none of that name. */
bool edm_find(const char *name, size_t length, enum edm *edm);

/* The type in SQL that holds every value of it. EDM_ENUM and EDM_COMPLEX have theirs elsewhere. */
struct type edm_type(enum edm edm, const struct edm_facets *facets);

/* Whether a service compares its values as SQL does, so that <, > and an order mean the same. */
bool edm_is_ordered(enum edm edm);

/* Whether it can stand in $filter at all. */
bool edm_is_comparable(enum edm edm);

#endif
