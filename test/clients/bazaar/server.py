"""The Bazaar: a service that there is not, as a server with threads, OAuth 2.0 and a log of its requests.

It is written from what a service of its kind would document, and knows nothing of the driver or its definition: bazaar.xml beside this
file describes it as anybody would describe a foreign service.
"""
import base64
import datetime
import http.server
import json
import re
import threading
import urllib.parse

CLIENT, SECRET = "bazaar-client", "bazaar secret"
PATIENCE = 20           # seconds after which who is held at a gate goes on all the same
TODAY = datetime.date.today()


def moment(days, seconds=0):
    return datetime.datetime(2024, 1, 1) + datetime.timedelta(days=days, seconds=seconds)


class Data:
    """What the service knows. The tests read it directly."""

    def __init__(self, stores=7):
        self.accounts = [{"id": 3, "name": "The other place", "product": "fair"}, {"id": 7, "name": "Riga", "product": "bazaar"}]
        self.account = {"id": 7, "plan": {"name": "large"}, "founded": "2011-04-05"}
        self.stores = []
        self.shelves, self.items = [], []
        for n in range(stores):
            store = {"id": 101 + n, "name": ["North", "South* end", "Ünder/the.bridge", "Nook", "East", "Norrebro", "West"][n % 7] + (f" {n}" if n > 6 else ""),
                     "main": n == 2, "open": n % 3 != 1, "opened": str((moment(40 * n)).date()),
                     "closed": None if n % 2 else str(moment(900 + n).date()), "tags": [["red", "old"], [], ["new"]][n % 3],
                     "settings": {"heat": n, "hours": [9, 17 + n]} if n % 2 else [], "stars": f"{n % 5}.{n % 10}",
                     "city": ["Riga", "Oslo", "New Riga", None][n % 4], "near": "Riga" if n < 3 else "Oslo"}
            self.stores.append(store)
            for k in range([3, 0, 5, 2, 4, 1, 2][n % 7] if n < 7 else 1):
                shelf = {"id": store["id"] * 10 + k, "store": store["id"], "label": f"shelf {k} of {store['id']}",
                         "items": [6, 0, 13, 1, 4][(n + k) % 5] if n < 7 else 1}
                self.shelves.append(shelf)
                for i in range(shelf["items"]):
                    number = len(self.items)
                    self.items.append({
                        "id": 1000 + number, "shelf": shelf["id"], "store": store["id"], "name": f"item {number % 9}" + (" & sons" if number % 11 == 0 else ""),
                        "price": number * 7 % 100 + 0.25, "added": moment(number, number * 61), "kind": ["tool", "toy", "book"][number % 3],
                        "photos": None if number % 4 == 0 else [] if number % 4 == 1 else [f"https://pictures.example/{number}/{p}" for p in range(number % 3)]})
        self.reviews = [{"id": 5000 + n, "item": 1000 + n * 3 % len(self.items), "stars": n % 5 + 1, "words": f"words {n}" if n % 2 else "n/a"} for n in range(60)]
        self.reviews += [{"id": 6000 + n, "item": 0, "stars": 3, "words": "of no item"} for n in range(3)]
        self.orders = [{"id": 300 + n, "placed": moment(n * 3, n), "state": n % 3 + 1, "buyer": {"name": f"buyer {n % 4}"} if n % 5 else None,
                        "coupon": ["n/a", "", f"C{n}"][n % 3], "due": ["1900-01-01", "0000-00-00", "", str(moment(n).date())][n % 4],
                        "total": f"{n * 13}.{n % 100:02}",
                        "lines": [{"sku": f"S{n}-{k}", "quantity": k + 1} for k in range([0, 2, 3, 0, 0, 1, 0, 0, 0][n % 9])]} for n in range(31)]
        self.events = [{"id": n, "what": "a long word" if n == 6 else f"e{n}", "size": [n, str(n), "much", {"is": n}, [], None, [n]][n % 7]} for n in range(23)]
        self.counters = {f"door {n}": n * n for n in range(10)}
        self.days = {"2024-02-28": ("bank", {"EUR": 1.0, "USD": 1.08}), "2024-02-29": (None, {}), "2024-03-01": ("bourse", {"USD": 1.09})}
        self.fields = [{"key": "size", "label": "Shoe size", "of": "customer"}, {"key": "a/b[c=d],e", "label": "Odd key", "of": "customer"},
                       {"key": "name", "label": "Name", "of": "buyer"}, {"key": "vat", "label": "VAT", "of": "supplier"}]
        self.customers = [{"id": 70 + n, "name": f"customer {n}", "fields": [{"value": n + 36, "key": "size"}] * (n % 2) +
                           [{"key": "a/b[c=d],e", "value": f"odd {n}"}, {"key": "name", "value": "inner"}]} for n in range(6)]
        self.suppliers = [{"id": 80 + n, "name": f"supplier {n}", "more": {"Colour": ["red", "blue"][n % 2], "Colour_raw": "#f00", "Weight kg": n}} for n in range(3)]
        self.visits = [{"id": n, "door": f"door {n % 3}", "year": 2020 + n % 4} for n in range(7)]
        self.pictures = {1000: bytes(range(256)) * 40, 1001: b""}


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, stores=7):
        super().__init__(("127.0.0.1", 0), Handler)
        self.data = Data(stores)
        self.lock = threading.Condition()
        self.tokens, self.refresh, self.codes, self.signed_in = {"fixed-token"}, set(), {"the-code"}, 0
        self.other_members = {}         # of the token endpoint's reply
        self.log, self.faults, self.gates = [], [], []
        self.under_way = self.most_under_way = 0
        self.base = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True, kwargs={"poll_interval": 0.05}).start()

    def stop(self):
        self.open_gates()
        self.shutdown()
        self.server_close()

    # ---- control ----

    def forget(self):
        with self.lock:
            self.log.clear()
            self.most_under_way = 0

    def asked(self):
        """The requests so far but those of the sign-in: (method, path, [(name, value)…])."""
        with self.lock:
            return [(entry["method"], entry["path"], entry["query"]) for entry in self.log if not entry["path"].startswith("/oauth")]

    def entries(self):
        with self.lock:
            return [dict(entry) for entry in self.log if not entry["path"].startswith("/oauth")]

    def fault(self, match, times=1, skip=0, **answer):
        """The next requests whose path and query match are answered so: status, headers, body; hold=True: not at all until the gates open."""
        with self.lock:
            self.faults.append({"match": match, "times": times, "skip": skip, **answer})

    def heal(self):
        with self.lock:
            self.faults.clear()

    def gate(self, match, count, skip=0):
        """Requests that match are held, but the first few, until so many of them are under way at once."""
        with self.lock:
            self.gates.append({"match": match, "count": count, "skip": skip, "held": 0, "open": False, "reached": 0})
            return self.gates[-1]

    def open_gates(self):
        with self.lock:
            for gate in self.gates:
                gate["open"] = True
            self.gates.clear()
            self.lock.notify_all()


