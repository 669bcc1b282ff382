#include "random_query.h"

#include <stddef.h>
#include <stdarg.h>

enum { DEEPEST = 4 };

/* What a query is made of: i integers, d decimals, f doubles, s texts, w dates, m moments, b truth values. */
static const char kinds[] = "idfswmb";

struct maker {
    struct buffer *out;
    uint64_t state;
    int aliases;      /* given out: a1, a2… */
    int visible[3];   /* those that can be named, as many as `sources` */
    int sources;
    int depth;
    bool aggregates;  /* aggregates may stand here, and columns only in them */
};

static unsigned below(struct maker *m, unsigned bound)
{
    m->state ^= m->state << 13;
    m->state ^= m->state >> 7;
    m->state ^= m->state << 17;
    return (unsigned)((m->state * 0x2545F4914F6CDD1DULL) >> 40) % bound;
}

static void say(struct maker *m, const char *text)
{
    buffer_append_text(m->out, text);
}

#define PICK(m, list) say(m, (list)[below(m, sizeof(list) / sizeof((list)[0]))])

static void value(struct maker *m, char kind);
static void query(struct maker *m, const char *wanted, bool ordered);

/* A pattern: single letters in braces are values of that kind, {q…} a query of these columns. */
static void pattern(struct maker *m, const char *text)
{
    for (; *text; text++) {
        if (text[0] == '{' && text[1] == 'q' && text[2] && text[3] == '}') {
            const char wanted[2] = {text[2], '\0'};
            query(m, wanted, false);
            text += 3;
        } else if (text[0] == '{' && text[1] && text[2] == '}') {
            value(m, text[1]);
            text += 2;
        } else { /* also what opens an ODBC escape */
            buffer_append_char(m->out, *text);
        }
    }
}

#define PATTERN(m, list) pattern(m, (list)[below(m, sizeof(list) / sizeof((list)[0]))])

static void constant(struct maker *m, char kind)
{
    static const char *const i[] = {"1", "2", "7", "0", "-3", "NULL", "(5)", "2147483647"}, *const d[] = {"1.50", "0.1", "-2.25", "10.00", ".5"},
                      *const f[] = {"1e0", "2.5E1", "-1e-2"}, *const s[] = {"'a'", "'b'", "'it''s'", "N'ö'", "''", "'5'", "NULL"},
                      *const w[] = {"DATE '2024-02-29'", "{d '2023-12-31'}", "CAST('2024-01-31' AS DATE)", "CURRENT_DATE"},
                      *const t[] = {"TIMESTAMP '2024-02-29 10:11:12.50'", "{ts '2023-12-31 23:59:59'}", "CURRENT_TIMESTAMP", "{fn NOW()}"},
                      *const b[] = {"TRUE", "FALSE", "1 = 1", "1 = 0"};
    switch (kind) {
    case 'i': PICK(m, i); break;
    case 'd': PICK(m, d); break;
    case 'f': PICK(m, f); break;
    case 's': PICK(m, s); break;
    case 'w': PICK(m, w); break;
    case 'm': PICK(m, t); break;
    default: PICK(m, b);
    }
}

static void column(struct maker *m, char kind)
{
    static const char *const spellings[] = {"a%d.%c", "\"a%d\".[%c]", "`a%d`.\"%c\""};
    if (kind == 'b')
        say(m, "(");
    const char *format = spellings[below(m, 3)];
    int source = m->visible[below(m, (unsigned)m->sources)];
    char name = kind == 'b' ? 'i' : kind;
    if (format[0] == 'a')
        buffer_printf(m->out, "a%d.%c", source, name);
    else if (format[0] == '"')
        buffer_printf(m->out, "\"a%d\".[%c]", source, name);
    else
        buffer_printf(m->out, "`a%d`.\"%c\"", source, name);
    if (kind == 'b')
        say(m, " > 2)");
}

