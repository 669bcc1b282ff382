#!/usr/bin/env python3
"""Measures the driver beside other programs that do the same, all in one run, and prints ratios. `make bench-pages` calls it.

Each pair is run in turn (A B A B …) and the median of the ratios is what counts: other programs on the machine then disturb both. Without
nginx, simdjson, the other drivers or PostgreSQL the rows that need them are left out, and said to be.

pages_speed.py BUILD SOURCE, in the environment BENCH_PAGES (1000), BENCH_TURNS (3).
"""
import asyncio
import glob
import gzip
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading

BUILD, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
PAGES, TURNS, ROWS = int(os.environ.get("BENCH_PAGES", "1000")), int(os.environ.get("BENCH_TURNS", "3")), 1000
DATA = os.path.join(BUILD, "bench", "data")
PORT = 18399
ALL = "SELECT * FROM Timesheets"
COUNT = "SELECT COUNT(*) FROM Timesheets"
GROUP = "SELECT UserId, SUM(Duration) FROM Timesheets GROUP BY UserId"
SCRIPT = """
import json, sqlite3, urllib.request
database = sqlite3.connect(":memory:")
database.execute("CREATE TABLE t (u INTEGER, d INTEGER)")
page, more = 1, True
while more:
    answer = json.load(urllib.request.urlopen("http://127.0.0.1:%d/pages?page=%%d" %% page))
    database.executemany("INSERT INTO t VALUES (?, ?)", [(r["user_id"], r["duration"]) for r in answer["results"]["timesheets"].values()])
    page, more = page + 1, answer["more"]
print(len(database.execute("%s").fetchall()))
"""


def make_data():
    """The pages, also compressed, and the same rows in SQLite; made once."""
    done = os.path.join(DATA, f"{PAGES}.done")
    if os.path.exists(done):
        return
    shutil.rmtree(DATA, ignore_errors=True)
    subprocess.run([sys.executable, os.path.join(SOURCE, "test/bench/pages.py"), DATA, str(PAGES), str(ROWS)], check=True)
    for name in glob.glob(DATA + "/pages/*.json"):
        with open(name, "rb") as plain, gzip.open(name + ".gz", "wb", 6) as packed:
            shutil.copyfileobj(plain, packed)
    open(done, "w", encoding="utf-8").close()


def start_nginx():
    with open(os.path.join(SOURCE, "test/bench/nginx.conf.in"), encoding="utf-8") as file:
        text = file.read().replace("@folder@", DATA).replace("@port@", str(PORT))
    if os.geteuid() == 0:
        text = "user root;\n" + text
    with open(DATA + "/nginx.conf", "w", encoding="utf-8") as file:
        file.write(text)
    os.makedirs(DATA + "/temp", exist_ok=True)
    subprocess.run(["nginx", "-c", DATA + "/nginx.conf"], check=True, stderr=subprocess.DEVNULL)


def stop_nginx():
    with open(DATA + "/nginx.pid", encoding="utf-8") as file:
        os.kill(int(file.read()), signal.SIGTERM)


class Far:
    """A service 50 milliseconds away; counts what it is asked."""

    def __init__(self):
        self.requests, self.port = 0, 0
        started = threading.Event()
        threading.Thread(target=self.run, args=(started,), daemon=True).start()
        started.wait()

    def run(self, started):
        async def serve_one(reader, writer):
            try:
                await answer(reader, writer)
            except ConnectionError:
                pass                    # the client ends connections with what it needs no more

        async def answer(reader, writer):
            while line := await reader.readline():
                while (await reader.readline()) not in (b"\r\n", b""):
                    pass
                self.requests += 1
                page = int(line.split(b"page=")[1].split()[0].split(b"&")[0]) if b"page=" in line else 1
                with open(f"{DATA}/pages/{min(page, PAGES)}.json", "rb") as file:
                    body = file.read()
                if page >= 200:
                    body = body.replace(b'"more":true', b'"more":false')
                await asyncio.sleep(0.05)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
                await writer.drain()

        async def serve():
            server = await asyncio.start_server(serve_one, "127.0.0.1", 0)
            self.port = server.sockets[0].getsockname()[1]
            started.set()
            await server.serve_forever()

        asyncio.run(serve())