class Refusal(Exception):
    def __init__(self, status, body, headers=()):
        self.status, self.body, self.headers = status, body, headers


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1           # head and body leave together

    def log_message(self, *_):
        pass

    def handle_one_request(self):
        try:
            super().handle_one_request()
        except (ConnectionError, TimeoutError):         # whoever gave up
            self.close_connection = True

    def do_GET(self):
        self.answer()

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET

    # ---- one request ----

    def answer(self):
        server = self.server
        parts = urllib.parse.urlsplit(self.path)
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.query = urllib.parse.parse_qsl(parts.query, keep_blank_values=True)
        self.body = json.loads(raw) if raw and "json" in (self.headers.get("Content-Type") or "") else raw
        entry = {"method": self.command, "path": urllib.parse.unquote(parts.path), "raw_path": parts.path, "query": self.query, "body": self.body,
                 "headers": dict(self.headers.items()), "status": None}
        with server.lock:
            server.log.append(entry)
            server.under_way += 1
            server.most_under_way = max(server.most_under_way, server.under_way)
        try:
            status, body, headers = self.work(parts)
        except Refusal as refusal:
            status, body, headers = refusal.status, refusal.body, refusal.headers
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        entry["status"] = status
        with server.lock:
            server.under_way -= 1
        self.send_response(status)
        kind = "application/octet-stream" if isinstance(body, bytes) else "application/json"
        for name, value in [("Content-Type", kind), *headers]:
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if status != 204:
            self.wfile.write(content)

    def work(self, parts):
        if parts.path == "/oauth/token":
            return self.token()
        fault = self.take_fault()
        self.pass_gates()
        if fault and fault.get("hold"):
            gate = self.server.gate(re.escape(self.path), 1 << 30)
            self.pass_gates(gate)
        if fault and "status" in fault:
            return fault["status"], fault.get("body", {}), fault.get("headers", ())
        if (self.headers.get("Authorization") or "").removeprefix("Bearer ") not in self.server.tokens:
            raise Refusal(401, {"code": 401, "message": "who are you?"})
        if parts.path == "/me":
            return 200, {"accounts": self.server.data.accounts}, ()
        if parts.path == "/archive/visits":
            return self.links(self.server.data.visits, parts.path)
        match = re.fullmatch(r"/accounts/7/v3(/.*)", urllib.parse.unquote(parts.path))
        if not match:
            raise Refusal(404, {"code": 404, "message": "no such address"})
        for method, pattern, work in ROUTES:
            found = re.fullmatch(pattern, match.group(1))
            if found and method == self.command:
                result = work(self, *found.groups())
                return result if isinstance(result, tuple) else (200, {"code": 0, "message": "fine", **result}, ())
        raise Refusal(404, {"code": 404, "message": "nothing there"})

    def take_fault(self):
        with self.server.lock:
            for fault in self.server.faults:
                if fault["times"] > 0 and re.search(fault["match"], urllib.parse.unquote(self.path)):
                    if fault["skip"] > 0:
                        fault["skip"] -= 1
                        continue
                    fault["times"] -= 1
                    return fault
        return None

    def pass_gates(self, own=None):
        server = self.server
        with server.lock:
            for gate in [own] if own else list(server.gates):
                if gate["open"] or not re.search(gate["match"], urllib.parse.unquote(self.path) if not own else self.path):
                    continue
                if gate["skip"] > 0:
                    gate["skip"] -= 1
                    continue
                gate["held"] += 1
                gate["reached"] = max(gate["reached"], gate["held"])
                if gate["held"] >= gate["count"]:
                    gate["open"] = True
                    server.lock.notify_all()
                server.lock.wait_for(lambda: gate["open"], PATIENCE)
                gate["held"] -= 1

    def one(self, name, default=None):
        values = [value for key, value in self.query if key == name]
        if len(values) > 1:
            raise Refusal(400, {"code": 400, "message": f"{name} is given twice"})
        return values[0] if values else default

    def several(self, name):
        return [value for key, value in self.query if key == name]

    def known(self, *names):
        """A misspelt parameter is an error, as in a service that is strict."""
        for key, _ in self.query:
            if key not in names:
                raise Refusal(400, {"code": 400, "message": f"there is no parameter {key}"})

    # ---- signing in ----

    def token(self):
        server = self.server
        form = dict(urllib.parse.parse_qsl(self.body.decode() if isinstance(self.body, bytes) else ""))
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}, ()
        with server.lock:
            if form.get("grant_type") == "authorization_code" and form.get("code") in server.codes:
                server.codes.discard(form["code"])
            elif form.get("grant_type") == "refresh_token" and form.get("refresh_token") in server.refresh:
                server.refresh.discard(form["refresh_token"])
            else:
                return 400, {"error": "invalid_grant"}, ()
            server.signed_in += 1
            access, refresh = f"access-{server.signed_in}-of-many", f"refresh-{server.signed_in}-of-many"
            server.tokens.add(access)
            server.refresh.add(refresh)
        return 200, {"access_token": access, "refresh_token": refresh, "token_type": "bearer", "expires_in": 3600, **server.other_members}, ()

    # ---- pages ----

    def numbers(self, name, rows, *known):
        self.known("page", "per_page", *known)
        page, size = int(self.one("page", 1)), min(int(self.one("per_page", 2)), 4)
        return {name: rows[(page - 1) * size:page * size], "page": {"more": page * size < len(rows)}}

    def offsets(self, name, rows, *known):
        self.known("skip", "take", *known)
        skip, take = int(self.one("skip", 0)), min(int(self.one("take", 2)), 5)
        return {"page": {"total": len(rows)}, name: rows[skip:skip + take]}

    def tokens(self, name, rows, given, total=True, **more):
        start = int(base64.b64decode(given["cursor"]).decode().split(":")[1]) if given.get("cursor") else 0
        size = min(int(given.get("limit", 2)), 4)
        end = start + size
        cursor = base64.b64encode(f"from:{end}".encode()).decode() if end < len(rows) else None
        return {"page": {"cursor": cursor, **({"total": len(rows)} if total else {})}, name: rows[start:end], **more}

    def links(self, rows, path):
        """The body is the list alone; everything else stands in header fields, in two of them and with spaces where they may be."""
        self.known("per_page", "from")
        start, size = int(self.one("from", 0)), min(int(self.one("per_page", 2)), 3)
        fields = [("Link", f"<{path}?from=0&per_page={size}>; rel=first; title=\"<the first>, rel=\\\"next\\\"\"")]
        if start + size < len(rows):
            fields.append(("Link", f"<{path}?from={start}>; rel=\"self\" ,  <{path.rsplit('/', 1)[-1]}?per_page={size}&from={start + size}> ; rel = \"next\""))
        return 200, rows[start:start + size], fields