static void aggregate(struct maker *m, char kind)
{
    static const char *const i[] = {"COUNT(*)", "COUNT({s})", "COUNT(DISTINCT {i})", "MIN({i})", "SUM({i}) FILTER (WHERE {b})"},
                      *const d[] = {"SUM({d})", "MAX({d})", "AVG({d})", "SUM(DISTINCT {d})"}, *const f[] = {"AVG({f})", "STDDEV({i})", "VAR_POP({f})", "MEDIAN({i})",
                      "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY {f} DESC)"},
                      *const s[] = {"MIN({s})", "LISTAGG({s}, ',') WITHIN GROUP (ORDER BY {i} DESC, {d})", "STRING_AGG(DISTINCT {s}, '')", "GROUP_CONCAT({i} ORDER BY {w})"},
                      *const w[] = {"MIN({w})", "MAX({w})"}, *const t[] = {"MIN({m})", "MAX({m})"}, *const b[] = {"COUNT(*) > 1", "MAX({i}) IS NULL"};
    m->aggregates = false;
    switch (kind) {
    case 'i': PATTERN(m, i); break;
    case 'd': PATTERN(m, d); break;
    case 'f': PATTERN(m, f); break;
    case 's': PATTERN(m, s); break;
    case 'w': PATTERN(m, w); break;
    case 'm': PATTERN(m, t); break;
    default: PATTERN(m, b);
    }
    m->aggregates = true;
}

static void compound(struct maker *m, char kind)
{
    static const char *const i[] = {"({i} + {i})", "{i} * {i}", "-({i})", "({i} - {i}) % 7", "LENGTH({s})", "{fn LOCATE({s}, {s})}", "CASE WHEN {b} THEN {i} ELSE {i} END",
        "CASE {i} WHEN 1 THEN {i} END", "COALESCE({i}, {i})", "NULLIF({i}, {i})", "CAST({d} AS INTEGER)", "TRY_CAST({s} AS INT)", "({w} - {w})", "YEAR({w})",
        "EXTRACT(MONTH FROM {m})", "DATEPART(dw, {w})", "{fn TIMESTAMPDIFF(SQL_TSI_DAY, {w}, {m})}", "(SELECT MAX(z.i) FROM ({qi}) z(i))", "IIF({b}, {i}, {i})",
        "DECODE({i}, 1, {i}, {i})", "GREATEST({i}, {i})", "POSITION('a' IN {s})", "ABS({i})", "SIGN({d})", "CONVERT(INT, {d})", "LENGTH({fn CONVERT({s}, SQL_VARCHAR)})",
        "INSTR({s}, 'a')"};
    static const char *const d[] = {"({d} + {d})", "{d} * 2", "({d} - {i})", "ROUND({d}, 1)", "CAST({i} AS DECIMAL(12, 3))", "CASE WHEN {b} THEN {d} END", "NVL({d}, {d})",
        "LEAST({d}, {d})", "-({d})", "{d} / 3"};
    static const char *const f[] = {"({f} * {f})", "CAST({i} AS DOUBLE)", "ATAN({f})", "{fn COS({f})}", "({f} - {i})", "POWER({i}, 2)"};
    static const char *const s[] = {"({s} || {s})", "UPPER({s})", "{fn LCASE({s})}", "SUBSTRING({s} FROM 1 FOR 2)", "TRIM(BOTH 'x' FROM {s})", "TRIM(LEADING FROM {s})",
        "CAST({i} AS VARCHAR(20))", "COALESCE({s}, 'n')", "REPLACE({s}, 'a', {s})", "OVERLAY('abc' PLACING 'x' FROM 2)", "DATENAME(month, {w})", "LPAD({s}, 5, '*')",
        "CASE WHEN {b} THEN {s} WHEN {b} THEN 'z' END", "CONCAT({s}, {s})", "REVERSE({s})"};
    static const char *const w[] = {"({w} + 1)", "({w} + INTERVAL '1' MONTH)", "({w} - INTERVAL '2' DAY * 3)", "CAST({m} AS DATE)", "DATEADD(day, 2, {w})", "DATE_TRUNC('month', {w})",
        "EOMONTH({w})", "COALESCE({w}, {w})", "({w} - {interval '1-2' year to month})", "({w} + -INTERVAL '3' WEEK)"};
    static const char *const t[] = {"({m} - INTERVAL '1:30' HOUR TO MINUTE)", "({w} + INTERVAL 90 SECOND)", "CAST({w} AS TIMESTAMP)", "DATE_TRUNC('hour', {m})",
        "{fn TIMESTAMPADD(SQL_TSI_HOUR, 1, {m})}", "COALESCE({m}, {m})", "({m} + INTERVAL '0.25' SECOND)"};
    static const char *const b[] = {"{i} = {i}", "{d} <> {d}", "{s} < {s}", "{w} >= {w}", "{m} <= {m}", "{f} > {i}", "({b} AND {b})", "({b} OR {b} OR {b})", "NOT ({b})",
        "{i} BETWEEN {i} AND {i}", "{d} NOT BETWEEN 1 AND {d}", "{s} LIKE 'a%'", "{s} NOT LIKE '!%' {escape '!'}", "{s} ILIKE 'A_'", "{i} IN (1, {i}, 3)", "{s} NOT IN ('a', {s})",
        "{i} IS NULL", "{s} IS NOT NULL", "({b}) IS TRUE", "({b}) IS NOT FALSE", "({b}) IS UNKNOWN", "{i} IS NOT DISTINCT FROM {i}", "({i}, {s}) = ({i}, 'a')", "({d}, {i}) < (1.5, {i})",
        "({i}, {s}) IN ((1, 'a'), (2, 'b'))", "{i} IN ({qi})", "({i}, 1) NOT IN (SELECT x.i, 1 FROM ({qi}) x(i))", "EXISTS ({qs})", "{i} > ALL ({qi})", "{d} = ANY ({qd})",
        "({i}, 1) = (SELECT x.i, 1 FROM ({qi}) x(i))", "({i}, {s}) >= ALL (SELECT x.i, 'a' FROM ({qi}) x(i))", "({i}, 1) IS NOT NULL",
        "{w} BETWEEN DATE '2023-01-01' AND {w}", "{s} = {i}"};
    switch (kind) {
    case 'i': PATTERN(m, i); break;
    case 'd': PATTERN(m, d); break;
    case 'f': PATTERN(m, f); break;
    case 's': PATTERN(m, s); break;
    case 'w': PATTERN(m, w); break;
    case 'm': PATTERN(m, t); break;
    default: PATTERN(m, b);
    }
}

