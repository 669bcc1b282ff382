/* A small service for the tests of driver/sql: four tables and two procedures, which are never read, only named. */
#ifndef TEST_SQL_FAKE_SERVICE_H
#define TEST_SQL_FAKE_SERVICE_H

#include "base/arena.h"
#include "base/error.h"
#include "sql/statement.h"

extern const struct service fake_service;

/* Prepares a text and fails the test, showing the error, when that is not possible. */
struct statement *fake_prepare(const char *text, struct arena *arena);

/* Prepares a text that must be refused; fails the test when it is not. */
void fake_refuse(const char *text, struct error *err);

/* The same service with a workspace: tables Notes, Foreign and another Users in it, a temporary #tags, and views. */
extern const struct service fake_local_service;
struct statement *fake_local_prepare(const char *text, struct arena *arena);
void fake_local_refuse(const char *text, struct error *err);

#endif
