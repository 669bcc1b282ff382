/* A service of tables in memory that stands in for the providers: the test programs' own provider_open(). */
#ifndef TEST_ODBC_FAKE_SERVICE_H
#define TEST_ODBC_FAKE_SERVICE_H

#include <stdatomic.h>

/* Tables:
 *   Everything  one column of every type; row 1 full, row 2 NULL but for its Id, row 3 with unusual values
 *   People      Id, Name; ten people
 *   Pets        Id, OwnerId → People.Id
 *   Old_Pets    a view; its name has a pattern character
 *   Endless     never has rows and never ends: a step waits for its cancel
 *   Broken      its key may be NULL; yields two rows, then fails with 08S01
 * Procedures: Echo(Text, Number = 7) → Text, Number; Silent(Größe) without a result.
 *
 * provider_open takes Provider=Fake. URL=refuse makes it fail with 08001; URL=wait makes it wait for its cancel. */
struct fake_counters {
    atomic_int services;    /* open at present */
    atomic_int scans;
    atomic_bool waiting;    /* a step of Endless, or a connect, is waiting */
    void (*on_plan)(void *context);    /* called whenever a statement is planned, unless NULL */
    void *context;
};
extern struct fake_counters fake_counters;

#endif
