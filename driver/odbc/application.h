/* Numbers that lie in the application's memory, where they need not be aligned: its rows may be packed structures. */
#ifndef ODBC_APPLICATION_H
#define ODBC_APPLICATION_H

#include <sql.h>
#include <sqlext.h>

typedef SQLLEN application_length __attribute__((aligned(1)));
typedef SQLULEN application_count __attribute__((aligned(1)));
typedef SQLUSMALLINT application_status __attribute__((aligned(1)));

#endif
