#!/usr/bin/python3
"""PHP: the odbc functions, an application of ODBC 2."""
from client import FOLDER, conversation, run

run(conversation("php odbc", ["php", f"{FOLDER}/php_odbc.php"], version=2, survives=False,
         types=("BIGINT", "INTEGER", "DOUBLE", "DECIMAL", "DATE", "TIME", "TIMESTAMP", "BIT", "VARCHAR", "VARCHAR")))