def ours(url, more=""):
    return (f"Driver={BUILD}/.libs/librestodbc.so;Provider=Bench;Location={DATA}/location;URL={url};AuthScheme=None;" + more)


def scan(connection, how, sql):
    """One run: what the program prints, by name."""
    words = subprocess.run([BUILD + "/test/bench/scan", connection, how, sql], check=True, capture_output=True, text=True).stdout.split()
    return {"rows": int(words[0]), "seconds": float(words[4]), "first": float(words[7]), "connect": float(words[10]), "cpu": float(words[13]), "peak": int(words[16])}


def timed(command):
    """Seconds that a program of its own says it took, else of the process."""
    import time
    begun = time.monotonic()
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(text[-2]) if text and text[-1] == "s" else time.monotonic() - begun


def compare(name, target, one, other, better_below=True):
    """Both in turn; the median ratio of one to the other."""
    pairs = [(one(), other()) for _ in range(TURNS)]
    ratio = statistics.median(a / b for a, b in pairs)
    mine, theirs = statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)
    met = ratio <= target if better_below else ratio >= target
    print(f"{name:68} {mine:8.3f} {theirs:8.3f}  {ratio:6.2f}  {'<=' if better_below else '>='} {target:<5.3g} {'' if met else 'MISSED'}", flush=True)


def odbc_driver(pattern):
    found = glob.glob(f"/usr/lib/*/odbc/{pattern}")
    return found[0] if found else None


