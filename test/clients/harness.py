"""What the client tests stand on: a sandbox, a private ODBC configuration, ways to run isql, iusql and pyodbc, and counting.

`make check` runs each test in the build folder with $srcdir set. A build with the sanitizers is recognised by its driver: the
runtime is preloaded into the programs that load it, and what LeakSanitizer finds in the driver is a failure (what it finds in
Python or in the driver manager alone is theirs).
"""
import ctypes
import datetime
import decimal
import glob
import importlib.machinery
import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.error
import urllib.request

sys.dont_write_bytecode = True
BUILD = os.getcwd()
SOURCE = os.path.abspath(os.environ.get("srcdir") or os.path.join(os.path.dirname(__file__), "..", ".."))
DRIVER = os.path.join(BUILD, ".libs", "librestodbc.so")
SANDBOX = os.path.join(BUILD, "test", "sandbox", "restodbc-sandbox")
BROWSER = os.path.join(SOURCE, "test", "sandbox", "allow-browser")
WRAPPER = os.environ.get("WRAPPER", "").split()       # a program that runs the clients: valgrind
CLIENT, SECRET = "sandbox-client", "s3cret+/=&odd %41chars"

_loader = importlib.machinery.SourceFileLoader("allow_browser", BROWSER)
browser = importlib.util.module_from_spec(importlib.util.spec_from_loader("allow_browser", _loader))
_loader.exec_module(browser)


# ---- The sanitizers ----

def _runtime():
    """The sanitizer runtime that the driver needs to find in its process, or None."""
    symbols = subprocess.run(["nm", "-D", DRIVER], capture_output=True, text=True, check=True).stdout
    if "__asan_init" not in symbols:
        return None
    needed = subprocess.run(["readelf", "-d", DRIVER], capture_output=True, text=True, check=True).stdout
    if "libasan.so" in needed:
        compiler, name = "gcc", "libasan.so"
    else:
        machine = os.uname().machine
        compiler, name = "clang", f"libclang_rt.asan-{machine}.so"
    path = subprocess.run([compiler, f"-print-file-name={name}"], capture_output=True, text=True, check=True).stdout.strip()
    if not os.path.isabs(path):
        raise SystemExit(f"{compiler} does not know where its {name} is")
    if name == "libasan.so":        # may be a linker script
        path = os.path.realpath(path)
        with open(path, "rb") as file:
            if file.read(4) != b"\x7fELF":
                path = re.search(r"Shared library: \[(libasan\.so[^\]]*)\]", needed).group(1)
    return path


def _prepare_process():
    """Begins anew with the runtime preloaded where one is needed."""
    if "RESTODBC_TEST_RUNTIME" in os.environ:
        return
    runtime = _runtime() or ""
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name in ("XDG_CONFIG_HOME", "ODBCINSTINI", "BROWSER", "DISPLAY"):
            del os.environ[name]
    os.environ["RESTODBC_TEST_RUNTIME"] = runtime
    os.environ["LC_ALL"] = "C.UTF-8"
    if runtime:
        reports = tempfile.mkdtemp(prefix="restodbc-asan-")
        os.environ.update(LD_PRELOAD=runtime, PYTHONMALLOC="malloc", RESTODBC_TEST_REPORTS=reports,
                          ASAN_OPTIONS=f"detect_leaks=1:log_path={reports}/report:exitcode=23:{os.environ.get('ASAN_OPTIONS', '')}",
                          LSAN_OPTIONS="exitcode=0", UBSAN_OPTIONS="print_stacktrace=1")
    sys.stdout.flush()
    program = [sys.executable, *sys.argv]
    if not runtime:
        os.execv(sys.executable, program)
    # This process runs the tests with the driver inside; its own leaks are looked at when it has ended.
    status = subprocess.run(program).returncode
    sys.exit(_judge_reports(os.environ["RESTODBC_TEST_REPORTS"], status))


# A frame of the driver: by module, or by source file where it was symbolised. The driver manager keeps the driver loaded.
OURS = re.compile(r"librestodbc|\b(driver|oauth|providers)/[\w/]+\.[ch]:")


