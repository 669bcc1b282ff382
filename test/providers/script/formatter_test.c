/* Proves every formatter, by examples: "value | formatter(parameters)" and what comes of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "base/property.h"
#include "providers/script/formatter.h"
#include "providers/script/run.h"
#include "providers/script/world.h"

static const struct example {
    const char *value, *use, *wanted;    /* wanted beginning with "!": an error that holds this */
} examples[] = {
    {"", "def('x')", "x"}, {"v", "def('x')", "v"}, {"v", "default(x)", "v"}, {"", "allownull", ""}, {"v", "allownull()", "v"}, {"", "empty(none)", "none"},
    {"v", "empty(none)", "v"}, {"v", "notempty(some)", "some"}, {"", "notempty(some, nothing)", "nothing"}, {"", "notnull(some)", ""},
    {"a", "equals(a)", "true"}, {"a", "isequal(b)", "false"}, {"A", "equalsignorecase('a', yes, no)", "yes"}, {"a", "notequals(a, yes, no)", "no"},
    {"file.txt", "endswith(.txt)", "true"}, {"file.txt", "startswith('fi', 1, 0)", "1"}, {"file", "contains(il)", "true"}, {"a", "ifequal(a, b, c)", "b"},
    {"x", "ifequal(a, b, c)", "c"}, {"x", "ifequal(a, b)", "x"},
    {"Grüße", "find(e)", "4"}, {"abcabc", "find(b, 2)", "4"}, {"abc", "find(x)", "-1"}, {"Grüße", "getlength()", "5"}, {"aXbXc", "count(X)", "2"},
    {"a\nb\nc", "arrayfind(b)", "2"}, {"a,b", "arrayfind(c, ',')", "0"}, {"Grüße", "substring(2, 2)", "üß"}, {"abc", "substring(1)", "bc"},
    {"a-b-c", "replace('-', '+')", "a+b+c"}, {"aaa", "replace(aa,b)", "ba"}, {"a'b", "replace('''', '')", "ab"}, {"abcd", "remove(1, 2)", "ad"},
    {"abab", "remove(b)", "aa"}, {"ac", "insert(1, b)", "abc"}, {"ÄBc", "tolower", "Äbc"}, {"abc", "toupper()", "ABC"}, {"abc def", "capitalize", "Abc def"},
    {"abc def", "capitalizeall", "Abc Def"}, {"  a ", "trim", "a"}, {" a ", "trimstart", "a "}, {" a ", "trimend", " a"}, {"ab", "center(5)", " ab  "},
    {"7", "padleft(3, 0)", "007"}, {"7", "rjust(3)", "  7"}, {"a", "ljust(3, '.')", "a.."}, {"ab", "padright(1)", "ab"}, {"Grüße", "truncate(3, '…')", "Grü…"},
    {"aa bb cc", "wordwrap(5)", "aa bb\ncc"}, {"a b\tc", "nowhitespace", "abc"}, {"abc", "obfuscate", "***"}, {"a/b/c", "split('/', 2)", "b"},
    {"a", "split('/', 2)", ""}, {"a\nb", "join(';')", "a;b"}, {"x", "print", "x"}, {"a", "substring(x)", "!the formatter substring takes a number from 0"},
    {"ab12c", "match('[0-9]+')", "12"}, {"k=v", "regexmatch('(\\w)=(\\w)', 2)", "v"}, {"ABC", "match(b, 0, i)", "B"}, {"abc", "match('(')", "!does not understand"},
    {"a1b22", "regexreplace('\\d+', '<$0>')", "a<1>b<22>"}, {"aaa", "regexreplace('^a', 'b')", "baa"}, {"abc", "regexreplace('(a)(?:b)', '$1-')", "a-c"},
    {"abc", "regexreplace('x*', '-')", "-a-b-c"},
    {"0.1", "add(0.2)", "0.3"}, {"1", "subtract(2.5)", "-1.5"}, {"12345678901234567890", "multiply(10)", "123456789012345678900"}, {"1", "divide(3)", "0.333333333333333"},
    {"6", "divide(4)", "1.5"}, {"7.5", "modulus(2)", "1.5"}, {"1", "divide(0)", "!can not divide by zero"}, {"x", "add(1)", "!needs a number, not \"x\""},
    {"", "add(1)", "1"}, {"1,234", "increment", "1235"}, {"5", "decrement(2)", "3"}, {"2.5", "round", "3"}, {"2.345", "round(2)", "2.35"}, {"-2.1", "ceiling", "-2"},
    {"-2.1", "floor", "-3"}, {"-2.5", "abs", "2.5"}, {"9", "sqrt", "3"}, {"2", "pow(10)", "1024"}, {"-1", "sqrt", "!has no result"},
    {"true", "and(1)", "true"}, {"no", "or(false)", "false"}, {"yes", "xor(yes)", "false"}, {"0", "not", "true"}, {"10", "greaterthan(9)", "true"},
    {"10", "lessthan(9, a, b)", "b"}, {"5", "between(1, 5)", "true"}, {"6", "between(1, 5, in, out)", "out"}, {"x", "rand(1)", "0"},
    {"1234567.891", "decimal", "1,234,567.89"}, {"-1234.5", "currency(1)", "-$1,234.5"}, {"0.256", "percentage(1)", "25.6%"},
    {"1\n2\n4", "arraysum", "7"}, {"1\n2\n4", "arraymax", "4"}, {"3\n2\n4", "arraymin", "2"}, {"1\n2\n4", "arraycount", "3"}, {"1\n2", "arrayaverage", "1.5"},
    {"2\n3", "arrayaverage(ToEven)", "2"}, {"3\n4", "arrayaverage(ToEven, 0)", "4"}, {"2\n3", "arrayaverage(AwayFromZero)", "3"}, {"2\n3", "arrayaverage(ToZero)", "2"},
    {"1", "arrayaverage(Up)", "!rounds ToEven"},
    {"a b/ü", "urlencode", "a%20b%2F%C3%BC"}, {"a%20b+c", "urldecode", "a b c"}, {"%zz", "urldecode", "!can not decode"},
    {"<a & 'b'>", "xmlencode", "&lt;a &amp; &apos;b&apos;&gt;"}, {"&lt;&#65;&#x42;&nope;", "xmldecode", "<AB&nope;"}, {"<b>", "htmlencode", "&lt;b&gt;"},
    {"&#252;", "htmldecode", "ü"}, {"<", "sanitize", "&lt;"}, {"a\"b\n", "jsonescape", "a\\\"b\\n"}, {"a\"", "tojson", "\"a\\\"\""},
    {"hello", "base64encode", "aGVsbG8="}, {"aGVsbG8=", "base64decode", "hello"}, {"*", "base64decode", "!can not decode"}, {"AA==", "base64decode", "!no text"},
    {"AZ", "hexencode", "415a"}, {"415A", "hexdecode", "AZ"}, {"4", "hexdecode", "!can not decode"}, {"abc", "md5hash", "900150983cd24fb0d6963f7d28e17f72"},
    {"abc", "sha1hash", "a9993e364706816aba3e25717850c26c9cd0d89d"}, {"abc", "md5hash(base64)", "kAFQmDzST7DWlj99KOF/cg=="},
    {"abc", "sha256hash", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abc", "sha512hash(base64)", "3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw=="},
    {"what do ya want for nothing?", "hmacmd5(Jefe)", "750c783e6ab0b503eaa86e310a5db738"},
    {"what do ya want for nothing?", "hmacsha1(Jefe)", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"},
    {"what do ya want for nothing?", "hmacsha256(Jefe)", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
    {"what do ya want for nothing?", "hmacsha512(Jefe)",
     "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"},
    {"it's", "sqlescape", "it''s"}, {"a]]>b", "cdata", "<![CDATA[a]]]]><![CDATA[>b]]>"},
    {"2024-02-29T10:20:30Z", "todate('yyyy/M/d H:m:s')", "2024/2/29 10:20:30"}, {"02/29/2024", "todate(D)", "Thursday, 29 February 2024"},
    {"2024-02-29 10:20:30.5", "todate('ddd dd MMM yy hh:mm:ss.ff tt')", "Thu 29 Feb 24 10:20:30.50 AM"}, {"29.02.2024", "todate(yyyy-MM-dd, dd.MM.yyyy)", "2024-02-29"},
    {"Thu, 29 Feb 2024 10:20:30 GMT", "todate(s)", "2024-02-29T10:20:30"}, {"2024-02-29T10:20:30+02:00", "todate(u)", "2024-02-29 08:20:30Z"},
    {"3:04 PM", "todate('HH:mm', 'h:mm tt')", "15:04"}, {"1601-01-01", "todate(file)", "0"}, {"116444736000000000", "todate(d, file)", "01/01/1970"},
    {"nonsense", "todate", "!needs a date or time, not \"nonsense\""}, {"2024-01-31", "dateadd(month, 1, yyyy-MM-dd)", "2024-02-29"},
    {"2024-01-31", "dateadd", "2024-02-01T00:00:00"}, {"2024-01-01", "datesub(millisecond, 1, 'HH:mm:ss.fff')", "23:59:59.999"},
    {"2024-01-01", "dateadd(fortnight, 1)", "!knows the intervals"}, {"2024-01-01", "dateadd(week, 2, d)", "01/15/2024"}, {"9999-12-31", "dateadd(year, 1)", "!leaves the years"},
    {"2024-01-01", "datediff(day, 2024-03-01)", "60"}, {"2024-01-01T00:00:00", "datediff(minute, '2024-01-01T01:30:00')", "90"},
    {"2024-01-15", "datediff(month, 2024-03-01)", "2"}, {"2024-02-29", "day", "29"}, {"2024-02-29", "month", "2"}, {"2024-02-29", "year", "2024"},
    {"2024-02-29T11:12:13", "hour", "11"}, {"2024-02-29T11:12:13", "minute", "12"}, {"2024-02-29T11:12:13", "second", "13"}, {"2024-02-29", "dayofweek", "Thursday"},
    {"2024-02-29", "dayofyear", "60"}, {"2024", "isleap", "true"}, {"1900", "isleap(yes, no)", "no"}, {"2024-01-01", "compare(2023-01-01)", "1"},
    {"2024-01-01", "compare(2024-01-01)", "0"}, {"1601-01-02", "filetime", "864000000000"},
    {"abc", "toupper | replace('B', '[q | def('z')]') | getlength", "3"}, {"abc", "replace(b, [v])", "aabcc"}, {"a|b", "replace('|', ']')", "a]b"},
};

static struct properties properties;

static bool push(void *context, const struct item *item, struct error *err)
{
    (void)err;
    return item_value(item, "x", context) || true;
}

static void put_escaped(struct buffer *out, const char *text)
{
    for (; *text; text++)
        buffer_append_text(out, *text == '&' ? "&amp;" : *text == '<' ? "&lt;" : *text == '"' ? "&quot;" : (char[2]){*text, '\0'});
}

static void check_example(const struct example *example)
{
    struct script_world world = {.provider = "Script", .properties = &properties};
    struct buffer text, out;
    struct item input;
    struct script *script;
    struct error err = {0};

    buffer_init(&text, 1 << 16);
    buffer_init(&out, 1 << 20);
    item_init(&input, NULL);
    assert_true(item_set(&input, "v", example->value));
    buffer_append_text(&text, "<api:script><api:set attr='x' value=\"[v | ");
    put_escaped(&text, example->use);
    buffer_append_text(&text, "]\"/><api:push/></api:script>");
    bool done = script_read("x.rsb", buffer_text(&text), text.length, &script, &err);
    if (done) {
        const struct run_setup setup = {.world = &world, .script = script, .input = &input, .sink = {.push = push, .context = &out}};
        done = script_run(&setup, &err);
        script_close(script);
    }
    bool fails = example->wanted[0] == '!';
    bool right = fails ? !done && strstr(err.message, example->wanted + 1) : done && strcmp(buffer_text(&out), example->wanted) == 0;
    if (!right)
        print_error("\"%s\" | %s: \"%s\" %s, not \"%s\"\n", example->value, example->use, buffer_text(&out), err.message, example->wanted);
    assert_true(right);
    item_clear(&input);
    buffer_clear(&text);
    buffer_clear(&out);
}

static void examples_come_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++)
        check_example(&examples[i]);
}

/* One that is not named here is not proven. */
static void every_formatter_has_an_example(void **state)
{
    static const struct formatter_family *const families[] = {&formatters_of_text, &formatters_of_numbers, &formatters_of_moments, &formatters_of_codes};
    static const char *const present[] = {"date", "now", "utcnow", "dateutc", "toutc", "tolocal"};
    (void)state;

    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        for (size_t j = 0; j < families[i]->count; j++) {
            const char *name = families[i]->formatters[j].name;
            bool shown = false;
            for (size_t k = 0; k < sizeof examples / sizeof examples[0] && !shown; k++)
                shown = strncmp(examples[k].use, name, strlen(name)) == 0;
            for (size_t k = 0; k < sizeof present / sizeof present[0]; k++)
                shown = shown || strcmp(present[k], name) == 0;
            if (!shown && strcmp(name, "length") != 0 && strcmp(name, "splitattr") != 0)
                fail_msg("%s has no example", name);
        }
    }
}