# ---- What the addresses answer ----

def show_store(store, stars):
    dock = [{"name": "shelves", "enabled": False, "id": 1}, {"id": 9, "name": "till", "enabled": True}]
    if store["main"] or store["id"] % 2:
        dock.insert(1, {"enabled": True, "links": [{"rel": "up", "href": "/up"}, {"href": f"/stores/{store['id']}/shelves", "rel": "self"}],
                        "id": store["id"] * 3, "name": "shelves"})
    shown = {key: store[key] for key in ("id", "name", "main", "open", "opened", "closed", "tags", "settings")}
    shown["dock"] = dock
    if store["id"] % 2:
        shown["address"] = {"city": store["city"]}
    else:
        shown["town"] = store["city"]
    return {**shown, "stars": store["stars"]} if stars else shown


def stores(handler):
    rows = list(handler.server.data.stores)
    handler.known("state", "name", "main", "q", "opened_from", "opened_to", "closed", "near", "include", "sort", "page", "per_page")
    state, name = handler.one("state", "open"), handler.one("name")
    if state != "any":
        rows = [row for row in rows if row["open"] == (state == "open")]
    if name and name.endswith("*"):
        rows = [row for row in rows if row["name"].lower().startswith(name[:-1].lower())]
    elif name:
        rows = [row for row in rows if row["name"].lower() == name.lower()]
    if handler.one("main"):
        rows = [row for row in rows if row["main"] == (handler.one("main") == "yes")]
    if handler.one("q"):
        rows = [row for row in rows if handler.one("q").lower() in (row["city"] or "").lower()]
    if handler.one("opened_from"):
        rows = [row for row in rows if row["opened"] >= handler.one("opened_from")]
    if handler.one("opened_to"):
        rows = [row for row in rows if row["opened"] <= handler.one("opened_to")]
    if handler.one("closed"):
        rows = [row for row in rows if (row["closed"] is None) == (handler.one("closed") == "none")]
    if handler.one("near"):
        rows = [row for row in rows if row["near"] == handler.one("near")]
    rows.sort(key=lambda row: row["id"] if handler.one("sort", "id") == "id" else -row["id"])
    return handler.numbers("stores", [show_store(row, handler.one("include") == "stars") for row in rows],
                           "state", "name", "main", "q", "opened_from", "opened_to", "closed", "near", "include", "sort")


