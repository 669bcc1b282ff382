<?php
// PHP's PDO_ODBC answers the questions of client.py.
require __DIR__ . '/client.php';

$db = new PDO("odbc:DSN=$argv[1]", null, null, [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);

function rows($result)
{
    foreach ($result->fetchAll(PDO::FETCH_NUM) as $row)
        row(...$row);
}

converse([
    'types' => function ($sql) use ($db) {
        $statement = $db->prepare($sql);
        $statement->execute();
        for ($i = 0; $i < $statement->columnCount(); $i++)
            row($statement->getColumnMeta($i)['native_type']);
    },
    'query' => function ($sql, ...$given) use ($db) {
        $statement = $db->prepare($sql);
        $kinds = ['integer' => PDO::PARAM_INT, 'bigint' => PDO::PARAM_INT, 'boolean' => PDO::PARAM_BOOL];
        foreach (array_chunk($given, 2) as $i => [$kind, $value])
            $statement->bindValue($i + 1, $value, $value === null ? PDO::PARAM_NULL : $kinds[$kind] ?? PDO::PARAM_STR);
        $statement->execute();
        rows($statement);
    },
]);
