/* Proves how $BROWSER is taken apart and started: no shell, alternatives, failures told, nothing left behind. */
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/error.h"
#include "oauth/browser.h"

static const char url[] = "https://auth.example/a?b=c&d=$(id);e:f%20";

static void takes_commands_apart(void **state)
{
    static const struct {
        const char *list;
        const char *arguments[5];
        const char *rest;
    } cases[] = {
        {"firefox", {"firefox", url}, NULL},
        {"firefox --new-window %s", {"firefox", "--new-window", url}, NULL},
        {"open  -u=%s:w3m", {"open", "-u=https://auth.example/a?b=c&d=$(id);e:f%20"}, "w3m"},
        {" a b :c", {"a", "b", url}, "c"},
        {"a 100%% %x", {"a", "100%", "%x", url}, NULL},
        {"a 'quoted word'", {"a", "'quoted", "word'", url}, NULL},
        {":b", {NULL}, "b"},
        {"", {NULL}, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct browser_command command;
        const char *rest;
        assert_int_equal(browser_split(cases[i].list, url, &command, &rest), cases[i].arguments[0] != NULL);
        size_t count = 0;
        for (; cases[i].arguments[count]; count++) {
            assert_non_null(command.arguments[count]);
            assert_string_equal(command.arguments[count], cases[i].arguments[count]);
        }
        assert_null(command.arguments[count]);
        assert_int_equal(rest != NULL, cases[i].rest != NULL);
        if (rest)
            assert_string_equal(rest, cases[i].rest);
        browser_command_clear(&command);
    }
}

static void many_urls_fit_in_one_command(void **state)
{
    struct browser_command command;
    const char *rest;
    (void)state;
    assert_true(browser_split("x %s%s%s%s %s %s", url, &command, &rest));
    assert_int_equal(strlen(command.arguments[1]), 4 * strlen(url));
    assert_string_equal(command.arguments[3], url);
    assert_null(command.arguments[4]);
    browser_command_clear(&command);
}

static char folder[] = "/tmp/restodbc-browser-XXXXXX";

static const char *script(const char *name, const char *text)
{
    static char paths[4][128];
    static int used;
    char *path = paths[used++ % 4];
    snprintf(path, 128, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    fprintf(file, "#!/bin/sh\n%s\n", text);
    fclose(file);
    chmod(path, 0700);
    return path;
}

/* Waits for the report until the browser is known to run, or to have failed for good. */
static bool settle(struct browser *browser, struct error *err)
{
    while (browser->report >= 0) {
        struct pollfd polled = {.fd = browser->report, .events = POLLIN};
        assert_int_equal(poll(&polled, 1, 20000), 1);
        if (!browser_check(browser, err))
            return false;
    }
    return true;
}

static void the_next_alternative_follows_a_failure(void **state)
{
    struct browser browser;
    struct error err = {0};
    char list[512], path[128], text[512] = "";
    const char *failing = script("failing", "exit 3");
    const char *working = script("working", "printf '%s\\n' \"$@\" > \"$0.seen\"");
    (void)state;
    snprintf(list, sizeof list, "/nowhere/at-all:%s:%s --flag %%s", failing, working);
    setenv("BROWSER", list, 1);
    assert_true(browser_start(&browser, url, &err));
    assert_true(settle(&browser, &err));
    browser_end(&browser);

    snprintf(path, sizeof path, "%s.seen", working);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    unlink(path);
    char expected[256];
    snprintf(expected, sizeof expected, "--flag\n%s\n", url);
    assert_string_equal(text, expected); /* the URL is one argument, untouched by any shell */
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* no child and no zombie */
}

static void no_browser_names_the_headless_way(void **state)
{
    struct browser browser;
    struct error err = {0};
    char list[512];
    (void)state;
    snprintf(list, sizeof list, "/nowhere/at-all:%s", script("failing", "exit 1"));
    setenv("BROWSER", list, 1);
    assert_true(browser_start(&browser, url, &err));
    assert_false(settle(&browser, &err));
    assert_string_equal(err.sqlstate, "28000");
    assert_non_null(strstr(err.message, "GetOAuthAuthorizationURL"));
    assert_non_null(strstr(err.message, "OAuthVerifier"));
    browser_end(&browser);
}

static void only_web_addresses_are_opened(void **state)
{
    static const char *const urls[] = {"file:///etc/passwd", "javascript:alert(1)", "--help", "http://example.com/"};
    (void)state;
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        struct browser browser;
        struct error err = {0};
        assert_false(browser_start(&browser, urls[i], &err));
        browser_end(&browser);
    }
}

/* What a script as $BROWSER writes into the file beside it. */
static void run_and_read(const char *name, const char *commands, char *text, size_t room)
{
    struct browser browser;
    struct error err = {0};
    char path[128];
    setenv("BROWSER", script(name, commands), 1);
    assert_true(browser_start(&browser, url, &err));
    assert_true(settle(&browser, &err));
    browser_end(&browser);
    snprintf(path, sizeof path, "%s/%s.seen", folder, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    text[fread(text, 1, room - 1, file)] = '\0';
    fclose(file);
    unlink(path);
}

static void the_browser_inherits_no_files(void **state)
{
    char text[512];
    (void)state;
    int secret = open("/etc/passwd", O_RDONLY); /* deliberately without close-on-exec, as a host program might */
    run_and_read("listing", "ls /proc/self/fd > \"$0.seen\"", text, sizeof text);
    close(secret);
    assert_string_equal(text, "0\n1\n2\n3\n"); /* 3 is the folder that ls itself reads */
}

/* A host program may have blocked or ignored what a browser must hear, if it is to end when the session does. */
static void the_browser_hears_every_signal(void **state)
{
    char text[512];
    unsigned long long deaf, ignored;
    sigset_t blocked, before;
    (void)state;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    sigprocmask(SIG_BLOCK, &blocked, &before);
    void (*handler)(int) = signal(SIGHUP, SIG_IGN);
    run_and_read("signals", "grep -E 'SigBlk|SigIgn' /proc/self/status > \"$0.seen\"", text, sizeof text);
    signal(SIGHUP, handler);
    sigprocmask(SIG_SETMASK, &before, NULL);
    assert_int_equal(sscanf(text, "SigBlk: %llx SigIgn: %llx", &deaf, &ignored), 2);
    assert_int_equal(deaf, 0);
    assert_int_equal(ignored & ~(3ULL << 31), 0); /* 32 and 33 are the C library's own: no program can change them */
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    char command[64];
    (void)state;
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_commands_apart),
        cmocka_unit_test(many_urls_fit_in_one_command),
        cmocka_unit_test(the_next_alternative_follows_a_failure),
        cmocka_unit_test(no_browser_names_the_headless_way),
        cmocka_unit_test(only_web_addresses_are_opened),
        cmocka_unit_test(the_browser_inherits_no_files),
        cmocka_unit_test(the_browser_hears_every_signal),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