def store(handler, number):
    handler.known("include")
    for row in handler.server.data.stores:
        if row["id"] == int(number):
            return {"store": show_store(row, handler.one("include") == "stars")}
    raise Refusal(404, {"code": 404, "message": "no such store"})


def shelves(handler, number):
    if not any(row["id"] == int(number) and (row["main"] or row["id"] % 2) for row in handler.server.data.stores):
        raise Refusal(404, {"code": 404, "message": "no shelves there"})
    rows = [{"id": row["id"], "label": row["label"], "item_count": row["items"]} for row in handler.server.data.shelves if row["store"] == int(number)]
    return handler.links(rows, f"/accounts/7/v3/stores/{number}/shelves")


def show_item(row):
    return {"name": row["name"], "id": row["id"], "price": row["price"], "added": row["added"].isoformat() + "Z",
            "kind": row["kind"], "shelf": {"id": row["shelf"], "store": {"id": row["store"]}}}


def item(handler, number):
    handler.known()
    for row in handler.server.data.items:
        if row["id"] == int(number):
            return {"item": show_item(row)}
    raise Refusal(404, {"code": 404, "message": "no such item"})


def read_moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00").replace("+0000", "+00:00")).replace(tzinfo=None)


def items(handler, shelf):
    names, known = handler.several("name"), ("name", "not_id", "since", "until", "day", "kind")
    rows = [row for row in handler.server.data.items if row["shelf"] == int(shelf)]
    if names:
        rows = [row for row in rows if row["name"] in names]
    if handler.one("not_id"):
        rows = [row for row in rows if row["id"] != int(handler.one("not_id"))]
    if handler.one("since"):
        rows = [row for row in rows if (row["added"] - datetime.datetime(1970, 1, 1)).total_seconds() > int(handler.one("since"))]
    if handler.one("until"):
        rows = [row for row in rows if row["added"] < read_moment(handler.one("until"))]
    if handler.one("day"):
        rows = [row for row in rows if str(row["added"].date()) == handler.one("day")]
    if handler.one("kind"):
        kinds = handler.one("kind").split(",")
        if not all(kind.startswith("Kind.") for kind in kinds):
            raise Refusal(422, {"code": 17, "message": "a kind has its prefix"})
        rows = [row for row in rows if "Kind." + row["kind"] in kinds]
    return handler.offsets("items", [show_item(row) for row in rows], *known)


