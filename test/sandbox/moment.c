/* Reads and writes days and moments by the C library's proleptic calendar. */
#include "test/sandbox/moment.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

bool day_read(const char *text, int64_t *day)
{
    struct tm tm = {0}, back;
    int used = 0;
    if (strlen(text) != 10 || sscanf(text, "%4d-%2d-%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &used) != 3 || used != 10)
        return false;
    tm.tm_year -= 1900;
    tm.tm_mon -= 1;
    back = tm;
    time_t seconds = timegm(&back);
    if (back.tm_mday != tm.tm_mday || back.tm_mon != tm.tm_mon)
        return false;
    *day = seconds / 86400;
    return true;
}

bool moment_read(const char *text, int64_t *moment)
{
    char date[11] = {0};
    int hour, minute, second, used = 0, zone_hour = 0, zone_minute = 0, end = 0;
    int64_t day;

    if (strlen(text) < 20)
        return false;
    memcpy(date, text, 10);
    if (!day_read(date, &day) || sscanf(text + 10, "T%2d:%2d:%2d%n", &hour, &minute, &second, &used) != 3 || used != 9 ||
        hour > 23 || minute > 59 || second > 60)
        return false;
    text += 19;
    if (strcmp(text, "Z") != 0) {
        if ((*text != '+' && *text != '-') || sscanf(text + 1, "%2d:%2d%n", &zone_hour, &zone_minute, &end) != 2 || end != 5 ||
            text[6] != '\0')
            return false;
        if (*text == '-') {
            zone_hour = -zone_hour;
            zone_minute = -zone_minute;
        }
    }
    *moment = day * 86400 + hour * 3600 + minute * 60 + second - zone_hour * 3600 - zone_minute * 60;
    return true;
}

void day_write(int64_t day, char text[DAY_TEXT])
{
    time_t seconds = (time_t)(day * 86400);
    struct tm tm;
    gmtime_r(&seconds, &tm);
    strftime(text, DAY_TEXT, "%Y-%m-%d", &tm);
}
