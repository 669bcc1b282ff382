/* Proves base/utf.c against Unicode's own table of well-formed sequences and the replacement of maximal subparts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/utf.h"

static void tells_well_formed_from_malformed(void **state)
{
    static const struct { const char *text; size_t length; bool valid; size_t offset; } cases[] = {
        {"", 0, true, 0}, {"plain", 5, true, 0}, {"\xC3\xA9", 2, true, 0}, {"\xE2\x82\xAC", 3, true, 0},
        {"\xF0\x9F\x98\x80", 4, true, 0}, {"\xF4\x8F\xBF\xBF", 4, true, 0}, {"a\0b", 3, true, 0},
        {"ab\xC0\xAF", 4, false, 2},          /* overlong */
        {"\xE0\x80\xAF", 3, false, 0},        /* overlong */
        {"\xED\xA0\x80", 3, false, 0},        /* surrogate */
        {"\xF4\x90\x80\x80", 4, false, 0},    /* past U+10FFFF */
        {"x\xE2\x82", 3, false, 1},           /* cut */
        {"\x80", 1, false, 0}, {"\xFF", 1, false, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t offset = 99;
        assert_int_equal(utf8_valid(cases[i].text, cases[i].length, &offset), cases[i].valid);
        if (!cases[i].valid)
            assert_int_equal(offset, cases[i].offset);
    }
}

static void replaces_maximal_subparts(void **state)
{
    /* Unicode 15, table 3-8: 61 F1 80 80 E1 80 C2 62 80 63 80 BF 64 */
    static const char text[] = "\x61\xF1\x80\x80\xE1\x80\xC2\x62\x80\x63\x80\xBF\x64";
    static const uint32_t expected[] = {0x61, 0xFFFD, 0xFFFD, 0xFFFD, 0x62, 0xFFFD, 0x63, 0xFFFD, 0xFFFD, 0x64};
    size_t at = 0, count = 0;
    (void)state;
    while (at < sizeof text - 1)
        assert_int_equal(utf8_next(text, sizeof text - 1, &at), expected[count++]);
    assert_int_equal(count, sizeof expected / sizeof expected[0]);
    assert_int_equal(utf8_count(text, sizeof text - 1), count);
}

static void goes_to_utf16_and_back(void **state)
{
    static const char text[] = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80z";
    static const uint16_t expected[] = {'a', 0xE9, 0x20AC, 0xD83D, 0xDE00, 'z'};
    uint16_t units[8];
    char back[32];
    size_t used;
    (void)state;

    assert_int_equal(utf16_units(text, strlen(text)), 6);
    assert_int_equal(utf8_to_utf16(text, strlen(text), units, 8, &used), 6);
    assert_int_equal(used, strlen(text));
    assert_memory_equal(units, expected, sizeof expected);
    assert_int_equal(utf16_bytes(units, 6), strlen(text));
    assert_int_equal(utf16_to_utf8(units, 6, back), strlen(text));
    assert_memory_equal(back, text, strlen(text));

    assert_int_equal(utf8_to_utf16(text, strlen(text), units, 4, &used), 3); /* never half a pair */
    assert_int_equal(used, 6);
}

static void keeps_lone_surrogates_out(void **state)
{
    static const uint16_t units[] = {0xD800, 'a', 0xDC00, 0xD83D};
    char out[16];
    (void)state;
    assert_int_equal(utf16_bytes(units, 4), 10);
    assert_int_equal(utf16_to_utf8(units, 4, out), 10);
    assert_memory_equal(out, "\xEF\xBF\xBD" "a\xEF\xBF\xBD\xEF\xBF\xBD", 10);
    assert_int_equal(utf8_put(out, 0xD800), 3);
    assert_memory_equal(out, "\xEF\xBF\xBD", 3);
}

static void cuts_at_characters(void **state)
{
    static const char text[] = "a\xE2\x82\xAC\xF0\x9F\x98\x80";
    static const size_t expected[] = {0, 1, 1, 1, 4, 4, 4, 4, 8};
    (void)state;
    for (size_t length = 0; length < sizeof text; length++)
        assert_int_equal(utf8_whole(text, length), expected[length]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_well_formed_from_malformed), cmocka_unit_test(replaces_maximal_subparts),
        cmocka_unit_test(goes_to_utf16_and_back), cmocka_unit_test(keeps_lone_surrogates_out),
        cmocka_unit_test(cuts_at_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
