/* A small service for the tests of driver/sql: four tables and two procedures, which are never read, only named. */
#ifndef TEST_SQL_FAKE_SERVICE_H
#define TEST_SQL_FAKE_SERVICE_H

#include "table/service.h"

extern const struct service fake_service;

#endif
