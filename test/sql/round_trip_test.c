/* Proves that the parser's tree says all that the text says: random queries, unparsed and parsed again, are the same trees. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "random_query.h"
#include "sql/parser.h"
#include "unparse.h"

enum { QUERIES = 5000, MOST = 4 << 20 };

/* False for the one thing that random queries may have and that is refused: rows compared within rows. */
static bool parse(const char *text, struct arena *arena, struct buffer *sql, struct buffer *tree)
{
    struct parsed *parsed = NULL;
    struct error err = {0};
    size_t parameters;

    if (!sql_parse(text, strlen(text), arena, &parsed, &parameters, &err) && strstr(err.message, "A comparison of rows"))
        return false;
    if (!parsed || err.sqlstate[0])
        fail_msg("%s %s\n%s", err.sqlstate, err.message, text);
    assert_int_equal(parsed->kind, STATEMENT_SELECT);
    unparse_query(sql, parsed->query);
    dump_query(tree, parsed->query);
    assert_false(sql->failed || tree->failed);
    return true;
}

static void returns_the_same(const char *text, const char *from)
{
    struct buffer sql[2], tree[2];
    struct arena arena = {0};

    for (int i = 0; i < 2; i++) {
        buffer_init(&sql[i], MOST);
        buffer_init(&tree[i], MOST);
    }
    if (parse(text, &arena, &sql[0], &tree[0]))
        assert_true(parse(buffer_text(&sql[0]), &arena, &sql[1], &tree[1]));
    const char *before = buffer_text(&tree[0]), *after = buffer_text(&tree[1]);
    if (strcmp(before, after) != 0) {
        size_t same = 0;
        while (before[same] == after[same])
            same++;
        same -= same > 80 ? 80 : same;
        fail_msg("%s: the trees differ: …%.160s… is …%.160s… in\n%.800s", from, before + same, after + same, text);
    }
    for (int i = 0; i < 2; i++) {
        buffer_clear(&sql[i]);
        buffer_clear(&tree[i]);
    }
    arena_clear(&arena);
}

static void random_queries_come_back(void **state)
{
    const char *given = getenv("SEED");
    uint64_t first = given ? strtoull(given, NULL, 10) : 1;
    (void)state;

    for (uint64_t seed = first; seed < first + (given ? 1 : QUERIES); seed++) {
        struct buffer text;
        char from[40];
        buffer_init(&text, MOST);
        random_query(&text, seed);
        snprintf(from, sizeof from, "SEED=%llu", (unsigned long long)seed);
        returns_the_same(buffer_text(&text), from);
        buffer_clear(&text);
    }
}

static void what_no_random_query_has_comes_back(void **state)
{
    static const char *const texts[] = {
        "SELECT t.*, * FROM a.b.c t NATURAL LEFT JOIN d JOIN e USING (x, y)", "SELECT TOP 5 PERCENT WITH TIES a FROM t ORDER BY a",
        "SELECT X'0aff', {guid '12345678-1234-1234-1234-123456789ABC'}, TIME '10:00:00.500', ?, 9223372036854775808, -5, - -5, +a",
        "SELECT CURRENT_DATE + INTERVAL ? DAY, a - INTERVAL '-3' MONTH, INTERVAL '0.5' SECOND * -2 + a", "WITH RECURSIVE q(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM q) SELECT n FROM q",
        "VALUES (1, 'a'), (2, NULL)", "(VALUES (1) ORDER BY 1 LIMIT 1) UNION VALUES (2), (3)", "SELECT 1 UNION SELECT 2 INTERSECT SELECT 3 EXCEPT ALL SELECT 4 ORDER BY a + 1",
        "SELECT a FROM ((SELECT 1) x JOIN (y LEFT JOIN z ON TRUE) ON 1 = 1), w", "SELECT CAST(a AS CHAR(5)), TRY_CAST(a AS VARBINARY(4)), DATE(a), CONVERT(a, SQL_GUID), CAST(a AS TEXT)",
        "SELECT (1, 2), (a, b) IS NOT DISTINCT FROM (c, d), (a, b) >= (c, d)", "SELECT a AS \"x \"\"y\"\"\" FROM \"t[\" AS [u]]]",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        returns_the_same(texts[i], "text");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_queries_come_back), cmocka_unit_test(what_no_random_query_has_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
