/* Proves providers/definition/shelf.c: what is kept is found again, alone, for the same file and schema only, and while all files that it
 * was made from are as they were. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/error.h"
#include "providers/definition/shelf.h"
#include "sources.h"

#define HEAD "<provider xmlns='urn:restodbc:provider:1' name='Made' title='Made' url='https://made.example'>\n"
#define TABLE(name) "<table name='" name "' path='/t' rows='/t/*' description=''><column name='Id' type='bigint' at='id' key='yes'/></table>\n"
#define MORE(table) "<tables xmlns='urn:restodbc:provider:1'>" TABLE(table) "</tables>"

static char folder[] = "/tmp/restodbc-shelf-XXXXXX";
static char file[64], v1[64], v2[64];

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(file, sizeof file, "%s/made.xml", folder);
    snprintf(v1, sizeof v1, "%s/v1.xml", folder);
    snprintf(v2, sizeof v2, "%s/v2.xml", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(file);
    unlink(v1);
    unlink(v2);
    return rmdir(folder);
}

/* What has been written within the clock's last tick is not kept. */
static void let_it_age(void)
{
    nanosleep(&(struct timespec){0, 200000000}, NULL);
}

static void write_all(void)
{
    write_text(file, HEAD "<include file='v1.xml' schema='V1'/><include file='v2.xml' schema='V2'/></provider>");
    write_text(v1, MORE("One"));
    write_text(v2, MORE("Two"));
}

static struct definition *open_schema(const char *schema)
{
    struct definition *definition;
    struct error err = {0};

    if (!definition_open(file, source_path("providers/provider.rng"), schema, &definition, &err))
        fail_msg("%s", err.message);
    return definition;
}

static void found_again(void **state)
{
    struct definition *first, *second;
    (void)state;

    write_all();
    let_it_age();
    assert_null(shelf_take(file, NULL));
    shelf_keep(first = open_schema("V1"));
    shelf_keep(second = open_schema("V2"));
    assert_null(shelf_take("/elsewhere/made.xml", "V1"));
    assert_null(shelf_take(file, "V3"));
    assert_ptr_equal(shelf_take(file, "v2"), second);
    assert_null(shelf_take(file, "V2")); /* it is taken */
    assert_ptr_equal(shelf_take(file, ""), first);
    shelf_keep(first);
    assert_ptr_equal(shelf_take(file, NULL), first);
    shelf_keep(first); /* closed at the end of the process */
    definition_close(second);
}

static void no_schemas(void **state)
{
    struct definition *made;
    (void)state;

    write_text(file, HEAD TABLE("T") "</provider>");
    let_it_age();
    shelf_keep(made = open_schema(NULL));
    assert_null(shelf_take(file, "V1"));
    assert_ptr_equal(shelf_take(file, ""), made);
    definition_close(made);
}

static void other_files(void **state)
{
    (void)state;

    write_all();
    let_it_age();
    shelf_keep(open_schema("V1"));
    write_text(v1, MORE("New"));
    assert_null(shelf_take(file, "V1"));

    shelf_keep(open_schema("V1")); /* of a file just written: the next writing might not be seen */
    assert_null(shelf_take(file, "V1"));

    let_it_age();
    shelf_keep(open_schema("V1"));
    write_text(v2, MORE("New")); /* it is not of this schema */
    struct definition *made = shelf_take(file, "V1");
    assert_non_null(made);
    shelf_keep(made);
    unlink(file);
    assert_null(shelf_take(file, "V1"));
}

static void full(void **state)
{
    struct definition *made;
    (void)state;

    write_all();
    let_it_age();
    shelf_keep(open_schema("V1"));
    for (int i = 0; i < 20; i++)
        shelf_keep(open_schema("V2"));
    assert_null(shelf_take(file, "V1"));
    for (int i = 0; i < 8; i++) {
        made = shelf_take(file, "V2");
        assert_non_null(made);
        definition_close(made);
    }
    assert_null(shelf_take(file, "V2"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(found_again), cmocka_unit_test(no_schemas), cmocka_unit_test(other_files), cmocka_unit_test(full),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
