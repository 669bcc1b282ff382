#!/usr/bin/python3
"""How fast a file of 138 MB is read, by the driver and by other readers, in one run: `make bench`, in a build without the sanitizers.

SQLite's csv extension is measured where SQLITE_CSV names its library, and DuckDB where npm can be asked for it (@duckdb/node-api). Others are
busy on the machine, perhaps: the seconds of the processor are told beside those that passed."""
import csv
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import time

BUILD = os.getcwd()
DRIVER = os.path.join(BUILD, ".libs", "librestodbc.so")
FOLDER = os.path.join(BUILD, "bench")
FILE = os.path.join(FOLDER, "sales.csv")
ROWS = 1_000_000

QUERIES = {
    "COUNT(*)": ("SELECT COUNT(*) FROM {t}",) * 2,
    "grouped sum": ("SELECT city, SUM(price) FROM {t} GROUP BY city",) * 2,
    "filtered aggregate": ("SELECT COUNT(*), SUM(quantity) FROM {t} WHERE price > 900 AND city = 'Rome'",
                           "SELECT COUNT(*), SUM(quantity) FROM {t} WHERE CAST(price AS REAL) > 900 AND city = 'Rome'"),
    "SELECT *": ("SELECT * FROM {t}",) * 2,
}

DUCK = """
import { DuckDBInstance } from '@duckdb/node-api';
const connection = await (await DuckDBInstance.create(':memory:')).connect();
const [file, threads, ...queries] = process.argv.slice(2);
await connection.run(`SET threads=${threads}`);
for (const query of queries) {
  let best = 1e9, cpu = 1e9;
  for (let i = 0; i < 3; i++) {
    const start = performance.now(), before = process.cpuUsage();
    const result = await connection.run(query.replace('{t}', `'${file}'`));
    while ((await result.fetchChunk())?.rowCount) ;
    const used = process.cpuUsage(before);
    best = Math.min(best, performance.now() - start);
    cpu = Math.min(cpu, (used.user + used.system) / 1000);
  }
  console.log(best / 1000, cpu / 1000);
}
"""


def make_file():
    """A million rows of ten columns, always the same."""
    if os.path.exists(FILE):
        return
    os.makedirs(FOLDER, exist_ok=True)
    made = random.Random(1)
    cities = ["Berlin", "Paris", "Rome", "New York", "San Francisco", "Tokyo", "Lima", "Oslo"]
    with open(FILE + ".new", "w") as file:
        file.write("id,customer,city,quantity,price,discount,created,active,code,comment\n")
        for i in range(ROWS):
            comment = f'"note, number {i} ""quoted"" and a few words more"' if i % 10 == 0 else f"plain words number {i} that fill the row up a bit"
            file.write(f"{i},customer {made.randrange(10000):05d},{made.choice(cities)},{made.randrange(100)},{made.randrange(100000) / 100:.2f},"
                       f"{made.random():.6f},2024-{made.randrange(1, 13):02d}-{made.randrange(1, 29):02d} {made.randrange(24):02d}:{made.randrange(60):02d}:"
                       f"{made.randrange(60):02d},{made.choice(['true', 'false'])},{made.randrange(1 << 40):x},{comment}\n")
    os.rename(FILE + ".new", FILE)


def driver():
    """Columns bound to C types that suit them."""
    lines = subprocess.run([os.path.join(BUILD, "test", "bench", "select"), f"Driver={DRIVER};Provider=CSV;URI={FILE}",
                            *(ours.format(t="[sales.csv]") for ours, _ in QUERIES.values())], check=True, capture_output=True, text=True).stdout
    return [tuple(float(number) for number in line.split()[1:]) for line in lines.splitlines()]


def timed(command):
    """The best of three runs: seconds, and those of the processor."""
    best = cpu = 1e9
    for _ in range(3):
        start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        best = min(best, time.perf_counter() - start)
        cpu = min(cpu, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return best, cpu


def sqlite():
    """The sqlite3 shell with its rows printed nowhere."""
    library = os.environ.get("SQLITE_CSV")
    if not library or not shutil.which("sqlite3"):
        return None
    return [timed(["sqlite3", ":memory:", f".load {os.path.splitext(library)[0]}", f"CREATE VIRTUAL TABLE temp.t USING csv(filename='{FILE}', header=yes)",
                   theirs.format(t="t")]) for _, theirs in QUERIES.values()]


def duckdb(threads):
    folder = os.path.join(FOLDER, "node")
    if not shutil.which("npm"):
        return None
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "package.json"), "w") as file:
        json.dump({"name": "bench", "private": True, "dependencies": {"@duckdb/node-api": "*"}}, file)
    with open(os.path.join(folder, "duck.mjs"), "w") as file:
        file.write(DUCK)
    if not os.path.exists(os.path.join(folder, "node_modules", "@duckdb")):
        if subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--silent"], cwd=folder).returncode:
            return None
    done = subprocess.run(["node", "duck.mjs", FILE, str(threads), *(ours for ours, _ in QUERIES.values())], cwd=folder, check=True, capture_output=True, text=True)
    return [tuple(float(number) for number in line.split()) for line in done.stdout.splitlines()]


def python_one(which):
    with open(FILE, newline="") as file:
        rows = csv.reader(file)
        next(rows)
        if which == "COUNT(*)":
            return sum(1 for _ in rows)
        if which == "grouped sum":
            sums = {}
            for row in rows:
                sums[row[2]] = sums.get(row[2], 0) + float(row[4])
            return sums
        if which == "filtered aggregate":
            kept = [int(row[3]) for row in rows if float(row[4]) > 900 and row[2] == "Rome"]
            return len(kept), sum(kept)
        return sum(len(row) for row in rows)


def python():
    found = []
    for which in QUERIES:
        start, before = time.perf_counter(), time.process_time()
        python_one(which)
        found.append((time.perf_counter() - start, time.process_time() - before))
    return found


def main():
    make_file()
    size = os.path.getsize(FILE)
    with open(FILE, "rb") as file:      # into the cache
        while file.read(1 << 20):
            pass
    readers = {"restodbc": driver, "DuckDB, 1 thread": lambda: duckdb(1), "DuckDB, all": lambda: duckdb(os.cpu_count()), "SQLite csv": sqlite, "Python csv": python}
    print(f"{size / 1e6:.0f} MB, {ROWS} rows of 10 columns; seconds passed (of the processor, and how many times as many as restodbc's)")
    print(f"{'':18}" + "".join(f"{query:>30}" for query in QUERIES))
    ours = None
    for name, reader in readers.items():
        times = reader()
        if times is None:
            print(f"{name:18}  not here")
            continue
        ours = ours or times
        print(f"{name:18}" + "".join(f"{f'{wall:.3f} ({cpu:.3f}, x{cpu / own[1]:.1f})':>30}" for (wall, cpu), own in zip(times, ours)))
        sys.stdout.flush()
    print(f"COUNT(*) reads {size / ours[0][0] / 1e9:.2f} GB/s; SELECT * binds {ROWS / ours[3][0] / 1e6:.2f} million rows a second "
          f"({ROWS / ours[3][1] / 1e6:.2f} of the processor)")


main()
