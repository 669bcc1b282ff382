/* Proves sql/tell.c, providers/odata/condition.c and expression.c together: what of a WHERE is told as a term, and how $filter has it in each
 * version. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "http/url.h"
#include "providers/odata/condition.h"
#include "sql/statement.h"
#include "opened.h"

static const char format[] =
    "<edmx:Edmx Version=\"%s\" xmlns:edmx=\"http://docs.oasis-open.org/odata/ns/edmx\"><edmx:DataServices "
    "xmlns:m=\"http://schemas.microsoft.com/ado/2007/08/dataservices/metadata\" m:DataServiceVersion=\"%s\">"
    "<Schema Namespace=\"S\" xmlns:sap=\"http://www.sap.com/Protocols/SAPData\"><EntityType Name=\"T\"><Key><PropertyRef Name=\"ID\"/></Key>"
    "<Property Name=\"ID\" Type=\"Edm.Int64\" Nullable=\"false\"/><Property Name=\"Small\" Type=\"Edm.Int16\"/><Property Name=\"Other\" Type=\"Edm.Int16\"/>"
    "<Property Name=\"Whole\" Type=\"Edm.Int32\"/><Property Name=\"Price\" Type=\"Edm.Decimal\" Precision=\"10\" Scale=\"2\"/>"
    "<Property Name=\"Cost\" Type=\"Edm.Decimal\" Precision=\"30\" Scale=\"2\"/><Property Name=\"Ratio\" Type=\"Edm.Double\"/>"
    "<Property Name=\"Little\" Type=\"Edm.Single\"/><Property Name=\"Name\" Type=\"Edm.String\"/><Property Name=\"Note\" Type=\"Edm.String\"/>"
    "<Property Name=\"Hidden\" Type=\"Edm.String\" sap:filterable=\"false\"/><Property Name=\"On\" Type=\"Edm.Boolean\"/>"
    "<Property Name=\"Code\" Type=\"Edm.Guid\"/><Property Name=\"Again\" Type=\"Edm.Guid\"/>%s</EntityType>"
    "<EntityContainer Name=\"C\"><EntitySet Name=\"T\" EntityType=\"S.T\"/></EntityContainer></Schema></edmx:DataServices></edmx:Edmx>";
static const char new_types[] = "<Property Name=\"Day\" Type=\"Edm.Date\"/><Property Name=\"Since\" Type=\"Edm.Date\"/>"
                                "<Property Name=\"Changed\" Type=\"Edm.DateTimeOffset\" Precision=\"3\"/><Property Name=\"Made\" Type=\"Edm.DateTimeOffset\" Precision=\"3\"/>"
                                "<Property Name=\"Opens\" Type=\"Edm.TimeOfDay\"/>";
static const char old_types[] = "<Property Name=\"Changed\" Type=\"Edm.DateTime\"/><Property Name=\"Made\" Type=\"Edm.DateTime\"/>"
                                "<Property Name=\"Opens\" Type=\"Edm.Time\"/>";

static const struct service_class taking = {.takes_terms = true};

static void open_version(struct opened *opened, int version, const struct odata_options *options)
{
    char document[4000];
    const char *number = version == 2 ? "2.0" : "3.0";

    size_t length = (size_t)snprintf(document, sizeof document, format, version == 4 ? "4.0" : "1.0", version == 4 ? "4.0" : number, version == 4 ? new_types : old_types);
    opened_text(opened, document, length, options);
    opened->service.class = &taking;
    assert_int_equal(opened->context.version, version == 4 ? ODATA_V4 : version == 3 ? ODATA_V3 : ODATA_V2);
}

/* All that is told of a WHERE, decoded, divided by "; "; "-" for what can not be said. */
static void told(struct opened *opened, const char *where, struct buffer *out)
{
    struct arena arena = {0};
    struct error err = {0};
    struct statement *statement;
    char text[600];

    int length = snprintf(text, sizeof text, "SELECT ID FROM T WHERE %s", where);
    if (!statement_prepare(text, (size_t)length, NULL, 0, NULL, &opened->service, false, &arena, &statement, &err))
        fail_msg("%s: %s", where, err.message);
    buffer_reset(out);
    for (size_t i = 0; i < statement->term_count; i++) {
        struct odata_condition_needs needs;
        struct buffer encoded;
        buffer_init(&encoded, 1 << 16);
        bool said = odata_condition_write(&opened->context, opened_table(opened, "T"), statement->terms[i], NULL, &encoded, &needs);
        buffer_append_text(out, i ? "; " : "");
        if (said)
            assert_true(url_decode(out, buffer_text(&encoded), encoded.length, false));
        else
            assert_int_equal(encoded.length, 0);
        buffer_append_text(out, said ? "" : "-");
        buffer_clear(&encoded);
    }
    arena_clear(&arena);
}

