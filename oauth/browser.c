/* Starting the user's browser. */
#include "oauth/browser.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "http/url.h"

enum { WATCHED = 10000, WATCH_STEP = 20 /* milliseconds */ };

/* --- taking a command apart --- */

/* One argument with the URL in its place; returns the end of the copy. */
static char *copy_argument(char *out, const char *from, size_t length, const char *url, bool *has_url)
{
    for (size_t i = 0; i < length; i++) {
        if (from[i] == '%' && i + 1 < length && from[i + 1] == 's') {
            out = stpcpy(out, url);
            *has_url = true;
            i++;
        } else {
            *out++ = from[i];
            i += from[i] == '%' && i + 1 < length && from[i + 1] == '%';
        }
    }
    *out++ = '\0';
    return out;
}

bool browser_split(const char *list, const char *url, struct browser_command *command, const char **rest)
{
    size_t length = strcspn(list, ":");
    size_t count = 0;
    bool has_url = false;

    *command = (struct browser_command){0};
    *rest = list[length] ? list + length + 1 : NULL;
    /* "%s" takes two bytes and makes room for a URL: at most length / 2 of them, and one more at the end. */
    command->space = malloc(length + 2 + (length / 2 + 2) * (strlen(url) + 1));
    if (!command->space)
        return false;

    char *out = command->space;
    for (size_t at = strspn(list, " "); at < length && count < BROWSER_ARGUMENTS - 1; at += strspn(list + at, " ")) {
        size_t word = strcspn(list + at, " :");
        command->arguments[count++] = out;
        out = copy_argument(out, list + at, word, url, &has_url);
        at += word;
    }
    if (count && !has_url) {
        command->arguments[count] = out;
        memcpy(out, url, strlen(url) + 1);
    }
    return count > 0;
}

void browser_command_clear(struct browser_command *command)
{
    free(command->space);
    *command = (struct browser_command){0};
}

/* --- the processes: only calls that are safe between fork and exec in a process with threads --- */

static void default_signals(void)
{
    sigset_t none;
    struct sigaction action = {.sa_handler = SIG_DFL};

    for (int number = 1; number < NSIG; number++)
        sigaction(number, &action, NULL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Keeps nothing of the host program open but the report, and gives the command no terminal to write to. */
static void detach_files(int report)
{
    report = fcntl(report, F_DUPFD_CLOEXEC, 3); /* the host program may have had its own 0 to 2 closed */
    int null = open("/dev/null", O_RDWR);
    for (int fd = 0; null >= 0 && fd <= 2; fd++)
        dup2(null, fd);
    if (report != 3)
        dup3(report, 3, O_CLOEXEC);
    close_range(4, ~0U, 0);
}

static void become_command(struct browser_command *command, int report)
{
    execvp(command->arguments[0], command->arguments);
    char failed = 1;
    (void)!write(report, &failed, 1);
    _exit(127);
}

/* Runs the command as a grandchild, so that no zombie is left in the host program, and watches whether it fails at once. */
static void watch_command(struct browser_command *command, int report)
{
    static const struct timespec step = {0, WATCH_STEP * 1000000L};

    default_signals();
    setsid();
    detach_files(report);
    pid_t runner = fork();
    if (runner == 0)
        become_command(command, 3);
    for (int waited = 0; runner > 0 && waited < WATCHED; waited += WATCH_STEP) {
        int status;
        if (waitpid(runner, &status, WNOHANG) == runner) {
            char failed = !WIFEXITED(status) || WEXITSTATUS(status) != 0;
            (void)!write(3, &failed, 1);
            _exit(0);
        }
        nanosleep(&step, NULL);
    }
    _exit(0);
}

static void stop_watching(struct browser *browser)
{
    if (browser->report >= 0)
        close(browser->report);
    if (browser->child > 0) {
        kill(browser->child, SIGKILL); /* the watcher only: the browser itself stays */
        while (waitpid(browser->child, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    browser->report = -1;
    browser->child = 0;
}

static bool run(struct browser *browser, struct browser_command *command)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    pid_t child = fork();
    if (child == 0)
        watch_command(command, ends[1]);
    close(ends[1]);
    if (child < 0) {
        close(ends[0]);
        return false;
    }
    browser->child = child;
    browser->report = ends[0];
    return true;
}

/* --- choosing --- */

static bool none_left(struct error *err)
{
    return error_set(err, "28000", "No browser can be started to sign in with: set the environment variable BROWSER to one. On a machine "
                     "without a browser, sign in elsewhere at the URL that GetOAuthAuthorizationURL gives, then connect with "
                     "InitiateOAuth=REFRESH and OAuthVerifier set to the code that comes back");
}

static bool try_next(struct browser *browser, struct error *err)
{
    stop_watching(browser);
    while (browser->rest) {
        struct browser_command command;
        bool started = browser_split(browser->rest, browser->url, &command, &browser->rest) && run(browser, &command);
        browser_command_clear(&command);
        if (started)
            return true;
    }
    return none_left(err);
}

bool browser_start(struct browser *browser, const char *url, struct error *err)
{
    const char *list = getenv("BROWSER");

    *browser = (struct browser){.report = -1};
    if (!url_is_allowed(url, "The URL to sign in at", err))
        return false;
    browser->url = strdup(url);
    browser->list = strdup(list && *list ? list : "xdg-open");
    if (!browser->url || !browser->list) {
        browser_end(browser);
        return error_memory(err);
    }
    browser->rest = browser->list;
    return try_next(browser, err);
}

bool browser_check(struct browser *browser, struct error *err)
{
    char failed = 0;
    ssize_t got = browser->report >= 0 ? read(browser->report, &failed, 1) : 0;

    if (got < 0)
        return true; /* interrupted: it will be readable again */
    if (got == 1 && failed)
        return try_next(browser, err);
    stop_watching(browser); /* done its work, or still at it after the watch */
    return true;
}

void browser_end(struct browser *browser)
{
    stop_watching(browser);
    free(browser->url);
    free(browser->list);
    *browser = (struct browser){.report = -1};
}