/* What depends on the clock and the zone, against the machine's own. */
static void the_present_is_the_machines(void **state)
{
    static const struct example zone[] = {
        {"2024-01-15T12:00:00Z", "tolocal('HH:mm zzz')", "07:00 -05:00"}, {"2024-07-15T12:00:00Z", "tolocal('HH:mm z')", "08:00 -4"},
        {"2024-01-15T07:00:00", "toutc('HH:mm')", "12:00"}, {"x", "utcnow('%%') | getlength", "2"},
    };
    (void)state;

    setenv("TZ", "America/New_York", 1);
    tzset();
    for (size_t i = 0; i < sizeof zone / sizeof zone[0]; i++)
        check_example(&zone[i]);
    /* The present lies after this test was written, in each way to ask for it. */
    static const struct example present[] = {
        {"", "date(yyyy) | greaterthan(2024)", "true"}, {"", "now('yyyy') | greaterthan(2024)", "true"}, {"", "utcnow(yyyy) | greaterthan(2024)", "true"},
        {"", "dateutc('s') | compare('2024-01-01')", "1"},
    };
    for (size_t i = 0; i < sizeof present / sizeof present[0]; i++)
        check_example(&present[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_come_out),
        cmocka_unit_test(every_formatter_has_an_example),
        cmocka_unit_test(the_present_is_the_machines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