struct expected {
    const char *where, *filter;
};

static void check(int version, const struct odata_options *options, unsigned refused, const struct expected *cases)
{
    struct opened opened;
    struct buffer out;
    size_t wrong = 0;

    open_version(&opened, version, options);
    atomic_store(&opened.refused, refused);
    buffer_init(&out, 1 << 16);
    for (; cases->where; cases++) {
        told(&opened, cases->where, &out);
        if (strcmp(buffer_text(&out), cases->filter) == 0)
            continue;
        print_error("V%d, %s:\ngot    %s\nwanted %s\n", version, cases->where, buffer_text(&out), cases->filter);
        wrong++;
    }
    buffer_clear(&out);
    opened_close(&opened);
    assert_int_equal(wrong, 0);
}

static void alternatives(void **state)
{
    static const struct expected cases[] = {
        {"ID = 1 AND Name = 'a'", ""}, /* SQLite shows these */
        {"ID = 1 OR ID = 2", ""},      /* and makes a list of this */
        {"Small = 1 OR Price > 2.50", "(Small eq 1 or Price gt 2.5)"},
        {"Small = 1 OR Name = 'O''Hara' OR Price IS NULL", "(Small eq 1 or Name eq 'O''Hara' or Price eq null)"},
        {"(Small = 1 AND Whole < 5) OR (Small = 2 AND Whole >= 7)", "(Small eq 1 and Whole lt 5 or Small eq 2 and Whole ge 7)"},
        {"Small IN (1, 2) OR Whole IN (3)", "(Small in (1,2) or Whole eq 3)"},
        {"Small BETWEEN 1 AND 3 OR Whole = 5", "(Small ge 1 and Small le 3 or Whole eq 5)"},
        {"Small NOT BETWEEN 1 AND 3", "(Small lt 1 or Small gt 3)"},
        {"Small NOT IN (1, 2)", "Small ne 1 and Small ne null and Small ne 2 and Small ne null"},
        {"NOT (Small = 1 AND Whole = 2)", "(Small ne 1 and Small ne null or Whole ne 2 and Whole ne null)"},
        {"NOT (Small = 1 OR NOT Whole = 2)", ""},
        {"Small = ? OR Whole > ?", "(Small eq ? or Whole gt ?)"},
        {"\"On\" OR Small = 1", "(On eq true or Small eq 1)"},
        {"Code = '00000000-0000-0000-0000-000000000001' OR Small = 1", "(Code eq 00000000-0000-0000-0000-000000000001 or Small eq 1)"},
        {"Small = 1 OR Name LIKE 'a%b'", "(Small eq 1 or startswith(Name,'a') and endswith(Name,'b'))"},
        /* What is no more than enough is told of AND, and nothing of OR where a part is missing. */
        {"Small = 1 OR (Whole = 2 AND SOUNDEX(Name) = 'A000')", "(Small eq 1 or Whole eq 2)"},
        {"Small = 1 OR SOUNDEX(Name) = 'A000'", ""},
        {"Small = 1 OR Little > 1", "(Small eq 1 or Little ge 1)"}, /* of few digits */
        {"Small = 1 OR Hidden = 'a'", "-"},
        {"Small = 1 OR Name <> 'a'", "-"},      /* for services a may be A */
        {"Small = 1 OR Name > 'a'", "-"},
        {"Small = 1 OR Name NOT LIKE 'a%'", "-"},
        {"Small = 1 OR Whole = NULL", "(Small eq 1)"},
        {"Small IS DISTINCT FROM Whole", ""},
        {NULL, NULL},
    };
    (void)state;
    check(4, &plain_options, 0, cases);
    check(4, &plain_options, REFUSED_CALCULATIONS, cases);
}

