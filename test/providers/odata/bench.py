#!/usr/bin/python3
"""How long 100,000 rows of V4's JSON take, 10 of 30 properties selected, against curl that fetches the same pages: bench.py, in the folder of
a build without the sanitizers."""
import http.server
import json
import os
import subprocess
import sys
import threading
import time
import urllib.parse

sys.path[:0] = [os.path.join(os.path.abspath(os.environ.get("srcdir") or os.path.join(os.path.dirname(__file__), "../../..")), folder)
                for folder in ("test/clients", "test/providers/odata")]
import harness
import shop_client

ROWS, PAGE, PROPERTIES, SELECTED = 100_000, 1000, 30, 10
KINDS = ["Edm.String", "Edm.Int32", "Edm.Decimal", "Edm.DateTimeOffset", "Edm.Double"]
METADATA = ('<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices><Schema Namespace="B" '
            'xmlns="http://docs.oasis-open.org/odata/ns/edm"><EntityType Name="Row"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/>'
            + "".join(f'<Property Name="P{i}" Type="{KINDS[i % 5]}" Scale="2"/>' for i in range(1, PROPERTIES)) +
            '</EntityType><EntityContainer Name="C"><EntitySet Name="Rows" EntityType="B.Row"/></EntityContainer></Schema></edmx:DataServices></edmx:Edmx>').encode()


def cell(row, i):
    return [f"text {row} of {i}", row * i, row * i / 100, f"2024-01-{row % 28 + 1:02}T00:{row % 60:02}:00Z", row / (i + 1)][i % 5]


def pages(base):
    made = []
    for start in range(0, ROWS, PAGE):
        rows = [{"ID": row, **{f"P{i}": cell(row, i) for i in range(1, SELECTED)}} for row in range(start, start + PAGE)]
        document = {"@odata.context": "$metadata#Rows", "value": rows}
        if start + PAGE < ROWS:
            document["@odata.nextLink"] = f"{base}/Rows?page={start // PAGE + 1}"
        made.append(json.dumps(document).encode())
    return made


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version, disable_nagle_algorithm, pages = "HTTP/1.1", True, []

    def log_message(self, *_):
        pass

    def do_GET(self):
        page = urllib.parse.parse_qs(self.path.partition("?")[2]).get("page", ["0"])[0]
        text = METADATA if "$metadata" in self.path else self.pages[int(page)]
        self.send_response(200)
        self.send_header("Content-Type", "application/xml" if "$metadata" in self.path else "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


def seconds(act):
    began = time.monotonic()
    act()
    return time.monotonic() - began


def bench():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.url = f"http://127.0.0.1:{server.server_address[1]}"
    Handler.pages = pages(server.url + "/v4")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    cursor = shop_client.connect(server, 4, Other="Apply=0").cursor()
    names = ["ID", *(f"P{i}" for i in range(1, SELECTED))]
    urls = [f"{server.url}/v4/Rows?page={i}" for i in range(len(Handler.pages))]
    size = sum(map(len, Handler.pages)) / 1e6
    ways = {
        "curl": lambda: subprocess.run(["curl", "-s", "-o", "/dev/null", *sum((["-o", "/dev/null"] for _ in urls[1:]), []), *urls], check=True, env=harness.plain_environment()),
        "the driver, counted": lambda: cursor.execute("SELECT " + ", ".join(f"COUNT({name})" for name in names) + " FROM Rows").fetchall(),
        "the driver, fetched by Python": lambda: cursor.execute(f"SELECT {', '.join(names)} FROM Rows").fetchall(),
    }
    for name, act in ways.items():
        print(f"{name}: {min(seconds(act) for _ in range(3)):.2f} s for {size:.0f} MB")


bench()
