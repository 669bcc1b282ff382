/* Starting the user's browser: $BROWSER, else xdg-open; without a shell, in a process that outlives nothing of ours. */
#ifndef OAUTH_BROWSER_H
#define OAUTH_BROWSER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct error;

enum { BROWSER_ARGUMENTS = 32 };

/* One command line, taken apart. */
struct browser_command {
    char *arguments[BROWSER_ARGUMENTS + 1];   /* NULL-terminated; in `space` */
    char *space;
};

/* Takes the first command of a list as $BROWSER has it: alternatives divided by ':', arguments by spaces; "%s" is the URL, "%%" a '%';
 * without "%s" the URL is added at the end. *rest gets what follows, NULL at the end.
 * False: out of memory, or no command there (arguments[0] NULL). */
bool browser_split(const char *list, const char *url, struct browser_command *command, const char **rest);
void browser_command_clear(struct browser_command *command);

struct browser {
    char *url;
    char *list;          /* $BROWSER or what stands in for it */
    const char *rest;    /* the alternatives not yet tried */
    pid_t child;         /* the process that watches the command for its first seconds; 0 = none */
    int report;          /* readable once the command has failed or is known to run; -1 = none */
};

/* Opens the URL. False: 28000 that names the headless way, when no command could be started; HY000 for a URL that may not be opened. */
bool browser_start(struct browser *browser, const char *url, struct error *err);

/* When `report` is readable: a command that failed at once is followed by the next alternative. False: there is none left. */
bool browser_check(struct browser *browser, struct error *err);

void browser_end(struct browser *browser);

#endif
