/* Proves sql/lexer.c: every kind of token, quoting, comments, places, and what it refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "sql/lexer.h"

static void knows_every_kind_of_token(void **state)
{
    static const struct { const char *text; enum token_kind kind; const char *content; } cases[] = {
        {"Users", TOKEN_WORD, "Users"}, {"Größe", TOKEN_WORD, "Größe"}, {"_a$1", TOKEN_WORD, "_a$1"}, {"#temp", TOKEN_WORD, "#temp"},
        {"\"a \"\"b\"\" c\"", TOKEN_QUOTED, "a \"b\" c"}, {"[a ]]b]", TOKEN_QUOTED, "a ]b"}, {"`a``b`", TOKEN_QUOTED, "a`b"},
        {"''", TOKEN_STRING, ""}, {"'it''s'", TOKEN_STRING, "it's"}, {"N'x'", TOKEN_STRING, "x"}, {"'a\nb'", TOKEN_STRING, "a\nb"},
        {"X'0aFF'", TOKEN_BINARY, "0aFF"}, {"0", TOKEN_WHOLE, "0"}, {"12", TOKEN_WHOLE, "12"}, {"1.5", TOKEN_DECIMAL, "1.5"},
        {".5", TOKEN_DECIMAL, ".5"}, {"1.", TOKEN_DECIMAL, "1."}, {"1e3", TOKEN_FLOAT, "1e3"}, {"1.5E-3", TOKEN_FLOAT, "1.5E-3"},
        {"?", TOKEN_PARAMETER, "?"}, {"@Id", TOKEN_AT_WORD, "Id"}, {"", TOKEN_END, ""}, {"  -- gone", TOKEN_END, ""},
        {"/* gone */x", TOKEN_WORD, "x"}, {"-- gone\nx", TOKEN_WORD, "x"},
        /* blanks as word processors, web pages and editors make them: no-break, em, ideographic and the byte order mark */
        {"\u00a0Users\u00a0", TOKEN_WORD, "Users"}, {"\ufeffUsers", TOKEN_WORD, "Users"}, {"\u2003 Gr\u00f6\u00dfe\u3000", TOKEN_WORD, "Gr\u00f6\u00dfe"},
        {"12\u202f", TOKEN_WHOLE, "12"}, {"'\u00a0'", TOKEN_STRING, "\u00a0"}, {"\u2603", TOKEN_WORD, "\u2603"}, {"@Id\u00a0", TOKEN_AT_WORD, "Id"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct lexer lexer = {cases[i].text, (uint32_t)strlen(cases[i].text), 0};
        struct arena arena = {0};
        struct error err = {0};
        struct token token;
        size_t length;
        assert_true(lexer_next(&lexer, &token, &err));
        assert_int_equal(token.kind, cases[i].kind);
        const char *content = lexer_content(&lexer, &token, &arena, &length);
        assert_string_equal(content, cases[i].content);
        assert_int_equal(length, strlen(cases[i].content));
        assert_true(lexer_next(&lexer, &token, &err));
        assert_int_equal(token.kind, TOKEN_END);
        arena_clear(&arena);
    }
}

static void knows_every_mark(void **state)
{
    static const char text[] = "( ) , . ; * / + - % = < > { } || <> != <= >= =>";
    static const int marks[] = {'(', ')', ',', '.', ';', '*', '/', '+', '-', '%', '=', '<', '>', '{', '}',
                                MARK_CONCATENATE, MARK_NOT_EQUAL, MARK_NOT_EQUAL, MARK_LESS_EQUAL, MARK_GREATER_EQUAL, MARK_ARROW};
    struct lexer lexer = {text, sizeof text - 1, 0};
    struct error err = {0};
    struct token token;
    (void)state;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        assert_true(lexer_next(&lexer, &token, &err));
        assert_int_equal(token.kind, TOKEN_OPERATOR);
        assert_int_equal(token.mark, marks[i]);
    }
}

static void refuses_what_is_not_sql(void **state)
{
    static const struct { const char *text, *message; } cases[] = {
        {"  'abc", "(line 1, column 3)"}, {"\n\n \"abc", "(line 3, column 2)"}, {"[abc", "expected ]"}, {"/* abc", "expected */"},
        {"'äö' ^", "found the character ^, which starts nothing in SQL (line 1, column 6)"}, {"5x", "a number runs into a name"},
        {"1e", "a number runs into a name"}, {"\x01", "control character 0x01"}, {"@", "the character @"}, {"!", "the character !"},
        {"|", "the character |"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct lexer lexer = {cases[i].text, (uint32_t)strlen(cases[i].text), 0};
        struct error err = {0};
        struct token token = {.kind = TOKEN_WORD};
        bool refused = false;
        while (!refused && token.kind != TOKEN_END)
            refused = !lexer_next(&lexer, &token, &err);
        assert_true(refused);
        assert_string_equal(err.sqlstate, "42000");
        assert_non_null(strstr(err.message, cases[i].message));
    }
}

static void stops_at_the_length_it_is_given(void **state)
{
    struct lexer lexer = {"SELECT 'x'", 6, 0};
    struct error err = {0};
    struct token token;
    (void)state;
    assert_true(lexer_next(&lexer, &token, &err));
    assert_true(lexer_is_word(&lexer, &token, "select"));
    assert_true(lexer_next(&lexer, &token, &err));
    assert_int_equal(token.kind, TOKEN_END);
}

static void counts_columns_in_characters(void **state)
{
    static const char text[] = "SELECT 'Größe',\n  äöü x";
    unsigned line, column;
    (void)state;
    lexer_place(text, (uint32_t)(strstr(text, "x") - text), &line, &column);
    assert_int_equal(line, 2);
    assert_int_equal(column, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_every_kind_of_token), cmocka_unit_test(knows_every_mark), cmocka_unit_test(refuses_what_is_not_sql),
        cmocka_unit_test(stops_at_the_length_it_is_given), cmocka_unit_test(counts_columns_in_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
