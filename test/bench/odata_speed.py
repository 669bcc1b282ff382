#!/usr/bin/env python3
"""Measures OData: 100,000 rows of V4's JSON, 10 of 30 properties selected, beside curl that fetches the same pages from the same nginx; and groups
that the service makes by $apply beside the same made here. Each pair in turn, the median of the ratios counts. `make bench-odata` calls it.

odata_speed.py BUILD SOURCE, in the environment BENCH_ROWS (100000), BENCH_TURNS (3).
"""
import http.server
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse

BUILD, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
ROWS, TURNS = int(os.environ.get("BENCH_ROWS", "100000")), int(os.environ.get("BENCH_TURNS", "3"))
PAGE, PROPERTIES, SELECTED, GROUPS, PORT = 1000, 30, 10, 50, 18398
DATA = os.path.join(BUILD, "bench", "odata")
KINDS = ["Edm.String", "Edm.Int32", "Edm.Decimal", "Edm.DateTimeOffset", "Edm.Double"]
METADATA = ('<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices><Schema Namespace="B" '
            'xmlns="http://docs.oasis-open.org/odata/ns/edm"><EntityType Name="Row"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/>'
            + "".join(f'<Property Name="P{i}" Type="{KINDS[i % 5]}" Scale="2"/>' for i in range(1, PROPERTIES)) +
            '</EntityType><EntityContainer Name="C"><EntitySet Name="Rows" EntityType="B.Row"/></EntityContainer></Schema></edmx:DataServices></edmx:Edmx>')
NAMES = ["ID", *(f"P{i}" for i in range(1, SELECTED))]
NGINX = """
worker_processes 1;
pid %(folder)s/nginx.pid;
error_log %(folder)s/nginx.log;
daemon on;
events { worker_connections 256; }
http {
    access_log off;
    default_type application/json;
    keepalive_requests 1000000;
    sendfile on;
    tcp_nodelay on;
    client_body_temp_path %(folder)s/temp; proxy_temp_path %(folder)s/temp; fastcgi_temp_path %(folder)s/temp;
    uwsgi_temp_path %(folder)s/temp; scgi_temp_path %(folder)s/temp;
    server {
        listen 127.0.0.1:%(port)d;
        root %(folder)s;
        location = /v4/$metadata { default_type application/xml; try_files /metadata.xml =404; }
        location = /v4/Rows { try_files /pages/$arg_page.json /pages/0.json =404; }
    }
}
"""


def cell(row, i):
    return [f"text {row} of {i}", row % GROUPS if i == 1 else row * i, row * i / 100, f"2024-01-{row % 28 + 1:02}T00:{row % 60:02}:00Z", row / (i + 1)][i % 5]


def page(number, base):
    rows = [{"ID": row, **{f"P{i}": cell(row, i) for i in range(1, SELECTED)}} for row in range(number * PAGE, min(ROWS, (number + 1) * PAGE))]
    document = {"@odata.context": "$metadata#Rows", "value": rows}
    if (number + 1) * PAGE < ROWS:
        document["@odata.nextLink"] = f"{base}/v4/Rows?page={number + 1}"
    return json.dumps(document).encode()