static void comparisons(void **state)
{
    static const struct expected new_cases[] = {
        {"Small < Whole", "Small lt Whole"}, {"Small = Price", "Small eq Price"}, {"Price >= Cost", "Price ge Cost"}, {"Small <= Ratio", "Small le Ratio"},
        {"Ratio < 9007199254740992 OR Small = 1", "(Ratio lt 9007199254740992 or Small eq 1)"}, {"Ratio < 9007199254740993 OR Small = 1", "-"},
        {"Ratio * 2e0 <> -9007199254740993", "-"}, {"Ratio NOT IN (9007199254740993)", "-"},
        {"ID = Small", "ID eq Small"}, {"Name = Note", "Name eq Note"}, {"Name < Note", "-"}, {"Name <> Note", "-"}, {"Code <> Again", "Code ne Again"},
        {"Day > Since", "Day gt Since"}, {"Changed = Made", "Changed eq Made"}, {"Changed <= Made", "Changed le Made"},
        {"ID < Ratio", "-"}, {"Price < Ratio", ""}, {"Little < Ratio", "-"}, {"Name = Hidden", "-"},
        {NULL, NULL},
    };
    static const struct expected old_cases[] = {
        /* Rows have no finer moments than milliseconds, the service may. */
        {"Changed = Made", "-"}, {"Changed <= Made", "-"}, {"Changed < Made", "Changed lt Made"}, {"Changed <> Made", "Changed ne Made"},
        {"Small < ID", "Small lt ID"}, {"Opens > Opens", "Opens gt Opens"},
        {NULL, NULL},
    };
    (void)state;
    check(4, &plain_options, 0, new_cases);
    check(2, &plain_options, 0, old_cases);
}

static void arithmetic(void **state)
{
    static const struct expected new_cases[] = {
        {"Small + 1 = 5", "(Small add 1) eq 5"}, {"Small - Other > 0", "(Small sub Other) gt 0"}, {"Small * Other < 100", "(Small mul Other) lt 100"},
        {"ID % 7 = 3", "(ID mod 7) eq 3"}, {"ID / 2 = 3", "-"}, {"Whole % 2 = 0", "(Whole mod 2) eq 0"}, {"MOD(Whole, 2) = 0", "(Whole mod 2) eq 0"},
        {"5 < Small + ?", "(Small add ?) gt 5"}, {"(ID + 1) * 2 = Whole", "((ID add 1) mul 2) eq Whole"},
        {"Price * 1.5 > 10", "(Price mul 1.5) gt 10"}, {"Price * Small > 10", "(Price mul Small) gt 10"}, {"Price + 0.5 = 10", "(Price add 0.5) eq 10"},
        {"Ratio * 2e0 > 1e0", "(Ratio mul 2) gt 1"}, {"Ratio / 4e0 > 1e0", "(Ratio div 4) gt 1"},
        /* Where services come to another number, or may fail. */
        {"Whole + 1 = 5", "-"},                 /* 32 bits */
        {"Small * Other * Small = 5", "-"},
        {"ID / Whole = 3", "-"}, {"ID % 0 = 1", "-"}, {"ID / -1 = 3", "-"},
        {"Price / 3 > 1", "-"}, {"Cost * Price > 1", "-"}, {"Price * Ratio > 1", ""}, {"ID * Ratio > 1", ""}, {"Little * 2e0 > 1e0", "-"},
        {NULL, NULL},
    };
    static const struct expected old_cases[] = {
        {"Whole + 1 = 5", "(Whole add 1L) eq 5L"}, {"Price * 1.5 > 10", "(Price mul 1.5M) gt 10M"}, {"Ratio * 2e0 > 1e0", "(Ratio mul 2d) gt 1d"},
        {NULL, NULL},
    };
    static const struct expected none[] = {{"Small + 1 = 5", "-"}, {"Small = 3 OR Small + 1 = 5", "-"}, {"UPPER(Name) = 'A'", "-"}, {NULL, NULL}};
    (void)state;
    check(4, &plain_options, 0, new_cases);
    check(2, &plain_options, 0, old_cases);
    check(3, &plain_options, 0, old_cases);
    check(4, &plain_options, REFUSED_CALCULATIONS, none);
    check(4, &plain_options, REFUSED_FUNCTIONS, (const struct expected[]){{"LENGTH(Name) > 3", "-"}, {"Name || 'x' LIKE 'a%'", "-"}, {NULL, NULL}});
}

static void numbers(void **state)
{
    static const struct expected cases[] = {
        {"FLOOR(Price) = 5", "floor(Price) eq 5"}, {"CEILING(Ratio) > 5", "ceiling(Ratio) gt 5"}, {"FLOOR(Small) = Whole", "Small eq Whole"},
        /* Halves go to the even number at some services. */
        {"ROUND(Price) = 5", "round(Price) ge 4 and round(Price) le 5"}, {"ROUND(Price) = -5", "round(Price) ge -5 and round(Price) le -4"},
        {"ROUND(Price) = 0", "round(Price) ge 0 and round(Price) le 0"}, {"ROUND(Ratio, 0) > 5", "round(Ratio) gt 4"}, {"ROUND(Ratio) >= 5", "round(Ratio) ge 4"},
        {"ROUND(Ratio) < 5", "round(Ratio) lt 6"}, {"5 >= ROUND(Ratio)", "round(Ratio) le 6"}, {"ROUND(Price) <> 5", "-"}, {"ROUND(Price) = 5.5", "-"},
        {"ROUND(Price, 1) = 5", ""}, {"ROUND(Price) IN (5, 7)", "(round(Price) ge 4 and round(Price) le 5 or round(Price) ge 6 and round(Price) le 7)"},
        {NULL, NULL},
    };
    (void)state;
    check(4, &plain_options, 0, cases);
    check(2, &plain_options, 0, (const struct expected[]){{"ROUND(Price) = 5", "round(Price) ge 4L and round(Price) le 5L"}, {NULL, NULL}});
}

