/* How numbers and dates are written in the cultures of this world, by the names that CLDR and .NET have for them. */
#ifndef PROVIDERS_CSV_CULTURE_H
#define PROVIDERS_CSV_CULTURE_H

struct csv_culture {
    const char *name;             /* "de-DE" */
    char point, group;            /* as csv_number_read takes them */
    const char *date;             /* a pattern of moment.h */
};

/* By name, case ignored, '_' for '-', the language alone for its largest country; NULL when it is not known. */
const struct csv_culture *csv_culture_find(const char *name);

#endif
