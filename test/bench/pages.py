"""Makes what the benchmarks read: pages of timesheets as a service sends them, in JSON, and the same rows in SQLite for other drivers.

pages.py FOLDER PAGES ROWS writes FOLDER/pages/N.json, N from 1, and FOLDER/rows.sqlite.
"""
import json
import os
import random
import sqlite3
import sys

TYPES = ["regular", "manual"]
TIMEZONES = ["tsAZ", "tsCT", "tsET", "tsMT", "tsPT"]
WORDS = "site visit report review invoice travel meeting call repair order drawing plan roof paint clean deliver load check survey".split()


def rows(count):
    """Deterministic: the same rows on each machine."""
    chance = random.Random(1)
    for number in range(1, count + 1):
        day = f"2024-{1 + number % 12:02}-{1 + number % 28:02}"
        duration = 900 * chance.randint(1, 40)
        start = 6 + number % 6
        yield {
            "id": 100000000 + number,
            "user_id": 1000 + chance.randrange(500),
            "jobcode_id": 20000 + chance.randrange(2000),
            "start": f"{day}T{start:02}:00:00-07:00",
            "end": f"{day}T{start + 8:02}:30:00-07:00",
            "duration": duration,
            "date": day,
            "tz": -7,
            "tz_str": chance.choice(TIMEZONES),
            "type": TYPES[number % 2],
            "location": "(Eagle, ID?)",
            "on_the_clock": number % 97 == 0,
            "notes": " ".join(chance.choice(WORDS) for _ in range(5)),
            "last_modified": f"{day}T{start:02}:59:{number % 60:02}+00:00",
        }


# What is read of each row: its members, their columns in SQL, the types for SQLite and PostgreSQL.
COLUMNS = [("id", "Id", "BIGINT"), ("user_id", "UserId", "BIGINT"), ("jobcode_id", "JobcodeId", "BIGINT"), ("start", "StartTime", "VARCHAR(32)"),
           ("duration", "Duration", "INTEGER"), ("date", "Date", "DATE"), ("tz_str", "Timezone", "VARCHAR(20)"), ("type", "Type", "VARCHAR(20)"),
           ("on_the_clock", "OnTheClock", "INTEGER"), ("notes", "Notes", "VARCHAR(255)")]


def main():
    folder, pages, per_page = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    os.makedirs(f"{folder}/pages", exist_ok=True)
    database = sqlite3.connect(f"{folder}/rows.sqlite")
    database.execute("CREATE TABLE Timesheets (" + ", ".join(f"{name} {kind}" for _, name, kind in COLUMNS) + ")")
    mark = ", ".join("?" * len(COLUMNS))
    source = rows(pages * per_page)
    for page in range(1, pages + 1):
        some = [next(source) for _ in range(per_page)]
        with open(f"{folder}/pages/{page}.json", "w", encoding="utf-8") as file:
            json.dump({"results": {"timesheets": {str(row["id"]): row for row in some}}, "more": page < pages}, file, separators=(",", ":"))
        database.executemany(f"INSERT INTO Timesheets VALUES ({mark})", [[row[member] for member, _, _ in COLUMNS] for row in some])
    database.commit()


main()
