/* Proves sql/declared_type.c and the names of types in sql/parser_type.c: what is written is read back, what others wrote is understood. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "fake_service.h"
#include "sql/declared_type.h"

static void reads_what_it_writes(void **state)
{
    static const struct { const char *type, *declared; } types[] = {
        {"boolean", "INT boolean"}, {"tinyint", "INT tinyint"}, {"smallint", "INT smallint"}, {"integer", "INT integer"}, {"bigint", "INT bigint"}, {"double", "REAL double"},
        {"decimal(10,2)", "TEXT decimal(10,2)"}, {"decimal(38,0)", "TEXT decimal(38,0)"}, {"date", "TEXT date"}, {"time", "TEXT time"},
        {"time(3)", "TEXT time(3)"}, {"timestamp", "TEXT timestamp"}, {"timestamp(9)", "TEXT timestamp(9)"}, {"string", "TEXT string"},
        {"string(999999999)", "TEXT string(999999999)"}, {"binary", "BLOB binary"}, {"binary(10)", "BLOB binary(10)"}, {"guid", "TEXT guid"},
        {"json", "TEXT json"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        char declared[DECLARED_TYPE_ROOM], back[48];
        struct type type, read;
        assert_true(type_parse(types[i].type, &type));
        declared_type_print(&type, declared);
        assert_string_equal(declared, types[i].declared);
        declared_type_read(declared, &read);
        type_print(&read, back, sizeof back);
        assert_string_equal(back, types[i].type);
    }
}

static void understands_other_programs(void **state)
{
    static const struct { const char *declared, *type; } types[] = {
        {"INTEGER", "bigint"}, {"int", "bigint"}, {"INT(11)", "integer"}, {"UNSIGNED BIG INT", "bigint"}, {"SMALLINT", "integer"}, {"tinyint(3)", "integer"}, {"BIGINT", "bigint"},
        {"VARCHAR(20)", "string(20)"}, {"NATIVE CHARACTER(70)", "string"}, {"NVARCHAR(100)", "string(100)"}, {"TEXT", "string"}, {"", "string"}, {NULL, "string"},
        {"DECIMAL(10,5)", "decimal(10,5)"}, {"DECIMAL", "double"}, {"NUMERIC", "double"}, {"NUMERIC(8)", "decimal(8,0)"}, {"MONEY", "decimal(19,4)"},
        {"DOUBLE PRECISION", "double"}, {"REAL", "double"}, {"FLOAT", "double"}, {"BOOLEAN", "boolean"}, {"DATE", "date"}, {"DATETIME", "timestamp(6)"},
        {"BLOB", "binary"}, {"VARBINARY(8)", "binary(8)"}, {"UUID", "guid"}, {"POINT", "bigint"}, {"STRANGE", "double"}, {"LONG TEXT x", "string"},
        {"INT decimal(5,2)", "bigint"}, {"TEXT no type", "string"}, {"'", "double"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        char name[48];
        struct type type;
        declared_type_read(types[i].declared, &type);
        type_print(&type, name, sizeof name);
        if (strcmp(name, types[i].type) != 0)
            fail_msg("%s: %s", types[i].declared ? types[i].declared : "NULL", name);
    }
}

/* The names of SQL-92 and of other databases, in CREATE TABLE and CAST alike. */
static void knows_the_names_of_types(void **state)
{
    static const struct { const char *name, *type; } types[] = {
        {"INTEGER", "integer"}, {"INT", "integer"}, {"INT4", "integer"}, {"MEDIUMINT", "integer"}, {"INT UNSIGNED ZEROFILL", "bigint"},
        {"SMALLINT", "smallint"}, {"INT2", "smallint"}, {"TINYINT(4)", "tinyint"}, {"TINYINT UNSIGNED", "smallint"}, {"SMALLINT(5) UNSIGNED", "integer"},
        {"BIGINT UNSIGNED", "bigint"},
        {"BIGINT", "bigint"}, {"INT8", "bigint"}, {"BIT", "boolean"}, {"BOOLEAN", "boolean"}, {"BOOL", "boolean"},
        {"FLOAT", "double"}, {"FLOAT(53)", "double"}, {"REAL", "double"}, {"DOUBLE", "double"}, {"DOUBLE PRECISION", "double"}, {"FLOAT8", "double"},
        {"DECIMAL", "decimal(38,0)"}, {"DECIMAL(10)", "decimal(10,0)"}, {"NUMERIC(10, 2)", "decimal(10,2)"}, {"NUMBER(5,1)", "decimal(5,1)"},
        {"NUMBER", "decimal(38,10)"}, {"MONEY", "decimal(19,4)"}, {"SMALLMONEY", "decimal(10,4)"},
        {"CHAR(3)", "string(3)"}, {"NCHAR(3)", "string(3)"}, {"VARCHAR(255)", "string(255)"}, {"VARCHAR(MAX)", "string"}, {"VARCHAR(2147483647)", "string"}, {"VARCHAR2(20 CHAR)", "string(20)"},
        {"NVARCHAR(20)", "string(20)"}, {"CHARACTER(3)", "string(3)"}, {"CHARACTER VARYING(30)", "string(30)"}, {"CHAR VARYING(30)", "string(30)"},
        {"NATIONAL CHARACTER VARYING(7)", "string(7)"}, {"NATIONAL CHAR(7)", "string(7)"}, {"CHARACTER LARGE OBJECT", "string"}, {"TEXT", "string"},
        {"NTEXT", "string"}, {"CLOB", "string"}, {"CLOB(9)", "string(9)"}, {"LONGVARCHAR", "string"}, {"LONG VARCHAR", "string"}, {"XML", "string"},
        {"DATE", "date"}, {"TIME", "time"}, {"TIME(3) WITHOUT TIME ZONE", "time(3)"}, {"TIMESTAMP", "timestamp(6)"}, {"TIMESTAMP(0)", "timestamp"},
        {"TIMESTAMP(3) WITH TIME ZONE", "timestamp(3)"}, {"TIMESTAMP WITH LOCAL TIME ZONE", "timestamp(6)"}, {"TIMESTAMPTZ", "timestamp(6)"},
        {"DATETIME", "timestamp(6)"}, {"DATETIME2(7)", "timestamp(7)"}, {"SMALLDATETIME", "timestamp"}, {"DATETIMEOFFSET(3)", "timestamp(3)"},
        {"BINARY(4)", "binary(4)"}, {"VARBINARY(4)", "binary(4)"}, {"VARBINARY(MAX)", "binary"}, {"BINARY VARYING(4)", "binary(4)"},
        {"BINARY LARGE OBJECT", "binary"}, {"BLOB", "binary"}, {"LONGVARBINARY", "binary"}, {"IMAGE", "binary"}, {"BYTEA", "binary"},
        {"UUID", "guid"}, {"GUID", "guid"}, {"UNIQUEIDENTIFIER", "guid"}, {"JSON", "json"}, {"JSONB", "json"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        char text[200], name[48];
        struct arena arena = {0};
        snprintf(text, sizeof text, "CREATE TABLE #t (c %s NOT NULL DEFAULT NULL); SELECT c, CAST(NULL AS %s) FROM #t", types[i].name, types[i].name);
        const struct statement *select = fake_prepare(text, &arena)->next;
        for (size_t c = 0; c < 2; c++) {
            type_print(&select->columns[c].type, name, sizeof name);
            if (strcmp(name, types[i].type) != 0)
                fail_msg("%s: %s", types[i].name, name);
        }
        assert_int_equal(select->columns[0].nullable, NULLABLE_NO);
        arena_clear(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_it_writes), cmocka_unit_test(understands_other_programs), cmocka_unit_test(knows_the_names_of_types),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
