#!/usr/bin/python3
"""node: the odbc package from npm, built here once in outside-node/ of the build folder.

Its callProcedure takes the columns of a procedure's result (SQLProcedureColumns) for parameters, so procedures are called with CALL."""
import os
import shutil
import subprocess
import sys

from client import BUILD, EVERYTHING, FOLDER, conversation, plain_environment, run

VERSION = "2.4.9"
PLACE = os.path.join(BUILD, "outside-node")
PACKAGE = os.path.join(PLACE, "node_modules", "odbc")


def built():
    """The package as it was built; the output of the build where that failed."""
    if os.path.exists(os.path.join(PLACE, "built-" + VERSION)):
        return True, ""
    shutil.rmtree(PLACE, ignore_errors=True)
    os.makedirs(PLACE)
    environment = {**plain_environment(), "npm_config_nodedir": "/usr", "HOME": PLACE}
    output = ""
    for folder, command in ((PLACE, ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", f"odbc@{VERSION}"]),
                            (PACKAGE, [os.path.join(PLACE, "node_modules", ".bin", "node-pre-gyp"), "install", "--build-from-source"])):
        done = subprocess.run(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=600)
        output += done.stdout
        if done.returncode:
            return False, output
    open(os.path.join(PLACE, "built-" + VERSION), "w").close()
    return True, output


done, output = built()
if not done:
    print(output)
    sys.exit("node's odbc package could not be built")
run(conversation("node odbc", ["node", f"{FOLDER}/node.js", PACKAGE], offers=EVERYTHING - {"procedures", "inputs"}, survives=False,
                 types=("SQL_BIGINT", "SQL_INTEGER", "SQL_DOUBLE", "SQL_DECIMAL", "SQL_TYPE_DATE", "SQL_TYPE_TIME", "SQL_TYPE_TIMESTAMP",
                        "SQL_BIT", "SQL_WVARCHAR", "SQL_WVARCHAR")))