static void texts(void **state)
{
    static const struct expected new_cases[] = {
        {"UPPER(Name) = 'A&B'", "toupper(Name) eq 'A&B'"}, {"LOWER(Name) = LOWER(Note)", "-"}, {"UPPER(Name) = 'Ä'", "-"}, {"UPPER(Name) <> 'A'", "-"},
        {"UPPER(Name) = ?", "toupper(Name) eq ?"}, {"LOWER(Name) LIKE 'a_b%'", "startswith(tolower(Name),'a') and contains(tolower(Name),'b')"},
        {"UPPER(Name) IN ('A', 'B')", "(toupper(Name) eq 'A' or toupper(Name) eq 'B')"},
        {"UPPER(Name) = 'SO'", "(toupper(Name) eq 'SO' or contains(Name,'\xC5\xBF'))"}, {"UPPER(Name) = 'SMITH'", "(toupper(Name) eq 'SMITH' or contains(Name,'\xC4\xB1') or contains(Name,'\xC5\xBF'))"},
        {"LOWER(Name || Note) LIKE 'k%'", "(startswith(tolower(concat(Name,Note)),'k') or contains(concat(Name,Note),'\xE2\x84\xAA'))"},
        {"LOWER(Name) = 'i' AND Small + 1 = 5", "(tolower(Name) eq 'i' or contains(Name,'\xC4\xB0')); (Small add 1) eq 5"},
        {"UPPER(Name) = 'K'", "(toupper(Name) eq 'K')"}, {"UPPER(LOWER(Name)) = 'K'", "-"}, {"UPPER(Name) || Note = 'Is'", "-"},
        {"Name || Note = 'ab'", "concat(Name,Note) eq 'ab'"}, {"CONCAT(Name, 'x', Note) = 'axb'", "concat(Name,concat('x',Note)) eq 'axb'"},
        {"TRIM(Name) = 'a b'", "trim(Name) eq 'a b'"}, {"TRIM(Name) = 'a '", "-"}, {"TRIM(Name) = ''", "-"}, {"LTRIM(Name) = 'a'", ""},
        {"LENGTH(Name) > 3", "length(Name) gt 3"}, {"LENGTH(Name) = 3", "length(Name) ge 3"}, {"3 <= CHAR_LENGTH(Name)", "length(Name) ge 3"}, {"LENGTH(Name) < 3", "-"},
        {"SUBSTRING(Name, 1, 2) = 'ab'", "substring(Name,0,2) eq 'ab'"}, {"LEFT(Name, 2) = 'ab'", "substring(Name,0,2) eq 'ab'"},
        {"SUBSTRING(Name, 3, 2) = 'ab'", "contains(Name,'ab')"}, {"SUBSTRING(Name, 3) = 'ab'", "endswith(Name,'ab')"}, {"SUBSTRING(Name, 3, 2) = ''", "-"},
        {"SUBSTRING(Name, Small, 2) = 'ab'", "-"}, {"LEFT(Name, 1) = '\xF0\x9F\x98\x80'", "-"}, {"LEFT(Name, 2) LIKE 'a%'", "-"},
        {"LOCATE('b', Name) > 0", "indexof(Name,'b') ge 0"}, {"LOCATE('b', Name) = 1", "indexof(Name,'b') eq 0"}, {"LOCATE('b', Name) = 4", "indexof(Name,'b') ge 0"},
        {"POSITION('b' IN Name) <> 0", "indexof(Name,'b') ge 0"}, {"LOCATE('b', Name) = 0", "-"}, {"LOCATE('b', Name) < 3", "-"}, {"LOCATE('b', Name, 2) > 0", ""},
        {"LOCATE(Note, Name) > 0", "-"}, {"TRIM(LOWER(Name)) = 'a'", "-"}, {"UPPER(Hidden) = 'A'", "-"},
        {NULL, NULL},
    };
    static const struct expected old_cases[] = {
        {"SUBSTRING(Name, 3, 2) = 'a''b'", "substringof('a''b',Name)"}, {"LOWER(Name) LIKE '%a%'", "substringof('a',tolower(Name))"},
        {"LOWER(Name) = 'i'", "(tolower(Name) eq 'i' or substringof('\xC4\xB0',Name))"},
        {NULL, NULL},
    };
    static const struct expected exact_cases[] = {
        {"Name NOT LIKE 'a%'", "not startswith(Name,'a')"}, {"Name NOT LIKE '%a'", "not endswith(Name,'a')"}, {"Name NOT LIKE '%a%'", "not contains(Name,'a')"},
        {"Name NOT LIKE 'a%b'", "-"}, {"Name NOT LIKE '_a%'", "-"}, {"Name NOT LIKE '%'", "-"}, {"Name NOT IN ('a', 'b')", "Name ne 'a' and Name ne 'b'"},
        {"Small = 1 OR Name <> 'a'", "(Small eq 1 or Name ne 'a')"}, {"LOCATE('b', Name) = 0", "indexof(Name,'b') eq -1"}, {"Name <> Note", "Name ne Note"},
        {NULL, NULL},
    };
    struct odata_options exact = plain_options;
    exact.exact_text = true;
    (void)state;
    check(4, &plain_options, 0, new_cases);
    check(2, &plain_options, 0, old_cases);
    check(4, &exact, 0, exact_cases);
    check(2, &exact, 0, (const struct expected[]){{"Name NOT LIKE '%a%'", "not substringof('a',Name)"}, {NULL, NULL}});
}

