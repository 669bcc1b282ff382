#include "providers/odata/edm.h"

#include <string.h>

static const struct { const char *name; enum edm edm; } names[] = {
    {"Binary", EDM_BINARY}, {"Boolean", EDM_BOOLEAN}, {"Byte", EDM_BYTE}, {"SByte", EDM_SBYTE}, {"Int16", EDM_INT16}, {"Int32", EDM_INT32},
    {"Int64", EDM_INT64}, {"Single", EDM_SINGLE}, {"Double", EDM_DOUBLE}, {"Decimal", EDM_DECIMAL}, {"String", EDM_STRING},
    {"Guid", EDM_GUID}, {"DateTime", EDM_DATE_TIME}, {"DateTimeOffset", EDM_DATE_TIME_OFFSET}, {"Time", EDM_TIME}, {"Date", EDM_DATE},
    {"TimeOfDay", EDM_TIME_OF_DAY}, {"Duration", EDM_DURATION}, {"Stream", EDM_STREAM}, {"Untyped", EDM_UNTYPED},
    {"PrimitiveType", EDM_UNTYPED}, {"ComplexType", EDM_UNTYPED}, {"EntityType", EDM_UNTYPED}, {"AnyPropertyPath", EDM_STRING},
    {"AnnotationPath", EDM_STRING}, {"PropertyPath", EDM_STRING}, {"NavigationPropertyPath", EDM_STRING},
};

/* A decimal without a scale can have any: nine digits leave room for the 29 before the point that such types have in practice. */
enum { UNTOLD_SCALE = 9, UNTOLD_FRACTION = 7 /* ticks of 100 ns are the finest that services keep */ };

bool edm_find(const char *name, size_t length, enum edm *edm)
{
    if (length < 4 || memcmp(name, "Edm.", 4) != 0)
        return false;
    name += 4;
    length -= 4;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strlen(names[i].name) == length && memcmp(names[i].name, name, length) == 0) {
            *edm = names[i].edm;
            return true;
        }
    /* Point, LineString, MultiPolygon and so on. */
    bool geography = length >= 9 && memcmp(name, "Geography", 9) == 0;
    *edm = geography ? EDM_GEOGRAPHY : EDM_GEOMETRY;
    return geography || (length >= 8 && memcmp(name, "Geometry", 8) == 0);
}

static struct type decimal(const struct edm_facets *facets)
{
    int size = facets->precision > 0 && facets->precision <= DECIMAL_DIGITS ? facets->precision : DECIMAL_DIGITS;
    int scale = facets->scale;

    if (scale < 0)
        return (struct type){TYPE_DECIMAL, DECIMAL_DIGITS, UNTOLD_SCALE};
    if (scale > size)
        size = scale < DECIMAL_DIGITS ? scale : DECIMAL_DIGITS;
    return (struct type){TYPE_DECIMAL, size, (int16_t)(scale < size ? scale : size)};
}

struct type edm_type(enum edm edm, const struct edm_facets *facets)
{
    int16_t fraction = facets->precision < 0 ? UNTOLD_FRACTION : (int16_t)(facets->precision > TIMESTAMP_FRACTION ? TIMESTAMP_FRACTION : facets->precision);

    switch (edm) {
    case EDM_BINARY: return (struct type){TYPE_BINARY, facets->max_length, 0};
    case EDM_BOOLEAN: return (struct type){TYPE_BOOLEAN, 0, 0};
    case EDM_BYTE: case EDM_SBYTE: case EDM_INT16: case EDM_INT32: return (struct type){TYPE_INTEGER, 0, 0};
    case EDM_INT64: return (struct type){TYPE_BIGINT, 0, 0};
    case EDM_SINGLE: case EDM_DOUBLE: return (struct type){TYPE_DOUBLE, 0, 0};
    case EDM_DECIMAL: return decimal(facets);
    case EDM_GUID: return (struct type){TYPE_GUID, 0, 0};
    case EDM_DATE_TIME: case EDM_DATE_TIME_OFFSET: return (struct type){TYPE_TIMESTAMP, 0, fraction};
    case EDM_DATE: return (struct type){TYPE_DATE, 0, 0};
    case EDM_TIME: case EDM_TIME_OF_DAY: return (struct type){TYPE_TIME, 0, fraction};
    case EDM_UNTYPED: case EDM_COMPLEX: return (struct type){TYPE_JSON, 0, 0};
    case EDM_STRING: return (struct type){TYPE_STRING, facets->max_length, 0};
    default: return (struct type){TYPE_STRING, 0, 0};
    }
}

bool edm_is_ordered(enum edm edm)
{
    switch (edm) {
    case EDM_BYTE: case EDM_SBYTE: case EDM_INT16: case EDM_INT32: case EDM_INT64: case EDM_SINGLE: case EDM_DOUBLE: case EDM_DECIMAL:
    case EDM_DATE_TIME: case EDM_DATE_TIME_OFFSET: case EDM_TIME: case EDM_DATE: case EDM_TIME_OF_DAY:
        return true;
    default:
        return false;
    }
}

bool edm_is_comparable(enum edm edm)
{
    return edm != EDM_STREAM && edm != EDM_GEOGRAPHY && edm != EDM_GEOMETRY && edm != EDM_UNTYPED && edm != EDM_COMPLEX;
}
