/* What other databases have and this one has not: each gets a message that says what to write in its place. */
#include "base/error.h"
#include "sql/parser.h"

static const struct { const char *name, *advice; } functions[] = {
    {"CONTAINS", "write x LIKE '%word%'"},
    {"CONTAINSTABLE", "write x LIKE '%word%'"},
    {"FREETEXT", "write x LIKE '%word%'"},
    {"MATCH", "write x LIKE '%word%'"},
    {"REGEXP_LIKE", "patterns are those of LIKE: % and _"},
    {"REGEXP_MATCH", "patterns are those of LIKE: % and _"},
    {"REGEXP_REPLACE", "write REPLACE(x, 'old', 'new')"},
    {"REGEXP_SUBSTR", "write SUBSTRING(x FROM n FOR m)"},
    {"PATINDEX", "write POSITION('text' IN x)"},
    {"TO_CHAR", "write CAST(x AS VARCHAR), or join YEAR(x), MONTH(x)… by ||"},
    {"TO_DATE", "write CAST(x AS DATE) of a text as '2024-02-29'"},
    {"TO_TIMESTAMP", "write CAST(x AS TIMESTAMP) of a text as '2024-02-29 23:59:59'"},
    {"STR_TO_DATE", "write CAST(x AS DATE) of a text as '2024-02-29'"},
    {"TO_NUMBER", "write CAST(x AS DECIMAL(38, 10)) or CAST(x AS DOUBLE)"},
    {"FORMAT", "write CAST(x AS VARCHAR)"},
    {"DATE_FORMAT", "write CAST(x AS VARCHAR), or join YEAR(x), MONTH(x)… by ||"},
    {"STRFTIME", "write CAST(x AS VARCHAR), or join YEAR(x), MONTH(x)… by ||"},
    {"PARSE", "write CAST(x AS type)"},
    {"DATE_ADD", "write x + INTERVAL '1' DAY, or TIMESTAMPADD(SQL_TSI_DAY, 1, x)"},
    {"ADDDATE", "write x + INTERVAL '1' DAY, or TIMESTAMPADD(SQL_TSI_DAY, 1, x)"},
    {"DATE_SUB", "write x - INTERVAL '1' DAY, or TIMESTAMPADD(SQL_TSI_DAY, -1, x)"},
    {"SUBDATE", "write x - INTERVAL '1' DAY, or TIMESTAMPADD(SQL_TSI_DAY, -1, x)"},
    {"ADD_MONTHS", "write TIMESTAMPADD(SQL_TSI_MONTH, n, x)"},
    {"MONTHS_BETWEEN", "write TIMESTAMPDIFF(SQL_TSI_MONTH, x, y)"},
    {"DATE_DIFF", "write TIMESTAMPDIFF(SQL_TSI_DAY, x, y)"},
    {"DATE_PART", "write EXTRACT(YEAR FROM x)"},
    {"ARRAY_AGG", "write LISTAGG(x, ', ') WITHIN GROUP (ORDER BY x)"},
    {"JSON_VALUE", "JSON is a text here, which the application reads"},
    {"JSON_EXTRACT", "JSON is a text here, which the application reads"},
    {"CHOOSE", "write CASE x WHEN 1 THEN … WHEN 2 THEN … END"},
    {"SAFE_CAST", "write TRY_CAST(x AS type)"},
    {"TRY_TO_NUMBER", "write TRY_CAST(x AS DECIMAL(38, 10))"},
};

bool parser_refuse_foreign(struct parser *parser)
{
    struct token next;

    if (!parser_peek(parser, &next))
        return true;
    if (next.kind != TOKEN_OPERATOR || next.mark != '(')
        return false;
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        if (parser_at_word(parser, functions[i].name)) {
            parser_error(parser, parser->token.at, "42000", "There is no function %s; %s", functions[i].name, functions[i].advice);
            return true;
        }
    return false;
}
