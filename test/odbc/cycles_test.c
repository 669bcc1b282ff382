/* Proves that connecting, querying and disconnecting over and over leaves nothing behind: CYCLES times, 500 unless told. */
#include "session.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fake_service.h"

/* AddressSanitizer has an allocator of its own. */
size_t __sanitizer_get_current_allocated_bytes(void) __attribute__((weak));

static size_t bytes_in_use(void)
{
    if (__sanitizer_get_current_allocated_bytes)
        return __sanitizer_get_current_allocated_bytes();
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

static size_t resident_bytes(void)
{
    unsigned long all = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%lu %lu", &all, &resident), 2);
    fclose(file);
    return resident * (size_t)sysconf(_SC_PAGESIZE);
}

static void cycle(void)
{
    struct session session;
    SQLINTEGER one = 0;

    assert_int_equal(SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &session.env), SQL_SUCCESS);
    assert_int_equal(SQLSetEnvAttr(session.env, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC3_80, 0), SQL_SUCCESS);
    assert_int_equal(SQLAllocHandle(SQL_HANDLE_DBC, session.env, &session.dbc), SQL_SUCCESS);
    assert_int_equal(SQLDriverConnect(session.dbc, NULL, text("Provider=Fake;User=me"), SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT), SQL_SUCCESS);
    assert_int_equal(SQLAllocHandle(SQL_HANDLE_STMT, session.dbc, &session.stmt), SQL_SUCCESS);
    WORKS(session.stmt, SQLExecDirect(session.stmt, text("SELECT Id FROM People WHERE Id = 1"), SQL_NTS));
    WORKS(session.stmt, SQLFetch(session.stmt));
    WORKS(session.stmt, SQLGetData(session.stmt, 1, SQL_C_SLONG, &one, 0, NULL));
    assert_int_equal(one, 1);
    WORKS(session.stmt, SQLCloseCursor(session.stmt));
    assert_int_equal(SQLExecDirect(session.stmt, text("SELECT"), SQL_NTS), SQL_ERROR); /* an error leaves nothing either */
    assert_int_equal(SQLDisconnect(session.dbc), SQL_SUCCESS);
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_DBC, session.dbc), SQL_SUCCESS);
    assert_int_equal(SQLFreeHandle(SQL_HANDLE_ENV, session.env), SQL_SUCCESS);
}

static void cycles_leave_nothing(void **state)
{
    const char *told = getenv("CYCLES");
    long cycles = told ? strtol(told, NULL, 10) : 500;

    (void)state;
    assert_true(cycles >= 100);
    for (long i = 0; i < cycles / 10; i++)
        cycle();
    size_t heap = bytes_in_use(), resident = resident_bytes();
    for (long i = 0; i < cycles; i++)
        cycle();
    size_t heap_after = bytes_in_use(), resident_after = resident_bytes();
    print_message("%ld cycles: heap %zu, then %zu bytes; resident %zu, then %zu bytes\n", cycles, heap, heap_after, resident, resident_after);
    /* AddressSanitizer counts exactly; glibc counts what its caches hold as in use. */
    assert_true(heap_after <= heap + (__sanitizer_get_current_allocated_bytes ? 4096 : 256 * 1024));
    if (!__sanitizer_get_current_allocated_bytes) /* a sanitizer keeps what was freed */
        assert_true(resident_after <= resident + 1024 * 1024);
    assert_int_equal(atomic_load(&fake_counters.services), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(cycles_leave_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
