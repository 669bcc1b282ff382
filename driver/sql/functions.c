#include "sql/functions.h"

#include "base/name.h"

const struct sql_function sql_functions[] = {
    /* aggregates */
    {"COUNT", "count", 0, 1, "a", RESULT_BIGINT, NULLS_NEVER, true},
    {"SUM", "sum", 1, 1, "n", RESULT_SUM, NULLS_MAYBE, true},
    {"AVG", "avg", 1, 1, "n", RESULT_AVERAGE, NULLS_MAYBE, true},
    {"MIN", "min", 1, 1, "a", RESULT_COMMON, NULLS_MAYBE, true},
    {"MAX", "max", 1, 1, "a", RESULT_COMMON, NULLS_MAYBE, true},

    /* strings (ODBC Appendix E, String Functions) */
    {"ASCII", "fn_ascii", 1, 1, "s", RESULT_INTEGER, NULLS_STRICT, false},
    {"BIT_LENGTH", "fn_bit_length", 1, 1, "s", RESULT_INTEGER, NULLS_STRICT, false},
    {"CHAR", "fn_char", 1, 1, "i", RESULT_STRING_SHORT, NULLS_MAYBE, false},
    {"CHAR_LENGTH", "fn_char_length", 1, 1, "s", RESULT_INTEGER, NULLS_STRICT, false},
    {"CHARACTER_LENGTH", "fn_char_length", 1, 1, "s", RESULT_INTEGER, NULLS_STRICT, false},
    {"CONCAT", "fn_concat", 2, -1, "s", RESULT_STRING_OF_ALL, NULLS_STRICT, false},
    {"DIFFERENCE", "fn_difference", 2, 2, "s", RESULT_INTEGER, NULLS_STRICT, false},
    {"INSERT", "fn_insert", 4, 4, "siis", RESULT_STRING_OF_ALL, NULLS_STRICT, false},
    {"LCASE", "fn_lcase", 1, 1, "s", RESULT_STRING_OF_1, NULLS_STRICT, false},
    {"LOWER", "fn_lcase", 1, 1, "s", RESULT_STRING_OF_1, NULLS_STRICT, false},
    {"LEFT", "fn_left", 2, 2, "si", RESULT_STRING_OF_1, NULLS_STRICT, false},
    {"LENGTH", "fn_length", 1, 1, "s", RESULT_INTEGER, NULLS_STRICT, false},
    {"LOCATE", "fn_locate", 2, 3, "ssi", RESULT_INTEGER, NULLS_STRICT, false},
    {"LTRIM", "fn_ltrim", 1, 1, "s", RESULT_STRING_OF_1, NULLS_STRICT, false},
    {"OCTET_LENGTH", "fn_octet_length", 1, 1, "s", RESULT_INTEGER, NULLS_STRICT, false},
    {"POSITION", "fn_locate", 2, 2, "s", RESULT_INTEGER, NULLS_STRICT, false},
    {"REPEAT", "fn_repeat", 2, 2, "si", RESULT_STRING, NULLS_STRICT, false},
    {"REPLACE", "fn_replace", 3, 3, "s", RESULT_STRING, NULLS_STRICT, false},
    {"RIGHT", "fn_right", 2, 2, "si", RESULT_STRING_OF_1, NULLS_STRICT, false},
    {"RTRIM", "fn_rtrim", 1, 1, "s", RESULT_STRING_OF_1, NULLS_STRICT, false},
    {"SOUNDEX", "fn_soundex", 1, 1, "s", RESULT_STRING_SHORT, NULLS_STRICT, false},
    {"SPACE", "fn_space", 1, 1, "i", RESULT_STRING, NULLS_STRICT, false},
    {"SUBSTRING", "fn_substring", 2, 3, "sii", RESULT_STRING_OF_1, NULLS_STRICT, false},
    {"SUBSTR", "fn_substring", 2, 3, "sii", RESULT_STRING_OF_1, NULLS_STRICT, false},
    {"TRIM", "fn_trim", 1, 1, "s", RESULT_STRING_OF_1, NULLS_STRICT, false},
    {"UCASE", "fn_ucase", 1, 1, "s", RESULT_STRING_OF_1, NULLS_STRICT, false},
    {"UPPER", "fn_ucase", 1, 1, "s", RESULT_STRING_OF_1, NULLS_STRICT, false},

    /* numbers (Numeric Functions) */
    {"ABS", "fn_abs", 1, 1, "n", RESULT_SAME_AS_1, NULLS_STRICT, false},
    {"ACOS", "fn_acos", 1, 1, "f", RESULT_DOUBLE, NULLS_STRICT, false},
    {"ASIN", "fn_asin", 1, 1, "f", RESULT_DOUBLE, NULLS_STRICT, false},
    {"ATAN", "fn_atan", 1, 1, "f", RESULT_DOUBLE, NULLS_STRICT, false},
    {"ATAN2", "fn_atan2", 2, 2, "f", RESULT_DOUBLE, NULLS_STRICT, false},
    {"CEILING", "fn_ceiling", 1, 1, "n", RESULT_WHOLE_OF_1, NULLS_STRICT, false},
    {"COS", "fn_cos", 1, 1, "f", RESULT_DOUBLE, NULLS_STRICT, false},
    {"COT", "fn_cot", 1, 1, "f", RESULT_DOUBLE, NULLS_STRICT, false},
    {"DEGREES", "fn_degrees", 1, 1, "f", RESULT_DOUBLE, NULLS_STRICT, false},
    {"EXP", "fn_exp", 1, 1, "f", RESULT_DOUBLE, NULLS_STRICT, false},
    {"FLOOR", "fn_floor", 1, 1, "n", RESULT_WHOLE_OF_1, NULLS_STRICT, false},
    {"LOG", "fn_log", 1, 1, "f", RESULT_DOUBLE, NULLS_STRICT, false},
    {"LOG10", "fn_log10", 1, 1, "f", RESULT_DOUBLE, NULLS_STRICT, false},
    {"MOD", "integer_modulo", 2, 2, "n", RESULT_MODULO, NULLS_STRICT, false},
    {"PI", "fn_pi", 0, 0, "", RESULT_DOUBLE, NULLS_NEVER, false},
    {"POWER", "fn_power", 2, 2, "f", RESULT_DOUBLE, NULLS_STRICT, false},
    {"RADIANS", "fn_radians", 1, 1, "f", RESULT_DOUBLE, NULLS_STRICT, false},
    {"RAND", "fn_rand", 0, 1, "i", RESULT_DOUBLE, NULLS_NEVER, false},
    {"ROUND", "fn_round", 1, 2, "ni", RESULT_SAME_AS_1, NULLS_STRICT, false},
    {"SIGN", "fn_sign", 1, 1, "n", RESULT_INTEGER, NULLS_STRICT, false},
    {"SIN", "fn_sin", 1, 1, "f", RESULT_DOUBLE, NULLS_STRICT, false},
    {"SQRT", "fn_sqrt", 1, 1, "f", RESULT_DOUBLE, NULLS_STRICT, false},
    {"TAN", "fn_tan", 1, 1, "f", RESULT_DOUBLE, NULLS_STRICT, false},
    {"TRUNCATE", "fn_truncate", 2, 2, "ni", RESULT_SAME_AS_1, NULLS_STRICT, false},

    /* dates and times (Time, Date, and Interval Functions) */
    {"CURDATE", "current_date_value", 0, 0, "", RESULT_DATE, NULLS_NEVER, false},
    {"CURRENT_DATE", "current_date_value", 0, 0, "", RESULT_DATE, NULLS_NEVER, false},
    {"CURTIME", "current_time_value", 0, 0, "", RESULT_TIME, NULLS_NEVER, false},
    {"CURRENT_TIME", "current_time_value", 0, 1, "i", RESULT_TIME, NULLS_NEVER, false},
    {"NOW", "current_timestamp_value", 0, 0, "", RESULT_TIMESTAMP, NULLS_NEVER, false},
    {"CURRENT_TIMESTAMP", "current_timestamp_value", 0, 1, "i", RESULT_TIMESTAMP, NULLS_NEVER, false},
    {"DAYNAME", "fn_dayname", 1, 1, "t", RESULT_STRING_SHORT, NULLS_STRICT, false},
    {"DAYOFMONTH", "fn_dayofmonth", 1, 1, "t", RESULT_INTEGER, NULLS_STRICT, false},
    {"DAYOFWEEK", "fn_dayofweek", 1, 1, "t", RESULT_INTEGER, NULLS_STRICT, false},
    {"DAYOFYEAR", "fn_dayofyear", 1, 1, "t", RESULT_INTEGER, NULLS_STRICT, false},
    {"EXTRACT", "fn_extract", 2, 2, "ut", RESULT_INTEGER, NULLS_STRICT, false},
    {"HOUR", "fn_hour", 1, 1, "t", RESULT_INTEGER, NULLS_STRICT, false},
    {"MINUTE", "fn_minute", 1, 1, "t", RESULT_INTEGER, NULLS_STRICT, false},
    {"MONTH", "fn_month", 1, 1, "t", RESULT_INTEGER, NULLS_STRICT, false},
    {"MONTHNAME", "fn_monthname", 1, 1, "t", RESULT_STRING_SHORT, NULLS_STRICT, false},
    {"QUARTER", "fn_quarter", 1, 1, "t", RESULT_INTEGER, NULLS_STRICT, false},
    {"SECOND", "fn_second", 1, 1, "t", RESULT_INTEGER, NULLS_STRICT, false},
    {"TIMESTAMPADD", "fn_timestampadd", 3, 3, "uit", RESULT_TIMESTAMP_OF_3, NULLS_STRICT, false},
    {"TIMESTAMPDIFF", "fn_timestampdiff", 3, 3, "utt", RESULT_BIGINT, NULLS_STRICT, false},
    {"WEEK", "fn_week", 1, 1, "t", RESULT_INTEGER, NULLS_STRICT, false},
    {"YEAR", "fn_year", 1, 1, "t", RESULT_INTEGER, NULLS_STRICT, false},

    /* system and conversion */
    {"DATABASE", "fn_database", 0, 0, "", RESULT_STRING_SHORT, NULLS_NEVER, false},
    {"USER", "fn_user", 0, 0, "", RESULT_STRING_SHORT, NULLS_NEVER, false},
    {"IFNULL", "coalesce", 2, 2, "c", RESULT_COMMON, NULLS_IF_ALL, false},
    {"COALESCE", "coalesce", 2, -1, "c", RESULT_COMMON, NULLS_IF_ALL, false},
    {"NULLIF", "nullif", 2, 2, "c", RESULT_COMMON, NULLS_MAYBE, false},
    {"CONVERT", "cast_value", 2, 2, "ay", RESULT_OF_TYPE_ARGUMENT, NULLS_STRICT, false},
};

