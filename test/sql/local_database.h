/* A plain SQLite with the tables of the fake service in it and its own ones in `workspace` and `temp`: to show that what is printed runs. */
#ifndef TEST_SQL_LOCAL_DATABASE_H
#define TEST_SQL_LOCAL_DATABASE_H

#include <sqlite3.h>

/* The engine's functions are there by name; store_value and cast_value give their first argument. */
sqlite3 *local_database_open(void);
/* Runs one statement and fails the test when SQLite refuses it. */
void local_database_run(sqlite3 *db, const char *sql);
/* The first column of the first row as text, "(none)" without one; valid until the next call. */
const char *local_database_value(sqlite3 *db, const char *sql);

#endif