def photos(handler, number):
    for row in handler.server.data.items:
        if row["id"] == int(number):
            if row["photos"] is None:
                raise Refusal(404, {"code": 404, "message": "no pictures"})
            return {"photos": row["photos"]} if row["photos"] else (204, b"", ())
    raise Refusal(404, {"code": 404, "message": "no such item"}, [("X-Bazaar-Reason", "the item is gone")])


def reviews(handler):
    wanted = [int(number) for number in handler.one("items").split(",")]
    if len(wanted) > 5:
        raise Refusal(422, {"errors": [{"kind": 9, "text": "at most five items"}]})
    by_item = {row["id"]: row["store"] for row in handler.server.data.items}
    rows = [{**row, "store": by_item.get(row["item"])} for row in handler.server.data.reviews if row["item"] in wanted]
    handler.known("items", "cursor", "limit")
    return handler.tokens("reviews", rows, dict(handler.query))


def orders(handler):
    rows = handler.server.data.orders
    handler.known("ids", "placed_from", "placed_to", "state", "sort", "dir", "cursor", "limit")
    if not any(handler.one(name) for name in ("ids", "placed_from", "placed_to")):
        raise Refusal(422, {"code": 33, "message": "ids, placed_from or placed_to is needed"})
    if handler.one("ids"):
        rows = [row for row in rows if str(row["id"]) in handler.one("ids").split(",")]
    if handler.one("placed_from"):
        rows = [row for row in rows if row["placed"] >= read_moment(handler.one("placed_from"))]
    if handler.one("placed_to"):
        rows = [row for row in rows if row["placed"] <= read_moment(handler.one("placed_to"))]
    if handler.one("state"):
        rows = [row for row in rows if str(row["state"]) == handler.one("state")]
    rows = sorted(rows, key=lambda row: row["placed"], reverse=handler.one("dir") == "desc")
    words = {1: "new", 2: "paid", 3: "sent"}
    shown = [{**row, "placed": row["placed"].strftime("%Y-%m-%dT%H:%M:%S+00:00"), "state": words[row["state"]]} for row in rows]
    return handler.tokens("orders", shown, dict(handler.query), as_of="2024-06-01")