def start_nginx():
    shutil.rmtree(DATA, ignore_errors=True)
    os.makedirs(DATA + "/pages")
    os.makedirs(DATA + "/temp")
    for number in range((ROWS + PAGE - 1) // PAGE):
        with open(f"{DATA}/pages/{number}.json", "wb") as file:
            file.write(page(number, f"http://127.0.0.1:{PORT}"))
    with open(DATA + "/metadata.xml", "w", encoding="utf-8") as file:
        file.write(METADATA)
    with open(DATA + "/nginx.conf", "w", encoding="utf-8") as file:
        file.write(("user root;\n" if os.geteuid() == 0 else "") + NGINX % {"folder": DATA, "port": PORT})
    subprocess.run(["nginx", "-c", DATA + "/nginx.conf"], check=True, stderr=subprocess.DEVNULL)


def stop_nginx():
    with open(DATA + "/nginx.pid", encoding="utf-8") as file:
        os.kill(int(file.read()), signal.SIGTERM)


class Grouping:
    """The same rows at a service that groups them: by P1, with sums of P2 and numbers of rows."""

    def __init__(self):
        sums = {}
        for row in range(ROWS):
            one = sums.setdefault(cell(row, 1), [0, 0])
            one[0] += row * 2
            one[1] += 1
        grouping = self
        self.pages, self.applied = [], 0

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version, disable_nagle_algorithm = "HTTP/1.1", True

            def log_message(self, *_):
                pass

            def do_GET(self):
                path, _, query = self.path.partition("?")
                options = dict(urllib.parse.parse_qsl(query))
                kind, text = "application/json", b""
                if path.endswith("/$metadata"):
                    kind, text = "application/xml", METADATA.encode()
                elif "$apply" in options:
                    grouping.applied += 1
                    names = re.findall(r"(P2 with sum|\$count) as (\w+)", options["$apply"])
                    rows = [{"P1": group, **{name: total / 100 if word[0] == "P" else count for word, name in names}} for group, (total, count) in sums.items()]
                    text = json.dumps({"@odata.context": "$metadata#x", "value": rows}).encode()
                else:
                    text = grouping.pages[int(options.get("page", 0))]
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.pages = [page(number, self.url) for number in range((ROWS + PAGE - 1) // PAGE)]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def ours(url, more=""):
    return f"Driver={BUILD}/.libs/librestodbc.so;Provider=OData;URL={url}/v4;{more}"


def scan(connection, how, sql):
    words = subprocess.run([BUILD + "/test/bench/scan", connection, how, sql], check=True, capture_output=True, text=True).stdout.split()
    return {"rows": int(words[0]), "seconds": float(words[4])}


def curl(urls):
    began = time.monotonic()
    subprocess.run(["curl", "-s", *sum((["-o", "/dev/null", url] for url in urls), [])], check=True)
    return time.monotonic() - began


def compare(name, target, one, other):
    """Both in turn; the median ratio of one to the other."""
    pairs = [(one(), other()) for _ in range(TURNS)]
    ratio = statistics.median(a / b for a, b in pairs)
    mine, theirs = statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)
    print(f"{name:68} {mine:8.3f} {theirs:8.3f}  {ratio:6.2f}  <= {target:<5.3g} {'' if ratio <= target else 'MISSED'}", flush=True)


def main():
    if not shutil.which("nginx") or not shutil.which("curl"):
        sys.exit("nginx and curl are needed: ./bootstrap bench installs what is compared with")
    start_nginx()
    near = f"http://127.0.0.1:{PORT}"
    urls = [f"{near}/v4/Rows?page={number}" for number in range((ROWS + PAGE - 1) // PAGE)]
    size = sum(os.path.getsize(f"{DATA}/pages/{number}.json") for number in range(len(urls))) / 1e6
    print(f"{ROWS} rows of OData V4, {SELECTED} of {PROPERTIES} properties, {size:.0f} MB of JSON; {TURNS} turns; seconds are medians\n")
    print(f"{'what':68} {'ours':>8} {'other':>8}  {'ratio':>6}  target")
    select = f"SELECT {', '.join(NAMES)} FROM Rows"
    group = "SELECT P1, SUM(P2), COUNT(*) FROM Rows GROUP BY P1"
    try:
        def rows(connection, sql, wanted):
            told = scan(connection, "bound", sql)
            assert told["rows"] == wanted, told
            return told["seconds"]

        compare("all rows, bound in blocks : curl of the same pages, nothing read", 8.0, lambda: rows(ours(near, "Other=Apply=0"), select, ROWS), lambda: curl(urls))
        grouping = Grouping()
        compare("GROUP BY by $apply : the same from all rows here", 0.5, lambda: rows(ours(grouping.url, "Other=Apply=1"), group, GROUPS),
                lambda: rows(ours(grouping.url, "Other=Apply=0"), group, GROUPS))
        assert grouping.applied == TURNS, grouping.applied
    finally:
        stop_nginx()


main()
