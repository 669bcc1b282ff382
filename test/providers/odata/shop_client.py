"""Connects pyodbc to the shop: an ODBC configuration of its own, in a folder that is HOME."""
import atexit
import os
import re
import tempfile

import harness

_folder = tempfile.TemporaryDirectory(prefix="restodbc-shop-")
atexit.register(_folder.cleanup)
FOLDER = _folder.name
with open(os.path.join(FOLDER, "odbcinst.ini"), "w") as _file:
    _file.write(f"[RestODBC]\nDescription=restodbc\nDriver={harness.DRIVER}\nThreading=0\n")
os.environ.update(ODBCSYSINI=FOLDER, ODBCINI=os.path.join(FOLDER, "odbc.ini"), HOME=FOLDER, BROWSER="/bin/false")


def string(server, version, **properties):
    """The connection string; a property that is None is left out."""
    pairs = {"Driver": "RestODBC", "Provider": "OData", "URL": f"{server.url}/v{version}", "CacheMetadata": "False", **properties}
    return ";".join(f"{name}={{{str(value).replace('}', '}}')}}}" if re.search(r"[\[\]{}(),;?*=!@&+ ]", str(value)) else f"{name}={value}"
                    for name, value in pairs.items() if value is not None)


def connect(server, version, **properties):
    import pyodbc
    return pyodbc.connect(string(server, version, **properties), autocommit=True)