static void value(struct maker *m, char kind)
{
    unsigned choice = below(m, 10);

    if (m->depth >= DEEPEST || choice < 5) {
        if (m->aggregates && choice < 4)
            aggregate(m, kind);
        else if (!m->aggregates && m->sources && choice < 4)
            column(m, kind);
        else
            constant(m, kind);
        return;
    }
    m->depth++;
    compound(m, kind);
    m->depth--;
}

/* A column of the select list that is a window function. */
static void windowed(struct maker *m)
{
    static const char *const functions[] = {"ROW_NUMBER()", "RANK()", "SUM({i})", "COUNT(*) FILTER (WHERE {b})", "LAG({i}, 1, 0)", "FIRST_VALUE({i})", "NTILE(2)", "MIN({i})"};
    static const char *const windows[] = {
        " OVER (ORDER BY {i})",
        " OVER (PARTITION BY {s} ORDER BY {d} DESC NULLS LAST)",
        " OVER (PARTITION BY {w}, {s} ORDER BY {i} ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)",
        " OVER (ORDER BY {i} RANGE BETWEEN 2 PRECEDING AND 1 FOLLOWING EXCLUDE TIES)",
        " OVER v",
        " OVER (v ROWS UNBOUNDED PRECEDING EXCLUDE CURRENT ROW)",
    };
    PATTERN(m, functions);
    PATTERN(m, windows);
}

static void rows(struct maker *m)
{
    unsigned count = 1 + below(m, 3);

    say(m, "(VALUES ");
    for (unsigned r = 0; r < count; r++) {
        say(m, r ? ", (" : "(");
        for (size_t k = 0; k + 1 < sizeof kinds - 1; k++) {
            static const char *const casts[] = {"INTEGER", "DECIMAL(12, 2)", "DOUBLE", "VARCHAR(20)", "DATE", "TIMESTAMP(3)"};
            say(m, k ? ", CAST(" : "CAST(");
            constant(m, kinds[k]);
            buffer_printf(m->out, " AS %s)", casts[k]);
        }
        say(m, ")");
    }
    m->visible[m->sources++] = ++m->aliases;
    buffer_printf(m->out, ") %sa%d(i, d, f, s, w, m)", below(m, 2) ? "AS " : "", m->aliases);
}

