/* The ANSI entry points: SQLTables and its like. ANSI means UTF-8 here. */
#define NAME(function) function
#define CHARACTER SQLCHAR
#define WIDE false
#include "odbc/entry_text.h"