static void moments(void **state)
{
    static const struct expected new_cases[] = {
        {"MONTH(Day) = 5", "month(Day) eq 5"}, {"DAY(Day) >= MONTH(Since)", "day(Day) ge month(Since)"}, {"EXTRACT(DAY FROM Day) IN (1, 2)", "(day(Day) eq 1 or day(Day) eq 2)"},
        {"YEAR(Day) = 2024", ""}, /* a range says as much */
        {"YEAR(Day) <> 2024", "year(Day) ne 2024"}, {"HOUR(Opens) < 9", "hour(Opens) lt 9"}, {"MINUTE(Opens) = 30", "minute(Opens) eq 30"}, {"SECOND(Changed) = 5", "second(Changed) eq 5"},
        {"SECOND(Opens) + 1 = 5", "(second(Opens) add 1) eq 5"},
        /* A moment with an offset has its day, at the service, where that is. */
        {"MONTH(Changed) = 5", "month(Changed) ge 4 and month(Changed) le 6"}, {"MONTH(Changed) = 1", "(month(Changed) le 2 or month(Changed) ge 12)"},
        {"MONTH(Changed) = 12", "(month(Changed) ge 11 or month(Changed) eq 1)"}, {"DAY(Changed) = 31", "(day(Changed) ge 30 or day(Changed) eq 1)"},
        {"DAY(Changed) = 1", "(day(Changed) le 2 or day(Changed) ge 28)"}, {"DAY(Changed) = 15", "day(Changed) ge 14 and day(Changed) le 16"},
        {"DAY(Changed) > 15", "-"}, {"HOUR(Changed) = 5", "-"}, {"MINUTE(Changed) = 5", "-"}, {"MONTH(Changed) = ?", "-"},
        {NULL, NULL},
    };
    static const struct expected old_cases[] = {
        {"MONTH(Changed) = 5", "month(Changed) eq 5L"}, {"HOUR(Changed) = 5", "hour(Changed) eq 5L"},
        {NULL, NULL},
    };
    struct odata_options zone = plain_options;
    struct opened opened;
    struct buffer out;

    (void)state;
    check(4, &plain_options, 0, new_cases);
    check(2, &plain_options, 0, old_cases);
    check(2, &plain_options, 0, (const struct expected[]){{"HOUR(Opens) = 5", "-"}, {NULL, NULL}});
    check(3, &plain_options, 0, (const struct expected[]){{"HOUR(Opens) = 5", "hour(Opens) eq 5L"}, {NULL, NULL}});
    zone.zone_known = true;
    open_version(&opened, 2, &zone);
    opened.context.form.zone_known = true;
    buffer_init(&out, 1000);
    told(&opened, "HOUR(Changed) = 5", &out);
    assert_string_equal(buffer_text(&out), "-");
    told(&opened, "SECOND(Changed) = 5", &out);
    assert_string_equal(buffer_text(&out), "second(Changed) eq 5L");
    buffer_clear(&out);
    opened_close(&opened);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alternatives), cmocka_unit_test(comparisons), cmocka_unit_test(arithmetic), cmocka_unit_test(numbers), cmocka_unit_test(texts),
        cmocka_unit_test(moments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
