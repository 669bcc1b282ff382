#!/usr/bin/python3
"""Several statements in one text, and the catalog read with SQL, through pyodbc, isql and the driver manager."""
import ctypes

import direct
from harness import Session, check, equal, plain_rows, run


def api_requests(session):
    return [entry for entry in session.log() if entry["path"].startswith("/api/v1/")]


def system_tables_answer_as_the_catalog_functions():
    with Session("--rows", "50") as session:
        connection = session.connect()
        cursor = connection.cursor()
        session.forget()
        tables = [tuple(row) for row in cursor.tables()]
        got = plain_rows(cursor.execute("SELECT CatalogName, SchemaName, TableName, TableType, Description FROM sys_tables"))
        equal(sorted(got, key=repr), sorted(tables, key=repr), "sys_tables answers as SQLTables")
        check({"Timesheets", "Users", "sys_tables"} <= {row[2] for row in got}, "both kinds of tables are listed", got)
        columns = [(row.table_name, row.column_name, row.data_type, row.type_name, row.column_size, row.decimal_digits, row.remarks,
                    row.ordinal_position, row.is_nullable) for row in cursor.columns()]
        got = plain_rows(cursor.execute(
            "SELECT TableName, ColumnName, DataType, DataTypeName, Length, NumericScale, Description, Ordinal, "
            "CASE WHEN IsNullable = 1 THEN 'YES' ELSE 'NO' END FROM sys_tablecolumns"))
        equal(sorted(got, key=repr), sorted(columns, key=repr), "sys_tablecolumns answers as SQLColumns")
        for table in ("Users", "Timesheets", "JobCodes"):
            keys = [(row.table_name, row.column_name, row.key_seq, row.pk_name) for row in cursor.primaryKeys(table)]
            got = plain_rows(cursor.execute("SELECT TableName, ColumnName, KeySeq, KeyName FROM sys_primarykeys WHERE TableName = ?", table))
            check(keys, f"{table} has a key")
            equal(got, keys, f"sys_primarykeys answers as SQLPrimaryKeys: {table}")
        keys = [(row.pktable_name, row.pkcolumn_name, row.fktable_name, row.fkcolumn_name, row.fk_name, row.pk_name)
                for row in cursor.foreignKeys(foreignTable="Timesheets")]
        got = plain_rows(cursor.execute("SELECT ReferencedTableName, ReferencedColumnName, TableName, ColumnName, ForeignKeyName, "
                                        "PrimaryKeyName FROM sys_foreignkeys WHERE TableName = 'Timesheets'"))
        check(keys, "Timesheets refers to other tables")
        equal(sorted(got), sorted(keys), "sys_foreignkeys answers as SQLForeignKeys")
        procedures = [(row.procedure_name, row.remarks) for row in cursor.procedures()]
        got = plain_rows(cursor.execute("SELECT ProcedureName, Description FROM sys_procedures"))
        equal(sorted(got), sorted(procedures), "sys_procedures answers as SQLProcedures")
        parameters = [(row.procedure_name, row.column_name, row.column_type, row.data_type, row.ordinal_position)
                      for row in cursor.procedureColumns()]
        got = plain_rows(cursor.execute("SELECT ProcedureName, ColumnName, Direction, DataType, Ordinal FROM sys_procedureparameters"))
        equal(sorted(got), sorted(parameters), "sys_procedureparameters answers as SQLProcedureColumns")
        for name, asked in (("SQLStatistics", lambda: cursor.statistics("Users")), ("SQLSpecialColumns", lambda: cursor.rowIdColumns("Users")),
                            ("SQLSpecialColumns, SQL_ROWVER", lambda: cursor.rowVerColumns("Users")), ("SQLGetTypeInfo", cursor.getTypeInfo)):
            check(asked().fetchall() or "ROWVER" in name, f"{name} answers")
        plain = direct.Connection()
        plain.connect(session.string())
        with plain:
            statement = plain.statement()
            for name, arguments in (("SQLTablePrivileges", 3), ("SQLColumnPrivileges", 4)):
                named = [value for i in range(arguments) for value in (b"Users" if i == 2 else None, ctypes.c_short(direct.NTS if i == 2 else 0))]
                equal(getattr(direct.odbc, name)(statement.handle, *named), direct.SUCCESS, f"{name} succeeds")
                check(statement.fetch(), f"{name} answers")
                direct.odbc.SQLFreeStmt(statement.handle, ctypes.c_ushort(0))
            statement.free()
        equal(api_requests(session), [], "all of it without a request")
        got = plain_rows(cursor.execute("SELECT COUNT(*) FROM Users u CROSS JOIN sys_tables t WHERE t.TableName = 'Users' AND u.Id > 0"))
        check(got[0][0] > 0 and api_requests(session), "a system table joins with one of the service's", got)
        connection.close()