static void from(struct maker *m)
{
    static const char *const joins[] = {" JOIN ", " LEFT OUTER JOIN ", " RIGHT JOIN ", " FULL JOIN ", " INNER JOIN "};

    say(m, " FROM ");
    rows(m);
    for (unsigned more = below(m, 3); more > 0 && m->sources < 3 && m->depth < 3; more--) {
        if (!below(m, 3)) {
            say(m, below(m, 2) ? ", " : " CROSS JOIN ");
            rows(m);
            continue;
        }
        PICK(m, joins);
        rows(m);
        pattern(m, " ON {i} = {i}");
    }
}

static void select(struct maker *m, const char *wanted)
{
    struct maker before = *m;
    bool grouped = !below(m, 4), with_window = false;
    struct buffer whole = *m->out, part;

    /* FROM is written first, so that the select list knows what it can name */
    buffer_init(&part, 1 << 20);
    m->out = &part;
    m->sources = 0;
    m->depth++;
    m->aggregates = false;
    if (below(m, 8))
        from(m);
    else
        grouped = false;
    m->out = before.out;
    *m->out = whole;
    say(m, below(m, 6) ? "SELECT " : "SELECT DISTINCT ");
    for (const char *kind = wanted; *kind; kind++) {
        say(m, kind > wanted ? ", " : "");
        m->aggregates = grouped;
        if (*kind == 'i' && !grouped && m->sources && !below(m, 6)) {
            with_window = true;
            windowed(m);
        } else {
            value(m, *kind);
        }
        buffer_printf(m->out, "%s%c%d", below(m, 2) ? " AS " : " ", 'c', (int)(kind - wanted));
    }
    m->aggregates = false;
    buffer_append(m->out, buffer_text(&part), part.length);
    buffer_clear(&part);
    if (m->sources && below(m, 2))
        pattern(m, " WHERE {b}");
    if (grouped && m->sources) {
        if (below(m, 2))
            pattern(m, " GROUP BY {s}, {i} + 1");
        m->aggregates = true;
        if (!below(m, 3))
            pattern(m, " HAVING {b}");
        m->aggregates = false;
    }
    if (with_window)
        pattern(m, " WINDOW v AS (PARTITION BY {s} ORDER BY {i})");
    m->depth = before.depth;
    m->sources = before.sources;
    m->aggregates = before.aggregates;
    for (int i = 0; i < 3; i++)
        m->visible[i] = before.visible[i];
}

static void query(struct maker *m, const char *wanted, bool ordered)
{
    static const char *const sets[] = {" UNION ", " UNION ALL ", " INTERSECT ", " EXCEPT ", " INTERSECT ALL ", " EXCEPT ALL "};
    static const char *const bounds[] = {" LIMIT 3", " LIMIT 2 OFFSET 1", " OFFSET 1 ROW FETCH NEXT 2 ROWS ONLY", " FETCH FIRST 1 ROW WITH TIES", " FETCH FIRST 50 PERCENT ROWS ONLY", ""};
    unsigned terms = m->depth < 2 && !below(m, 4) ? 2 + below(m, 2) : 1;

    for (unsigned t = 0; t < terms; t++) {
        bool parentheses = terms > 1 && !below(m, 4);
        if (t)
            PICK(m, sets);
        say(m, parentheses ? "(" : "");
        select(m, wanted);
        say(m, parentheses ? ")" : "");
    }
    if (!ordered || !below(m, 3))
        return;
    static const char *const orders[] = {" ORDER BY 1", " ORDER BY c0 DESC NULLS LAST", " ORDER BY 1 DESC, 2 NULLS FIRST"};
    PICK(m, orders);
    PICK(m, bounds);
}

void random_query(struct buffer *out, uint64_t seed)
{
    struct maker m = {.out = out, .state = seed * 0x9E3779B97F4A7C15ULL + 1};
    char wanted[4] = {0};

    for (int i = 0; i < 8; i++)
        below(&m, 2);
    for (unsigned i = 0; i < 3; i++)
        wanted[i] = kinds[below(&m, sizeof kinds - 2)];
    if (!below(&m, 8)) {
        say(&m, "WITH q(x) AS (");
        query(&m, "i", false);
        say(&m, ") SELECT x c0, x + 1 FROM q WHERE x IN (");
        query(&m, "i", false);
        say(&m, ") ORDER BY x");
        return;
    }
    query(&m, wanted, true);
}
