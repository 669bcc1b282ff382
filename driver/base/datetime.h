/* Dates and times of the proleptic Gregorian calendar, years 1 to 9999. */
#ifndef BASE_DATETIME_H
#define BASE_DATETIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct datetime {
    int year, month, day;        /* 1–9999, 1–12, 1–31 */
    int hour, minute, second;    /* 0–23, 0–59, 0–59 */
    uint32_t nanosecond;         /* 0–999,999,999 */
};

enum { DATETIME_TEXT = 40 };

/* Each reads the whole of text (spaces around it allowed) or returns false. A second of 60 is refused.
 * A timestamp may be a date alone; 'T', 't' or spaces may stand in the middle; an offset or 'Z' is applied, giving UTC
 * (*had_offset, where not NULL, tells); fractions past nine digits are cut. */
bool datetime_parse_date(const char *text, size_t length, struct datetime *result);
bool datetime_parse_time(const char *text, size_t length, struct datetime *result);
bool datetime_parse_timestamp(const char *text, size_t length, struct datetime *result, bool *had_offset);

/* Each writes the canonical text (see value.h) into out, room DATETIME_TEXT, and returns its length.
 * Fraction digits past `fraction` (0–9) are cut. */
size_t datetime_print_date(const struct datetime *value, char *out);
size_t datetime_print_time(const struct datetime *value, int fraction, char *out);
size_t datetime_print_timestamp(const struct datetime *value, int fraction, char *out);

bool datetime_valid_date(int year, int month, int day);

/* Days since 1970-01-01, and back. */
int64_t datetime_days(int year, int month, int day);
void datetime_from_days(int64_t days, int *year, int *month, int *day);

/* Whole seconds since 1970-01-01 00:00:00, and back (nanosecond becomes 0). False past year 9999 or before year 1. */
int64_t datetime_seconds(const struct datetime *value);
bool datetime_from_seconds(int64_t seconds, struct datetime *value);

/* Adds months, keeping the day within its month (2024-01-31 + 1 = 2024-02-29). False out of range. */
bool datetime_add_months(struct datetime *value, int64_t months);

#endif
