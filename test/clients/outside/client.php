<?php
// What the scripts of PHP's two ODBC bindings share: reading questions and writing answers as client.py has them.
const ESCAPES = ['\\' => '\\\\', "\t" => '\\t', "\n" => '\\n', "\r" => '\\r'];
error_reporting(E_ALL);

function row(...$cells)
{
    echo implode("\t", ['|', ...array_map(fn ($cell) => $cell === null ? '\\N' : strtr($cell, ESCAPES), $cells)]), "\n";
}

function converse($answers)
{
    while (($line = fgets(STDIN)) !== false) {
        $fields = array_map(fn ($field) => $field === '\\N' ? null : strtr($field, array_flip(ESCAPES)), explode("\t", rtrim($line, "\n")));
        try {
            $answers[array_shift($fields)](...$fields);
        } catch (Exception $e) {
            echo "!\t", strtr($e->getMessage(), ESCAPES), "\n";
        }
        echo ".\n";
    }
}
