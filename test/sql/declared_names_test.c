/* Proves sql/declared_names.c: the names of constraints are found in what this driver and others have SQLite keep, and whatever a text holds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "sql/declared_names.h"

/* As "key pk(a,b) unique u(c)". */
static const char *names_of(const char *text, struct buffer *out)
{
    static const char *const kinds[] = {[DECLARED_PRIMARY_KEY] = "key", [DECLARED_UNIQUE] = "unique", [DECLARED_OTHER] = "check",
                                        [DECLARED_FOREIGN_KEY] = "foreign"};
    struct declared_name *names;
    struct arena arena = {0};
    size_t count;

    buffer_reset(out);
    assert_true(declared_names_read(text, &arena, &names, &count));
    for (size_t i = 0; i < count; i++) {
        buffer_printf(out, "%s%s %s(", i ? " " : "", kinds[names[i].kind], names[i].name);
        for (size_t j = 0; j < names[i].column_count; j++)
            buffer_printf(out, "%s%s", j ? "," : "", names[i].columns[j]);
        buffer_append_char(out, ')');
    }
    arena_clear(&arena);
    return buffer_text(out);
}

static void finds_every_name(void **state)
{
    static const struct { const char *text, *names; } cases[] = {
        {"CREATE TABLE \"t\" (\"a\" INT integer, CONSTRAINT \"p k\" PRIMARY KEY (\"a\"))", "key p k(a)"},
        {"CREATE TABLE t (a INT, b INT, CONSTRAINT pk PRIMARY KEY (b, a), UNIQUE (a), CONSTRAINT [u] UNIQUE (\"b\" COLLATE NOCASE DESC, a))",
         "key pk(b,a) unique u(b,a)"},
        {"create table t(a int constraint f references p(x) on delete cascade constraint u unique, b int constraint c check (b in (1, (2))))",
         "foreign f(a) unique u(a) check c()"},
        {"CREATE TABLE t (a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (x), CONSTRAINT g FOREIGN KEY (a) REFERENCES q)", "foreign f(a) foreign g(a)"},
        {"CREATE TABLE t (\"constraint\" INT, b DECIMAL(5, 2) DEFAULT (1 + (2)) CHECK (b <> ')'), CONSTRAINT x CHECK (b > 0) CHECK (b < 9))", "check x()"},
        {"CREATE TABLE t (id INTEGER CONSTRAINT pk PRIMARY KEY AUTOINCREMENT, note)", "key pk(id)"},
        {"CREATE TABLE t (a, b) WITHOUT ROWID", ""},
        {"CREATE VIRTUAL TABLE t USING fts5(x, y, tokenize = 'porter')", ""},
    };
    struct buffer out;
    (void)state;
    buffer_init(&out, 1000);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(names_of(cases[i].text, &out), cases[i].names);
    buffer_clear(&out);
}

static void reads_on_as_far_as_it_can(void **state)
{
    static const char *const texts[] = {
        "", "CREATE TABLE t", "(", "CREATE TABLE t (", "CREATE TABLE t (a INT CONSTRAINT", "CREATE TABLE t (a INT CONSTRAINT x", "CREATE TABLE t (CONSTRAINT x PRIMARY KEY (",
        "CREATE TABLE t (CONSTRAINT x PRIMARY KEY (a", "CREATE TABLE t (a CHECK (((", "CREATE TABLE t (a, , b)", "CREATE TABLE t (1)", "CREATE TABLE t (a 'open)",
    };
    struct buffer out;
    (void)state;
    buffer_init(&out, 1000);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        names_of(texts[i], &out);
    assert_string_equal(names_of("CREATE TABLE t (a CONSTRAINT u UNIQUE, b @, CONSTRAINT v UNIQUE (b))", &out), "unique u(a)");
    buffer_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(finds_every_name), cmocka_unit_test(reads_on_as_far_as_it_can)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
