<?php
// PHP's odbc functions answer the questions of client.py.
require __DIR__ . '/client.php';

$db = odbc_connect($argv[1], '', '');
if (!$db)
    exit(1);

function rows($result, ...$names)
{
    if (!$result)
        throw new Exception(odbc_error() . ' ' . odbc_errormsg());
    odbc_longreadlen($result, 1 << 20);
    while ($row = odbc_fetch_array($result))
        row(...($names ? array_map(fn ($name) => $row[$name], $names) : array_values($row)));
}

converse([
    'tables' => fn () => rows(odbc_tables($db), 'TABLE_NAME'),
    'columns' => fn ($table) => rows(odbc_columns($db, null, null, $table, '%'), 'COLUMN_NAME'),
    'keys' => fn ($table) => rows(odbc_primarykeys($db, null, '', $table), 'COLUMN_NAME'),
    'foreign' => fn ($table) => rows(odbc_foreignkeys($db, null, '', '', odbc_result(odbc_tables($db), 1), '', $table),
        'FKCOLUMN_NAME', 'PKTABLE_NAME', 'PKCOLUMN_NAME'),
    'procedures' => fn () => rows(odbc_procedures($db), 'PROCEDURE_NAME'),
    'inputs' => fn ($procedure) => rows(odbc_procedurecolumns($db, null, null, $procedure, '%'), 'COLUMN_NAME'),
    'types' => function ($sql) use ($db) {
        $result = odbc_exec($db, $sql);
        for ($i = 1; $i <= odbc_num_fields($result); $i++)
            row(odbc_field_type($result, $i));
    },
    'query' => function ($sql, ...$given) use ($db) {
        // Without a parameter the direct way, with one the prepared way.
        if (!$given)
            return rows(@odbc_exec($db, $sql));
        $result = @odbc_prepare($db, $sql);
        if (!$result || !@odbc_execute($result, array_map(fn ($pair) => $pair[1], array_chunk($given, 2))))
            throw new Exception(odbc_error() . ' ' . odbc_errormsg());
        rows($result);
    },
]);
odbc_close($db);