def events(handler):
    handler.known("since", "at")
    if handler.one("at") is None and handler.one("since") != str(datetime.date.today() - datetime.timedelta(days=30)):
        raise Refusal(422, {"code": 40, "message": "since when?"})
    rows, at = handler.server.data.events, int(handler.one("at", 0))
    page = rows[at // 2 * 5:at // 2 * 5 + 5] if at % 2 == 0 else []      # every other page has nothing yet
    last = at // 2 * 5 + 5 >= len(rows)
    return {"page": {"next": None if last else f"events?at={at + 1}"}, "events": page}


def counters(handler):
    handler.known("page")
    page = int(handler.one("page", 0))
    rows = list(handler.server.data.counters.items())
    return 200, {"code": 0, "message": "fine", "counters": dict(rows[page * 3:page * 3 + 3])}, [("X-Total", str(len(rows)))]


def rates(handler):
    return {"days": {day: {"source": source, "rates": {name: {"rate": rate} for name, rate in found.items()}}
                     for day, (source, found) in handler.server.data.days.items()}}


def sales(handler):
    asked = handler.body["report"]["query"]
    if set(asked) - {"period", "unit", "kinds", "currency", "where"} or asked.get("unit") != "day" or handler.query:
        raise Refusal(400, {"code": 400, "message": "what is that?"})
    if not re.fullmatch(r"\d{4}-\d\d", asked["period"]):
        return 200, {"code": 57, "message": f"{asked['period']} is no month"}, ()
    kinds = asked.get("kinds", ["tool", "toy", "book"])
    rows = [{"kind": kind, "sold": sum(1 for row in handler.server.data.items if row["kind"] == kind and row["added"].isoformat().startswith(asked["period"]))}
            for kind in kinds]
    return {"one": rows[0]} if len(rows) == 1 else {"sales": rows}


def search(handler):
    words = handler.body["words"].split(" ")
    rows = [{"id": row["id"], "name": row["name"]} for row in handler.server.data.items if any(word in row["name"] for word in words)]
    return handler.tokens("hits", rows, handler.body)


def customers(handler):
    """Their own fields come only when they are asked for."""
    rows = handler.server.data.customers
    if handler.one("fields", "no") != "all":
        rows = [{name: value for name, value in row.items() if name != "fields"} for row in rows]
    return handler.numbers("customers", rows, "fields")


def add_item(handler, shelf):
    given = handler.body["item"]
    return {"item": {"id": 9000, "name": given["name"], "tags": [shelf, handler.one("source"), handler.one("dry_run", "wet")]}}


def find_items(handler):
    return {"items": [{"id": row["id"], "price": row["price"]} for row in handler.server.data.items if row["price"] <= float(handler.one("most"))]}


def remove_item(handler, number):
    if int(number) == 404:
        raise Refusal(409, {"code": 12, "message": "it is sold"})
    return 204, b"", ()


def send_picture(handler, number):
    return {"bytes": len(handler.body)}


def send_paper(handler):
    return {"bytes": len(base64.b64decode(handler.body["paper"]["content"], validate=True))}


def rate_items(handler):
    known = {row["id"] for row in handler.server.data.items}
    return {"ratings": [{"id": one, "status": 200} if one in known else {"id": one, "status": 404, "words": "it is not here"} for one in handler.body["ids"]]}


def fetch_picture(handler, number):
    if int(number) not in handler.server.data.pictures:
        raise Refusal(404, {"code": 404, "message": "no picture"})
    return 200, handler.server.data.pictures[int(number)], ()


ROUTES = [
    ("GET", "/account", lambda handler: (200, handler.server.data.account, ())),
    ("GET", "/stores", stores), ("GET", r"/stores/(\d+)", store), ("GET", r"/stores/(\d+)/shelves", shelves),
    ("GET", r"/items/(\d+)", item), ("GET", r"/shelves/(\d+)/items", items), ("GET", r"/items/(\d+)/photos", photos),
    ("GET", "/reviews", reviews), ("GET", "/orders", orders), ("GET", "/events", events), ("GET", "/counters", counters), ("GET", "/rates", rates),
    ("POST", "/reports/sales", sales), ("POST", "/search", search),
    ("GET", "/fields", lambda handler: {"fields": handler.server.data.fields}), ("GET", "/customers", customers),
    ("GET", "/suppliers", lambda handler: {"suppliers": handler.server.data.suppliers}),
    ("GET", "/visits", lambda handler: handler.numbers("visits", handler.server.data.visits)),
    ("POST", r"/shelves/(\d+)/items", add_item), ("GET", "/items", find_items), ("DELETE", r"/items/(\d+)", remove_item),
    ("PUT", r"/items/(\d+)/picture", send_picture), ("POST", "/papers", send_paper), ("POST", "/ratings", rate_items), ("GET", r"/items/(\d+)/picture", fetch_picture),
]