def start_postgres():
    """A server of its own with the same rows; None where there is no PostgreSQL."""
    programs = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
    if not programs or not odbc_driver("psqlodbcw.so"):
        return None
    folder = tempfile.mkdtemp(prefix="restodbc-bench-")
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if user:
        shutil.chown(folder, "postgres")
    run = lambda *words, **more: subprocess.run([*user, *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", **more)
    run(programs[-1] + "/initdb", "-D", folder + "/data", "-A", "trust", "-U", "bench")
    run(programs[-1] + "/pg_ctl", "-D", folder + "/data", "-w", "-l", folder + "/log", "-o", f"-p 18432 -k {folder} -c listen_addresses=127.0.0.1", "start")
    import sqlite3
    database = sqlite3.connect(DATA + "/rows.sqlite")
    columns = [(row[1], row[2]) for row in database.execute("PRAGMA table_info(Timesheets)")]
    create = "CREATE TABLE Timesheets (" + ", ".join(f"{name} {kind}" for name, kind in columns) + ")"
    run("psql", "-h", folder, "-p", "18432", "-U", "bench", "-d", "postgres", "-c", create)
    with subprocess.Popen([*user, "psql", "-q", "-h", folder, "-p", "18432", "-U", "bench", "-d", "postgres", "-c", "COPY Timesheets FROM STDIN"],
                          stdin=subprocess.PIPE, text=True, cwd="/") as copy:
        for row in database.execute("SELECT * FROM Timesheets"):
            copy.stdin.write("\t".join(map(str, row)) + "\n")
    run("psql", "-h", folder, "-p", "18432", "-U", "bench", "-d", "postgres", "-c", "ANALYZE")
    return user, programs[-1], folder


def main():
    make_data()
    os.makedirs(DATA + "/location/bench", exist_ok=True)
    shutil.copy(SOURCE + "/test/bench/bench/bench.xml", DATA + "/location/bench/bench.xml")
    shutil.copy(SOURCE + "/providers/provider.rng", DATA + "/location/provider.rng")
    if not shutil.which("nginx"):
        sys.exit("nginx is needed: ./bootstrap bench installs what is compared with")
    start_nginx()
    near = f"http://127.0.0.1:{PORT}"
    us = ours(near)
    print(f"{PAGES} pages of {ROWS} rows on loopback; {TURNS} turns; seconds are medians\n")
    print(f"{'what':68} {'ours':>8} {'other':>8}  {'ratio':>6}  target")
    try:
        floor = BUILD + "/test/bench/floor"
        if os.path.exists(floor):
            compare("all rows bound in blocks : libcurl + simdjson, nothing kept", 2.0, lambda: scan(us, "bound", ALL)["seconds"], lambda: timed([floor, near + "/pages"]))
        else:
            print("libcurl + simdjson: left out, libsimdjson-dev is not installed")
        sqlite = odbc_driver("libsqlite3odbc.so")
        if sqlite:
            there = f"Driver={sqlite};Database={DATA}/rows.sqlite"
            compare("all rows bound in blocks : sqliteodbc over a local file", 1.0, lambda: scan(us, "bound", ALL)["seconds"], lambda: scan(there, "bound", ALL)["seconds"])
            compare("SQLGetData row by row, rows per second : sqliteodbc", 1.5, lambda: 1 / scan(us, "data", ALL)["seconds"], lambda: 1 / scan(there, "data", ALL)["seconds"], False)
        postgres = start_postgres()
        if postgres:
            user, programs, folder = postgres
            there = f"Driver={odbc_driver('psqlodbcw.so')};Server=127.0.0.1;Port=18432;Database=postgres;UID=bench"
            compare("all rows bound in blocks : psqlodbc over a local server", 1.0, lambda: scan(us, "bound", ALL)["seconds"], lambda: scan(there, "bound", ALL)["seconds"])
            subprocess.run([*user, programs + "/pg_ctl", "-D", folder + "/data", "-m", "fast", "stop"], check=True, stdout=subprocess.DEVNULL, cwd="/")
            shutil.rmtree(folder)
        compare("COUNT(*) that the service can not do : urllib + json + sqlite3", 1 / 5, lambda: scan(us, "bound", COUNT)["seconds"],
                lambda: timed([sys.executable, "-c", SCRIPT % (PORT, "SELECT COUNT(*) FROM t")]))
        compare("GROUP BY … SUM : urllib + json + sqlite3", 1 / 3.5, lambda: scan(us, "bound", GROUP)["seconds"],
                lambda: timed([sys.executable, "-c", SCRIPT % (PORT, "SELECT u, SUM(d) FROM t GROUP BY u")]))
        compare("3 columns of 10 : all", 0.6, lambda: scan(us, "bound", "SELECT Id, UserId, Duration FROM Timesheets")["seconds"], lambda: scan(us, "bound", ALL)["seconds"])
        inflate = ("import glob, time, zlib\nbodies = [open(n, 'rb').read() for n in glob.glob('%s/pages/*.gz')]\nt = time.monotonic()\n"
                   "for b in bodies: zlib.decompress(b, 31)\nprint(time.monotonic() - t, 's')" % DATA)
        compare("what gzip on the wire adds : zlib alone", 1.2, lambda: max(0.001, scan(ours(near + "/packed"), "bound", ALL)["cpu"] - scan(us, "bound", ALL)["cpu"]),
                lambda: timed([sys.executable, "-c", inflate]))
        compare("the first row : one page by curl", 2.0, lambda: scan(us, "first", ALL)["first"], lambda: timed(["curl", "-s", "-o", "/dev/null", "-w", "%{time_total} s", near + "/pages?page=1"]))
        if PAGES >= 200:
            far = Far()
            url = f"http://127.0.0.1:{far.port}"
            compare("200 pages 50 ms away, one after the other : 8 under way", 6.5, lambda: scan(ours(url, "MaxConcurrentRequests=1"), "bound", ALL)["seconds"],
                    lambda: scan(ours(url, "MaxConcurrentRequests=8"), "bound", ALL)["seconds"], False)
            far.requests = 0
            scan(ours(url), "bound", ALL + " LIMIT 10")
            print(f"{'LIMIT 10: requests':68} {far.requests:8d} {'':8}  {'':6}  == 1     {'' if far.requests == 1 else 'MISSED'}")
        few, many = scan(us, "bound", ALL + " WHERE Id < 0"), scan(us, "bound", ALL)
        print(f"{'peak memory of all rows, KiB : of none':68} {many['peak']:8d} {few['peak']:8d}  {many['peak'] / few['peak']:6.2f}  <= 40960 {'' if many['peak'] <= 40960 else 'MISSED'}")
        print(f"{'connect, definition read and checked: seconds':68} {many['connect']:8.4f}")
    finally:
        stop_nginx()


main()
