#!/usr/bin/python3
"""PHP: PDO_ODBC, which has no catalog functions."""
from client import FOLDER, conversation, run

run(conversation("PDO_ODBC", ["php", f"{FOLDER}/php_pdo.php"], offers={"parameters"}, survives=False))
