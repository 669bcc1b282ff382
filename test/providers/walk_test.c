/* Proves that a walk takes no more memory for very many parents than for a few: providers/definition/walk.c, pages.c, and what is under them. */
#include <arpa/inet.h>
#include <malloc.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/error.h"
#include "base/property.h"
#include "decoding.h"
#include "providers/definition/service.h"
#include "table/service.h"

enum { PARENTS = 100000, PAGE = 500, EACH = 50 /* of so many parents one has a child */, UNDER_WAY = 8 };

static const char text[] =
    "<provider xmlns='urn:restodbc:provider:1' name='Made' title='Made' url='https://made.example'>\n"
    "<paging kind='link'/>\n"
    "<table name='Parents' path='/p' rows='/*' description=''><column name='Id' type='bigint' at='id' key='yes'/><column name='Name' type='string' at='name'/>"
    "<column name='Has' type='boolean' at='has'/></table>\n"
    "<table name='Children' path='/p/{Parent}/c' rows='/*' paging='no' parent='Parents' parent-if='Has' description=''><column name='Id' type='bigint' at='id'/>"
    "<column name='Parent' type='bigint' from='Parents.Id'/><column name='ParentName' type='string' from='Parents.Name'/></table>\n"
    "</provider>\n";

/* ---- A server that knows both addresses ---- */

static void answer(int socket, const char *path)
{
    static char body[PAGE * 80], head[200];
    int page = 0, parent, length = 0;

    if (sscanf(path, "/p/%d/c", &parent) == 1) {
        length = snprintf(body, sizeof body, "[{\"id\":%d}]", parent * 10);
    } else {
        sscanf(path, "/p?page=%d", &page);
        for (int i = 0; i < PAGE; i++) {
            int id = page * PAGE + i;
            length += snprintf(body + length, sizeof body - (size_t)length, "%c{\"id\":%d,\"name\":\"parent %d\",\"has\":%d}", i ? ',' : '[', id, id, id % EACH == 0);
        }
        body[length++] = ']';
    }
    int more = path[2] != '/' && (page + 1) * PAGE < PARENTS;
    int written = snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n", length);
    if (more)
        written += snprintf(head + written, sizeof head - (size_t)written, "Link: </p?page=%d>; rel=next\r\n", page + 1);
    written += snprintf(head + written, sizeof head - (size_t)written, "\r\n");
    if (send(socket, head, (size_t)written, MSG_NOSIGNAL | MSG_MORE) < 0 || send(socket, body, (size_t)length, MSG_NOSIGNAL) < 0)
        return;
}

static void serve(int listener)
{
    char request[8192], path[64];

    for (;;) {
        int socket = accept(listener, NULL, NULL);
        size_t length = 0;
        ssize_t got;
        while (length < sizeof request - 1 && (got = recv(socket, request + length, sizeof request - 1 - length, 0)) > 0) {
            length += (size_t)got;
            request[length] = '\0';
            if (strstr(request, "\r\n\r\n"))
                break;
        }
        if (sscanf(request, "GET %63s", path) == 1)
            answer(socket, path);
        close(socket);
    }
}

static pid_t start_server(int *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);

    assert_true(bind(listener, (struct sockaddr *)&address, sizeof address) == 0 && listen(listener, 64) == 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &length), 0);
    *port = ntohs(address.sin_port);
    pid_t process = fork();
    if (process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        serve(listener);
    }
    close(listener);
    return process;
}

/* ---- The walk ---- */

/* The sanitizers' allocator counts by itself. */
extern size_t __sanitizer_get_current_allocated_bytes(void) __attribute__((weak));

static size_t allocated(void)
{
    return __sanitizer_get_current_allocated_bytes ? __sanitizer_get_current_allocated_bytes() : mallinfo2().uordblks;
}

static void many_parents_take_no_more_memory_than_few(void **state)
{
    struct properties properties;
    struct service *service;
    struct scan *scan;
    struct batch batch = {0};
    struct error err = {0};
    bool wanted[] = {true, true, true};
    size_t early = 0, most = 0;
    int64_t rows = 0;
    int port;
    (void)state;

    pid_t server = start_server(&port);
    service = decoding_open(text, &properties, "URL=http://127.0.0.1:%d", port);
    const struct table *table = service_table(service, "Children");
    struct scan_request request = {.table = table, .wanted = wanted, .limit = -1};
    assert_true(scan_open(&request, &scan, &err));
    for (;;) {
        if (!scan_next(table, scan, &batch, &err))
            fail_msg("%s", err.message);
        if (batch.row_count == 0)
            break;
        for (size_t i = 0; i < batch.row_count; i++, rows++) {
            char name[40];
            snprintf(name, sizeof name, "parent %lld", (long long)(rows * EACH));
            assert_int_equal(batch.cells[0][i].integer, rows * EACH * 10);
            assert_int_equal(batch.cells[1][i].integer, rows * EACH);
            assert_string_equal(batch.cells[2][i].text, name);
        }
        size_t now = allocated();
        if (rows < PARENTS / EACH / 10)
            early = now > early ? now : early;
        most = now > most ? now : most;
    }
    assert_int_equal(rows, PARENTS / EACH);
    print_message("%zu bytes after a tenth of the parents, %zu at the most\n", early, most);
    /* At one moment more requests are under way than at another, each with room to read in. */
    assert_true(most < early + early / 4 + UNDER_WAY * 160 * 1024);
    scan_close(table, scan);
    service->class->close(service);
    properties_clear(&properties);
    kill(server, SIGKILL);
    waitpid(server, NULL, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_parents_take_no_more_memory_than_few),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