const size_t sql_function_count = sizeof sql_functions / sizeof sql_functions[0];

const struct sql_function *sql_function_find(const char *name, size_t length)
{
    for (size_t i = 0; i < sql_function_count; i++)
        if (name_equal_length(name, length, sql_functions[i].name))
            return &sql_functions[i];
    return NULL;
}

const struct sql_function sql_window_functions[] = {
    {"ROW_NUMBER", "row_number", 0, 0, "", RESULT_BIGINT, NULLS_NEVER, false},
    {"RANK", "rank", 0, 0, "", RESULT_BIGINT, NULLS_NEVER, false},
    {"DENSE_RANK", "dense_rank", 0, 0, "", RESULT_BIGINT, NULLS_NEVER, false},
    {"PERCENT_RANK", "percent_rank", 0, 0, "", RESULT_DOUBLE, NULLS_NEVER, false},
    {"CUME_DIST", "cume_dist", 0, 0, "", RESULT_DOUBLE, NULLS_NEVER, false},
    {"NTILE", "ntile", 1, 1, "i", RESULT_BIGINT, NULLS_NEVER, false},
    {"LAG", "lag", 1, 2, "ai", RESULT_SAME_AS_1, NULLS_MAYBE, false},
    {"LEAD", "lead", 1, 2, "ai", RESULT_SAME_AS_1, NULLS_MAYBE, false},
    {"FIRST_VALUE", "first_value", 1, 1, "a", RESULT_SAME_AS_1, NULLS_MAYBE, false},
    {"LAST_VALUE", "last_value", 1, 1, "a", RESULT_SAME_AS_1, NULLS_MAYBE, false},
    {"NTH_VALUE", "nth_value", 2, 2, "ai", RESULT_SAME_AS_1, NULLS_MAYBE, false},
};

const size_t sql_window_function_count = sizeof sql_window_functions / sizeof sql_window_functions[0];

const struct sql_function *sql_window_function_find(const char *name, size_t length)
{
    for (size_t i = 0; i < sql_window_function_count; i++)
        if (name_equal_length(name, length, sql_window_functions[i].name))
            return &sql_window_functions[i];
    return NULL;
}