def _judge_reports(folder, status):
    """Prints what the sanitizers found in the driver and says with which status to end."""
    found = 0
    for path in sorted(glob.glob(os.path.join(folder, "report*"))):
        with open(path, errors="replace") as file:
            text = file.read()
        if "LeakSanitizer" not in text:
            print(text)
            found += 1
            continue
        for leak in re.split(r"\n\n", text):
            if "leak of" in leak and OURS.search(leak):
                print(leak)
                found += 1
    for path in glob.glob(os.path.join(folder, "*")):
        os.unlink(path)
    os.rmdir(folder)
    print(f"{'not ok' if found else 'ok'} - the sanitizers found {found or 'no'} faults in the driver")
    return status or (1 if found else 0)


def plain_environment():
    """For programs that do not load the driver."""
    environment = dict(os.environ)
    for name in ("LD_PRELOAD", "ASAN_OPTIONS", "LSAN_OPTIONS", "PYTHONMALLOC"):
        environment.pop(name, None)
    return environment


def own_environment():
    """For programs of our own that load the driver: they bring the sanitizers' runtime themselves, and clang's bears no second."""
    environment = dict(os.environ)
    environment.pop("LD_PRELOAD", None)
    return environment


# ---- Counting ----

_count = {"ok": 0, "not ok": 0}


def check(condition, name, detail=""):
    """One check: a line in the manner of TAP."""
    word = "ok" if condition else "not ok"
    _count[word] += 1
    print(f"{word} {_count['ok'] + _count['not ok']} - {name}")
    if not condition and detail != "":
        for line in str(detail).splitlines():
            print("#   " + line[:600])
    sys.stdout.flush()
    return bool(condition)


def equal(got, wanted, name):
    return check(got == wanted, name, f"got    {got!r}\nwanted {wanted!r}")


def refused(call, state, name, *words):
    """The call is an error of pyodbc with that SQLSTATE, whose message has the words."""
    import pyodbc
    try:
        got = call()
    except pyodbc.Error as error:
        return check(error.args[0] == state and all(word in error.args[1] for word in words), name, error.args)
    return check(False, name, f"it succeeded with {got!r}")


def rows(connection, query, *parameters):
    return [tuple(row) for row in connection.execute(query, *parameters).fetchall()]


def tables(connection):
    """The names of the tables, in the order in which they are listed."""
    return [row.table_name for row in connection.cursor().tables(tableType="TABLE")]


def run(*tests):
    """Runs the test functions and ends the program."""
    for test in tests:
        try:
            test()
        except Exception:               # a broken test is a failed one; the next still runs
            check(False, test.__name__ + " ends", traceback.format_exc())
    total = _count["ok"] + _count["not ok"]
    print(f"1..{total}")
    sys.exit(1 if _count["not ok"] or not total else 0)


# ---- The sandbox and the data sources ----

