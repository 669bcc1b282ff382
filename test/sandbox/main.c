/* restodbc-sandbox: a local server that plays web services for tests and for the demonstration. */
#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test/sandbox/basecamp.h"
#include "test/sandbox/control.h"
#include "test/sandbox/oauth1_server.h"
#include "test/sandbox/oauth_server.h"
#include "test/sandbox/odata.h"
#include "test/sandbox/server.h"
#include "test/sandbox/tsheets.h"
#include "test/sandbox/zoho.h"

static const char usage[] =
    "Usage: restodbc-sandbox [OPTION]...\n"
    "Plays TSheets, Basecamp 2 and 3, Zoho Books and their authorization servers, and a shop by OData, on the loopback interface until\n"
    "SIGTERM or SIGINT.\n\n"
    "  --port N              listen on this port; 0, the default, takes a free one\n"
    "  --port-file FILE      write the port there once requests are welcome\n"
    "  --rows N              timesheets, invoices and products to make up, other tables in proportion (default 1000)\n"
    "  --projects N          projects of the first Basecamp account of each kind (default 8)\n"
    "  --todos N             to-dos of each of its projects (default 60)\n"
    "  --latency MS          wait before every answer of a service\n"
    "  --token-lifetime S    how long an access token is good (default 864000)\n"
    "  --refresh-lifetime S  how long a refresh token is good (default 100 token lifetimes, at least a day)\n"
    "  --help                this text\n\n"
    "GET /_dsn has a ready connection string for each service.\n";

static bool read_number(const char *text, unsigned long largest, unsigned *number)
{
    char *end;
    unsigned long value = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || value > largest)
        return false;
    *number = (unsigned)value;
    return true;
}

/* True when the program shall go on; else *status is its exit status. */
static bool read_options(int argc, char **argv, struct options *options, int *status)
{
    static const struct option known[] = {
        {"port", required_argument, NULL, 'p'}, {"port-file", required_argument, NULL, 'f'}, {"rows", required_argument, NULL, 'r'},
        {"projects", required_argument, NULL, 'j'}, {"todos", required_argument, NULL, 'd'},
        {"latency", required_argument, NULL, 'l'}, {"token-lifetime", required_argument, NULL, 't'},
        {"refresh-lifetime", required_argument, NULL, 'e'}, {"help", no_argument, NULL, 'h'}, {0},
    };
    unsigned port = 0;
    int choice;

    *status = EXIT_FAILURE;
    while ((choice = getopt_long(argc, argv, "", known, NULL)) != -1) {
        bool good = true;
        switch (choice) {
        case 'p': good = read_number(optarg, 65535, &port); break;
        case 'f': options->port_file = optarg; break;
        case 'r': good = read_number(optarg, 5000000, &options->rows); break;
        case 'j': good = read_number(optarg, 5000, &options->projects); break;
        case 'd': good = read_number(optarg, 20000, &options->todos); break;
        case 'l': good = read_number(optarg, 3600000, &options->latency); break;
        case 't': good = read_number(optarg, 315360000, &options->token_lifetime); break;
        case 'e': good = read_number(optarg, 3153600000, &options->refresh_lifetime); break;
        case 'h':
            fputs(usage, stdout);
            *status = EXIT_SUCCESS;
            return false;
        default: return false;
        }
        if (!good) {
            fprintf(stderr, "restodbc-sandbox: \"%s\" is not a number this option takes\n", optarg);
            return false;
        }
    }
    if (optind < argc) {
        fprintf(stderr, "restodbc-sandbox: nothing is done with \"%s\"; see --help\n", argv[optind]);
        return false;
    }
    options->port = (uint16_t)port;
    if (options->refresh_lifetime == 0)
        options->refresh_lifetime = options->token_lifetime < 864 ? 86400 : options->token_lifetime * 100 > options->token_lifetime
                                        ? options->token_lifetime * 100 : options->token_lifetime;
    return true;
}

/* By rename, so that whoever waits for the file never reads half of it. */
static bool write_port(const char *path, uint16_t port)
{
    size_t room = strlen(path) + 5;
    char *draft = zeroed(room, 1);
    snprintf(draft, room, "%s.new", path);
    FILE *file = fopen(draft, "w");
    bool good = file && fprintf(file, "%u\n", port) > 0;
    if (file)
        good = fclose(file) == 0 && good;
    good = good && rename(draft, path) == 0;
    free(draft);
    return good;
}

int main(int argc, char **argv)
{
    struct options options = {.rows = 1000, .token_lifetime = 864000};
    int status, signal_number;
    sigset_t ending;

    if (!read_options(argc, argv, &options, &status))
        return status;
    sigemptyset(&ending);
    sigaddset(&ending, SIGTERM);
    sigaddset(&ending, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ending, NULL);  /* the server's threads inherit it */
    signal(SIGPIPE, SIG_IGN);

    struct oauth_server *oauth = oauth_server_open(options.token_lifetime, options.refresh_lifetime);
    struct oauth1_server *oauth1 = oauth1_server_open(oauth);
    struct tsheets *tsheets = tsheets_open(options.rows, oauth);
    struct control *control = control_open();
    struct basecamp *basecamp = basecamp_open(options.projects, options.todos, oauth);
    struct zoho *zoho = zoho_open(options.rows, options.token_lifetime, oauth, control);
    struct odata *odata = odata_open(options.rows);
    struct service_play services[] = {tsheets_play(tsheets), basecamp_play_2(basecamp), basecamp_play_3(basecamp), zoho_play(zoho),
                                      zoho_accounts_play(zoho), odata_play(odata, 2), odata_play(odata, 3), odata_play(odata, 4)};
    struct sandbox sandbox = {.options = &options, .control = control, .oauth = oauth, .oauth1 = oauth1, .services = services,
                              .service_count = sizeof services / sizeof services[0]};
    struct server *server = server_start(&sandbox);

    status = EXIT_FAILURE;
    if (!server) {
        fprintf(stderr, "restodbc-sandbox: port %u of 127.0.0.1 can not be had\n", options.port);
    } else if (options.port_file && !write_port(options.port_file, sandbox.port)) {
        fprintf(stderr, "restodbc-sandbox: %s can not be written\n", options.port_file);
    } else {
        printf("%s/\n", sandbox.base);
        fflush(stdout);
        sigwait(&ending, &signal_number);
        status = EXIT_SUCCESS;
    }
    server_stop(server);
    control_close(control);
    zoho_close(zoho);
    odata_close(odata);
    tsheets_close(tsheets);
    basecamp_close(basecamp);
    oauth1_server_close(oauth1);
    oauth_server_close(oauth);
    return status;
}
