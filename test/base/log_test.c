/* Proves base/log.c: levels, one line a call, and that no secret gets through in any of the forms it takes. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/error.h"
#include "base/log.h"

static char path[] = "/tmp/restodbc-log-XXXXXX";

static int make_file(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 || close(fd) || unlink(path);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

static char *written(void)
{
    static char text[16384];
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

static void hides_every_secret(void **state)
{
    static const char *const lines[] = {
        "Authorization: Bearer UNKNOWN-1", "cookie: a=UNKNOWN-1; b=UNKNOWN-1",
        "GET /cb?code=UNKNOWN-1&state=ok", "access_token=UNKNOWN-1&x=1", "{\"refresh_token\" : \"UNKNOWN-1\", \"code\": 417}",
        "CALL GetOAuthAccessToken(Verifier = 'UNKNOWN-1', AuthMode='WEB')", "PWD={UNKNOWN-1;x}", "known: S.3cr/t+ \"q\"",
        "known: S.3cr%2Ft%2B%20%22q%22 and S.3cr%2Ft%2B+%22q%22", "known: S.3cr\\/t+ \\\"q\\\"",
    };
    struct log *log;
    struct error err = {0};
    struct stat info;
    (void)state;

    assert_true(log_open(path, 5, &log, &err));
    log_hide(log, "S.3cr/t+ \"q\"");
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        log_write(log, LOG_CALL, "http", "%s", lines[i]);
    log_close(log);

    char *text = written();
    assert_null(strstr(text, "UNKNOWN-1"));
    assert_null(strstr(text, "3cr"));
    assert_non_null(strstr(text, "Authorization: ***"));
    assert_non_null(strstr(text, "code=***&state=ok"));
    assert_non_null(strstr(text, "\"refresh_token\" : \"***\", \"code\": 417"));
    assert_non_null(strstr(text, "AuthMode='WEB'"));
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
}

/* A log that writes nothing keeps secrets out of other texts all the same. */
static void redacts_what_goes_elsewhere(void **state)
{
    struct log *log;
    struct error err = {0};
    char text[] = "invalid_grant (S.3cr/t+ is not S.3cr%2Ft%2B, nor S.3cr/t)", untouched[] = "S.3cr/t+";
    (void)state;
    assert_true(log_open(NULL, 1, &log, &err));
    log_redact(log, untouched);
    assert_string_equal(untouched, "S.3cr/t+");
    log_hide(log, "S.3cr/t+");
    log_redact(log, text);
    assert_string_equal(text, "invalid_grant (*** is not ***, nor S.3cr/t)");
    log_close(log);
    log_redact(NULL, untouched);
    assert_string_equal(untouched, "S.3cr/t+");
}

static void writes_one_line_a_call_at_its_level(void **state)
{
    struct log *log;
    struct error err = {0};
    (void)state;
    assert_true(log_open(path, 2, &log, &err));
    assert_true(log_wants(log, LOG_REQUEST));
    assert_false(log_wants(log, LOG_HEADER));
    log_write(log, LOG_REQUEST, "http", "one\r\ntwo\x1B[31m");
    log_write(log, LOG_HEADER, "http", "not written");
    log_close(log);
    char *text = written();
    assert_non_null(strstr(text, "[http] one\\r\\ntwo\\x1B[31m\n"));
    assert_null(strstr(text, "not written"));
}

static void says_why_it_can_not_be_written(void **state)
{
    struct log *log;
    struct error err = {0};
    (void)state;
    assert_false(log_open("/no/such/folder/x.log", 1, &log, &err));
    assert_string_equal(err.sqlstate, "HY000");
    assert_non_null(strstr(err.message, "Logfile=/no/such/folder/x.log"));

    /* A pipe that nobody reads: an error, not a wait without end. */
    char pipe[sizeof path + 8];
    snprintf(pipe, sizeof pipe, "%s.pipe", path);
    assert_int_equal(mkfifo(pipe, 0600), 0);
    bool opened = log_open(pipe, 1, &log, &err);
    unlink(pipe);
    assert_false(opened);
    assert_non_null(strstr(err.message, "Logfile="));

    assert_true(log_open(NULL, 5, &log, &err));
    assert_false(log_wants(log, LOG_QUERY));
    log_hide(log, "anything");
    log_write(log, LOG_QUERY, "odbc", "nowhere");
    log_close(log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hides_every_secret), cmocka_unit_test(writes_one_line_a_call_at_its_level),
        cmocka_unit_test(redacts_what_goes_elsewhere), cmocka_unit_test(says_why_it_can_not_be_written),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