def _end_with_parent():
    """In the sandbox's process: a test that is killed leaves no sandbox behind (prctl PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, int(signal.SIGTERM))


class Session:
    """A sandbox, the ODBC configuration for it, and a folder that is HOME; everything is gone at its end."""

    def __init__(self, *options, play="tsheets"):
        self.play = play                # which of the sandbox's services
        self._folder = tempfile.TemporaryDirectory(prefix="restodbc-test-")
        self.folder = self._folder.name
        self.sources = {}
        port_file = self.path("port")
        self.process = subprocess.Popen([SANDBOX, "--port-file", port_file, *options], stdout=subprocess.DEVNULL,
                                        env=plain_environment(), preexec_fn=_end_with_parent)
        while not os.path.exists(port_file):
            if self.process.poll() is not None:
                raise RuntimeError("the sandbox did not start")
            time.sleep(0.01)
        with open(port_file) as file:
            self.port = int(file.read())
        self.base = f"http://127.0.0.1:{self.port}"
        with open(os.path.join(_configuration.name, "odbcinst.ini"), "w") as file:
            file.write(f"[RestODBC]\nDescription=restodbc\nDriver={DRIVER}\nThreading=0\n")
        os.environ.update(ODBCSYSINI=_configuration.name, ODBCINI=os.path.join(_configuration.name, "odbc.ini"),
                          HOME=self.folder, BROWSER="/bin/false")
        self.source("sandbox")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        status = self.stop()
        self._folder.cleanup()
        if status:
            check(False, "the sandbox ends cleanly", f"status {status}")

    def stop(self):
        """Ends the sandbox, if it still runs; its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def path(self, name):
        return os.path.join(self.folder, name)

    def properties(self, **changes):
        """What a connection string or data source needs; None takes a property away."""
        text = self.get("/_dsn")[self.play]
        pairs = {}
        for match in re.finditer(r"(\w+)=(\{(?:[^}]|\}\})*\}|[^;]*)", text):
            value = match.group(2)
            pairs[match.group(1)] = value[1:-1].replace("}}", "}") if value.startswith("{") else value
        pairs["Location"] = os.path.join(SOURCE, "providers")
        pairs["OAuthSettingsLocation"] = self.path("settings")
        pairs.update(changes)
        return {name: value for name, value in pairs.items() if value is not None}

    def string(self, **changes):
        return ";".join(f"{name}={{{str(value).replace('}', '}}')}}}" if re.search(r"[\[\]{}(),;?*=!@&+ ]", str(value))
                        and name != "Driver" else f"{name}={value}" for name, value in self.properties(**changes).items())

    def source(self, name, **changes):
        """Writes a data source into odbc.ini, with the changes; returns its name."""
        self.sources[name] = self.properties(**changes)
        with open(os.path.join(_configuration.name, "odbc.ini"), "w") as file:
            for section, pairs in self.sources.items():
                file.write(f"[{section}]\n" + "".join(f"{key}={value}\n" for key, value in pairs.items()) + "\n")
        return name

    def connect(self, **changes):
        import pyodbc
        return pyodbc.connect(self.string(**changes), autocommit=True)

    # -- the sandbox's control --

    def request(self, path, method="GET", body=None):
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.base + path, data=data, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=60) as answer:
            return answer.read()

    def get(self, path):
        return json.loads(self.request(path))

    def log(self):
        return self.get("/_log")

    def forget(self):
        self.request("/_log", "DELETE")

    def fault(self, **fault):
        self.request("/_fault", "POST", fault)

    def heal(self):
        self.request("/_fault", "DELETE")

    def raw(self, table):
        return self.get("/_data/" + table)

    # -- programs --

    def isql(self, sql, source="sandbox", program="isql", options=(), **environment):
        """Runs one statement; (exit status, stdout, stderr)."""
        if program == "iusql" and "ASAN_OPTIONS" in os.environ:     # copies a string onto itself, which is not our fault
            environment["ASAN_OPTIONS"] = os.environ["ASAN_OPTIONS"] + ":replace_str=0:intercept_strlen=0:intercept_strchr=0:intercept_strndup=0"
        done = subprocess.run([*WRAPPER, program, source, "-b", *options], input=(sql + "\n").encode(), capture_output=True,
                              timeout=120, env={**os.environ, **environment})
        return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")

    def isql_rows(self, sql, source="sandbox", program="isql", **environment):
        """The rows as lists of texts."""
        status, out, err = self.isql(sql, source, program, ("-v", "-d\x01"), **environment)
        if status != 0 or err.strip() or "[ISQL]ERROR" in out:
            raise RuntimeError(f"{program} ended with {status}: {out[:2000]} {err[:2000]}")
        return [line.split("\x01") for line in out.split("\n")[:-1]]


def own_definition(folder, name="tsheets", change=lambda text: text):
    """Makes a folder for Location=: TSheets as it ships, by another name and with its text changed. Returns the file with that text."""
    own = os.path.join(folder, name)
    os.makedirs(own, exist_ok=True)
    shutil.copy(os.path.join(SOURCE, "providers", "provider.rng"), folder)
    for path in glob.glob(os.path.join(SOURCE, "providers", "tsheets", "*.xml")):
        shutil.copy(path, own)
    with open(os.path.join(own, "tsheets.xml"), encoding="utf-8") as file:
        text = file.read()
    if name != "tsheets":
        os.unlink(os.path.join(own, "tsheets.xml"))
        text = text.replace('name="TSheets"', f'name="{name.capitalize()}"', 1)
    path = os.path.join(own, name + ".xml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(change(text))
    return path


def narrow(text):
    """iusql prints the low byte of each UTF-16 unit."""
    units = text.encode("utf-16-le")
    return bytes(units[::2]).decode("utf-8", errors="replace")


def plain(value):
    """A value of pyodbc or sqlite3 in a form in which equal values are equal."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float):
        return int(value) if value == int(value) else round(value, 9)
    return value


def plain_rows(rows):
    return [tuple(plain(value) for value in row) for row in rows]


_prepare_process()
# odbcinst.ini and odbc.ini. One folder for the whole process, because the driver manager remembers ODBCSYSINI as it first saw it.
_configuration = tempfile.TemporaryDirectory(prefix="restodbc-odbc-")
