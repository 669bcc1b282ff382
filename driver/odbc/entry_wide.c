/* The wide entry points: SQLTablesW and its like. Their characters are UTF-16 code units. */
#define NAME(function) function##W
#define CHARACTER SQLWCHAR
#define WIDE true
#include "odbc/entry_text.h"
