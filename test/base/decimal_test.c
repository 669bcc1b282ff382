/* Proves base/decimal.c: exact to 38 digits, rounding half away from zero, never a wrong digit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/decimal.h"

static struct decimal of(const char *text)
{
    struct decimal decimal;
    assert_true(decimal_parse(text, strlen(text), &decimal));
    return decimal;
}

static void assert_prints(const struct decimal *decimal, const char *expected)
{
    char text[DECIMAL_TEXT];
    assert_int_equal(decimal_print(decimal, text), strlen(expected));
    assert_string_equal(text, expected);
}

static void reads_and_writes(void **state)
{
    static const struct { const char *text, *canonical; } cases[] = {
        {"0", "0"}, {"-0", "0"}, {"007", "7"}, {"+1.50", "1.50"}, {".5", "0.5"}, {"5.", "5"}, {"-12.345", "-12.345"},
        {"1e3", "1000"}, {"1.5E-3", "0.0015"}, {"-0.00", "0.00"}, {"0e400", "0"},
        {"99999999999999999999999999999999999999", "99999999999999999999999999999999999999"},
        {"0.00000000000000000000000000000000000001", "0.00000000000000000000000000000000000001"},
    };
    static const char *const bad[] = {"", "-", ".", "1e", "1.2.3", "abc", "1 2", "0x10", "100000000000000000000000000000000000000", "1e38",
                                      /* past 2^128, where products begin anew */
                                      "350000000000000000000000000000000000005", "35000000000000000000000000000000000000e1", "3.5e38",
                                      "3402823669209384634633746074317682114560", "42.0e37"};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct decimal decimal = of(cases[i].text);
        assert_prints(&decimal, cases[i].canonical);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct decimal decimal;
        assert_false(decimal_parse(bad[i], strlen(bad[i]), &decimal));
    }
}

static void calculates(void **state)
{
    static const struct { const char *a; char op; const char *b; int scale; const char *result; } cases[] = {
        {"0.1", '+', "0.2", 0, "0.3"}, {"1", '-', "0.001", 0, "0.999"}, {"-5.5", '+', "5.5", 0, "0.0"},
        {"1.5", '*', "-2.25", 0, "-3.375"}, {"0", '*', "-1.0", 0, "0.0"},
        {"12345678901234567890.12345", '*', "98765432109876543.2", 0, "1219326311370217952126199604692882107.3"},
        {"10", '/', "3", 6, "3.333333"}, {"2", '/', "3", 2, "0.67"}, {"-1", '/', "8", 2, "-0.13"}, {"1", '/', "8", 2, "0.13"},
        {"1", '/', "99999999999999999999999999999999999999", 4, "0.0000"},
        {"99999999999999999999999999999999999999", '/', "0.5", 0, NULL},
        {"0.00000000000000000000000000000000000001", '/', "1", 38, "0.00000000000000000000000000000000000001"},
        {"0.00000000000000000000000000000000000001", '/', "0.00000000000000000000000000000000000001", 2, "1.00"},
        {"99999999999999999999999999999999999999", '+', "1", 0, NULL},
        {"99999999999999999999999999999999999999", '+', "99999999999999999999999999999999999999", 0, NULL},
        {"-99999999999999999999999999999999999999", '-', "99999999999999999999999999999999999999", 0, NULL},
        {"35000000000000000000000000000000000000", '+', "0.1", 0, NULL}, {"-35000000000000000000000000000000000000", '-', "0.5", 0, NULL},
        {"9999999999999999999999999999999999999", '+', "0.9", 0, "9999999999999999999999999999999999999.9"},
        /* a quotient of 2^128 - 1 that is rounded up */
        {"77988558337346105955698593895053944328", '/', "22918777438581189707678951958931354546", 38, NULL},
        {"77988558337346105955698593895053944328", '/', "22918777438581189707678951958931354546", 37, "3.4028236692093846346337460743176821146"},
        {"35000000000000000000000000000000000000", '/', "0.00000000000000000000000000000000000001", 2, NULL},
        {"9999999999999999999", '*', "99999999999999999999", 0, NULL},
        {"1", '/', "0", 2, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct decimal a = of(cases[i].a), b = of(cases[i].b), result;
        bool fine = cases[i].op == '+' ? decimal_add(&a, &b, &result)
            : cases[i].op == '-' ? decimal_subtract(&a, &b, &result)
            : cases[i].op == '*' ? decimal_multiply(&a, &b, &result)
            : decimal_divide(&a, &b, cases[i].scale, &result);
        assert_int_equal(fine, cases[i].result != NULL);
        if (fine)
            assert_prints(&result, cases[i].result);
    }
}

static void rounds_half_away_from_zero(void **state)
{
    static const struct { const char *text; int scale; const char *result; } cases[] = {
        {"2.5", 0, "3"}, {"-2.5", 0, "-3"}, {"2.449", 1, "2.4"}, {"0.05", 1, "0.1"}, {"1", 3, "1.000"}, {"-0.4", 0, "0"},
    };
    struct decimal large = of("99999999999999999999999999999999999999"), result;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct decimal decimal = of(cases[i].text);
        assert_true(decimal_rescale(&decimal, cases[i].scale, &result));
        assert_prints(&result, cases[i].result);
    }
    assert_false(decimal_rescale(&large, 1, &result));
    large = of("35000000000000000000000000000000000000");
    assert_false(decimal_rescale(&large, 1, &result));
    large = of("9999999999999999999999999999999999999");
    assert_true(decimal_rescale(&large, 1, &result));
}

static void compares_across_scales(void **state)
{
    static const struct { const char *a, *b; int order; } cases[] = {
        {"1.10", "1.1", 0}, {"-1", "1", -1}, {"2", "1.99999", 1}, {"-2", "-1.99999", -1}, {"0", "0.000", 0},
        {"99999999999999999999999999999999999999", "0.00000000000000000000000000000000000001", 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct decimal a = of(cases[i].a), b = of(cases[i].b);
        assert_int_equal(decimal_compare(&a, &b), cases[i].order);
        assert_int_equal(decimal_compare(&b, &a), -cases[i].order);
    }
}

static void becomes_other_numbers(void **state)
{
    long long integer;
    bool exact;
    struct decimal a = of("-12.99"), b = of("9223372036854775808"), c = of("0.1"), d = of("7.000");
    (void)state;
    assert_true(decimal_to_integer(&a, &integer, &exact));
    assert_int_equal(integer, -12);
    assert_false(exact);
    assert_true(decimal_to_integer(&d, &integer, &exact));
    assert_true(exact);
    assert_false(decimal_to_integer(&b, &integer, &exact));
    assert_true(decimal_to_double(&c) == 0.1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_and_writes), cmocka_unit_test(calculates), cmocka_unit_test(rounds_half_away_from_zero),
        cmocka_unit_test(compares_across_scales), cmocka_unit_test(becomes_other_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
