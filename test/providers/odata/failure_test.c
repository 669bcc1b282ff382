/* Proves providers/odata/failure.c: the service's words in errors of every form. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "providers/odata/failure.h"

static void words_are_found_in_every_form(void **state)
{
    static const struct { const char *body, *code, *message; } cases[] = {
        /* V2, V3, V4 */
        {"{\"error\":{\"code\":\"X/1\",\"message\":{\"lang\":\"en\",\"value\":\"No such\\nthing\"}}}", "X/1", "No such thing"},
        {"{\"odata.error\":{\"code\":\"\",\"message\":{\"lang\":\"en-US\",\"value\":\"Bad request.\"},\"innererror\":{\"message\":\"other\"}}}", "", "Bad request."},
        {"{\"error\":{\"code\":501,\"message\":\"Unsupported\",\"details\":[{\"code\":\"301\",\"target\":\"$search\",\"message\":\"$search is not supported\"}]}}",
         "501", "Unsupported; $search is not supported"},
        {"{\"error\":{\"code\":\"5\",\"message\":\"\",\"innererror\":{\"message\":\"inside\"}}}", "5", "inside"},
        {"{\"error\":{\"code\":\"005056\",\"message\":{\"value\":\"In the context\"},\"innererror\":{\"errordetails\":[{\"message\":\"In the context\"},"
         "{\"message\":\"Field X is missing\"}]}}}", "005056", "In the context; Field X is missing"},
        {"{\"error\":\"invalid_token\"}", "", "invalid_token"},
        {"{\"Message\":\"The query specified in the URI is not valid.\"}", "", "The query specified in the URI is not valid."},
        {"<?xml version='1.0'?><m:error xmlns:m='x'><m:code>7</m:code><m:message xml:lang='en'>No &amp; no</m:message><m:innererror><m:message>deep</m:message>"
         "<m:stacktrace>at X</m:stacktrace></m:innererror></m:error>", "7", "No & no; deep"},
        {"<error xmlns='http://docs.oasis-open.org/odata/ns/metadata'><code>501</code><message>Unsupported</message><details><detail><code>301</code>"
         "<message>$search</message></detail></details></error>", "501", "Unsupported; $search"},
        /* Behind rows, in documents that are broken by it. */
        {"{\"value\":[{\"ID\":1,\"error\":\"no\"},{\"error\":{\"code\":\"9\",\"message\":\"Time is up\"}}", "9", "Time is up"},
        {"{\"odata.metadata\":\"m\",\"value\":[{\"a\":1},{\"odata.error\" : {\"code\":\"\",\"message\":{\"value\":\"thrown\"}}}", "", "thrown"},
        {"<feed xmlns:m='m'><entry><m:error><m:code/><m:message>thrown</m:message></m:error>", "", "thrown"},
        {"\xEF\xBB\xBF {\"error\":{\"message\":\"marked\"}}", "", "marked"},
        {"{\"value\":[]}", "", ""}, {"", "", ""}, {"Internal error", "", ""}, {"{\"error\":{}}", "", ""}, {"<html><body>error</body></html>", "", ""},
        {"{\"value\":[\"error\"", "", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct odata_words words;
        bool found = odata_words_find(cases[i].body, strlen(cases[i].body), &words);
        if (found != (cases[i].message[0] != '\0') || strcmp(words.message, cases[i].message) != 0 || strcmp(words.code, cases[i].code) != 0)
            fail_msg("case %zu: %s / %s", i, words.code, words.message);
    }
}

static void long_words_are_cut_at_a_character(void **state)
{
    char body[3000] = "{\"error\":{\"message\":\"";
    struct odata_words words;
    (void)state;

    for (int i = 0; i < 500; i++)
        strcat(body, "\xE2\x82\xAC");
    strcat(body, "\"}}");
    assert_true(odata_words_find(body, strlen(body), &words));
    assert_int_equal(strlen(words.message) % 3, 0);
    assert_true(strlen(words.message) > 590);
}

static void words_name_parts_of_the_address(void **state)
{
    const struct odata_words words = {.message = "The query option '$OrderBy' is not allowed"};
    (void)state;
    assert_true(odata_words_name(&words, "$orderby"));
    assert_false(odata_words_name(&words, "$filter"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_found_in_every_form),
        cmocka_unit_test(long_words_are_cut_at_a_character),
        cmocka_unit_test(words_name_parts_of_the_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
