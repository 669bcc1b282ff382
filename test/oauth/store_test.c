/* Proves that what is kept in memory survives a fork: in the child it is there and nobody holds it. */
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "base/error.h"
#include "oauth/store.h"

enum { MUCH = 2 * 1024 * 1024, CHILDREN = 40 };

static atomic_bool begun, over;

static bool reads(const char *path, struct buffer *out)
{
    struct error err;
    bool found;
    buffer_reset(out);
    return store_read(path, out, &found, &err) && found && out->length == MUCH;
}

/* So much is copied that the memory is busy most of the time. It is copied to the same place again and again: who allocates while others
 * fork may leave a child without an allocator under AddressSanitizer. */
static void *read_all_the_time(void *context)
{
    struct buffer out;
    bool done = true;
    buffer_init(&out, MUCH);
    while (done && !atomic_load(&over)) {
        done = reads("memory://much", &out);
        atomic_store(&begun, true);
    }
    buffer_clear(&out);
    return done ? context : NULL;
}

static void a_child_finds_the_memory_free(void **state)
{
    struct error err;
    struct buffer out;
    struct store_lock lock;
    pthread_t thread;
    void *result;
    int held_up = 0;
    char *much = calloc(MUCH, 1);
    (void)state;
    buffer_init(&out, MUCH);
    assert_true(store_replace("memory://much", much, MUCH, &err));
    assert_true(store_lock("memory://much", NULL, &lock, &err)); /* whose holder does not come along */
    assert_int_equal(pthread_create(&thread, NULL, read_all_the_time, &held_up), 0);
    while (!atomic_load(&begun))
        sched_yield();
    for (int i = 0; i < CHILDREN; i++) {
        int status;
        pid_t child = fork();
        if (child == 0) {
            alarm(20); /* it hangs otherwise */
            _exit(reads("memory://much", &out) && store_lock("memory://much", NULL, &lock, &err) ? 0 : 1);
        }
        waitpid(child, &status, 0);
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
            held_up++;
            break;
        }
    }
    atomic_store(&over, true);
    pthread_join(thread, &result);
    store_unlock(&lock);
    free(much);
    assert_ptr_equal(result, &held_up);
    assert_int_equal(held_up, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_child_finds_the_memory_free)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