def properties_are_told_but_no_secret():
    with Session() as session:
        token = session.properties()["OAuthAccessToken"] if "OAuthAccessToken" in session.properties() else "a-token-to-hide"
        connection = session.connect(OAuthAccessToken=token, Timeout="17")
        rows = plain_rows(connection.execute("SELECT Name, Value, Sensitivity FROM sys_connection_props"))
        values = {name: value for name, value, _ in rows}
        equal((values["Provider"].lower(), values["Timeout"], values["OAuthAccessToken"]), ("tsheets", "17", "***"), "properties are told")
        check(all(value in (None, "***") for _, value, secret in rows if secret), "no secret is shown", rows)
        check(token not in repr(rows), "the token is nowhere in it")
        product, source = plain_rows(connection.execute("SELECT Product, Datasource FROM sys_information"))[0]
        check(product == "restodbc" and "TSheets" in source, "the driver tells its name and the service", (product, source))
        connection.close()
        out = session.isql_rows("SELECT ColumnName FROM sys_tablecolumns WHERE TableName = 'Groups' AND IsKey = 1")
        equal(out, [["Id"]], "isql reads a system table")


def a_batch_gives_a_result_for_each_statement():
    with Session("--rows", "50") as session:
        connection = session.connect()
        cursor = connection.cursor()
        for again in range(2):
            cursor.execute("SELECT Id, Username FROM Users WHERE Id = ?; SELECT COUNT(*) AS Many FROM Groups; ; SELECT ? || 'ß' AS Said;", 510001, "a")
            equal([column[0] for column in cursor.description], ["Id", "Username"], "the first result is described")
            equal([row.Id for row in cursor.fetchall()], [510001], "the first result's rows")
            check(cursor.nextset(), "there is a second")
            equal([column[0] for column in cursor.description], ["Many"], "the second is described anew")
            check(cursor.fetchone()[0] > 0, "the second result's rows")
            check(cursor.nextset(), "there is a third")
            equal(cursor.fetchall()[0].Said, "aß", "its parameter is counted through")
            check(not cursor.nextset(), "and no fourth")
        cursor.execute("SELECT 1; SELECT 2")
        equal(cursor.execute("SELECT 3").fetchone()[0], 3, "executing anew gives the rest of a batch up")
        connection.close()
        statement = direct.Connection()
        statement.connect(session.string())
        with statement:
            handle = statement.statement()
            handle.execute("SELECT 1; SELECT 1 / (Id - Id) FROM Users; SELECT 3")
            equal(handle.fetch(), ("1",), "the first of a batch is read before the second fails")
            result = direct.odbc.SQLMoreResults(handle.handle)
            equal((result, direct.records(direct.STATEMENT, handle.handle)[0][0]), (direct.ERROR, "22012"), "SQLMoreResults tells why")
            equal(direct.odbc.SQLMoreResults(handle.handle), direct.NO_DATA, "the rest is given up")
            equal(handle.query("SELECT 4"), [("4",)], "the statement goes on")
            handle.free()
        status, out, err = session.isql("SELECT 'one' AS A; SELECT 'two' AS B", options=("-v", "-d,"))
        check("one" in out and "two" in out, "isql prints both results", (status, out, err))


def a_batch_makes_a_table_and_reads_it():
    with Session("--rows", "50") as session:
        cursor = session.connect().cursor().execute(
            "CREATE TEMPORARY TABLE n (x INTEGER, Word VARCHAR(9)); INSERT INTO n VALUES (1, 'one'), (2, 'two'); SELECT Word, x FROM n; DROP TABLE n")
        check(cursor.nextset() and cursor.rowcount == 2, "the rows go in", cursor.rowcount)
        check(cursor.nextset(), "and are a result of their own")
        equal([column[0] for column in cursor.description], ["Word", "x"], "its columns are described")
        equal(plain_rows(cursor.fetchall()), [("one", 1), ("two", 2)], "and read")
        check(cursor.nextset() and not cursor.description, "the table goes")


run(a_batch_makes_a_table_and_reads_it, system_tables_answer_as_the_catalog_functions, properties_are_told_but_no_secret, a_batch_gives_a_result_for_each_statement)
