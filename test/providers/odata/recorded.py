#!/usr/bin/python3
"""Recorded pages of services, in the folder that ODATA_SAMPLES names: served as they are, what the driver reads of them is what a reading of
the same files that shares nothing with the driver's finds there. Without the folder there is nothing to do: reader_test.c has pages of its own."""
import base64
import datetime
import decimal
import glob
import http.server
import json
import os
import re
import sys
import xml.etree.ElementTree as ElementTree

sys.path[:0] = [os.path.join(os.path.abspath(os.environ.get("srcdir") or os.path.join(os.path.dirname(__file__), "../../..")), folder)
                for folder in ("test/clients", "test/providers/odata")]
from harness import check, equal, run
from loopback import Loopback
import shop_client

SAMPLES = os.environ.get("ODATA_SAMPLES")
HOSTS = ("localhost:${tomcat.servlet.port}", "services.odata.org")     # whose links shall lead to the test's server
EMPTY = {"json": '{"value":[]}', "xml": '<feed xmlns="http://www.w3.org/2005/Atom"/>'}
# version, metadata, and pages by name of their set; in the folder fit each set has its pages in a folder of its name
PLACES = [(3, "v3/olingo-fit/metadata.xml", "v3/olingo-fit/{set}/feed.full.json"), (3, "v3/olingo-fit/metadata.xml", "v3/olingo-fit/{set}/feed.xml"),
          (4, "v4/olingo-fit/metadata.xml", "v4/olingo-fit/{set}/feed.full.json"),
          (2, "v2/metadata/Northwind.odata.org.v2.metadata.xml", "v2/payload/Multiple{set}.atom.xml")]


def local(element):
    return element.tag.rsplit("}", 1)[-1]


class Model:
    """sets: name -> type; types: name -> [(property, type, scale)], those of base types first."""

    def __init__(self, text):
        root = ElementTree.fromstring(text)
        self.elements, self.sets, self.enums = {}, {}, set()
        for schema in (one for one in root.iter() if local(one) == "Schema"):
            for one in schema:
                name = f"{schema.get('Namespace')}.{one.get('Name')}"
                if local(one) in ("EntityType", "ComplexType"):
                    self.elements[name] = one
                elif local(one) == "EnumType":
                    self.enums.add(name)
                elif local(one) == "EntityContainer":
                    self.sets.update({entity.get("Name"): entity.get("EntityType") for entity in one if local(entity) == "EntitySet"})

    def properties(self, name):
        element = self.elements.get(name)
        if element is None:
            return []
        own = [(one.get("Name"), one.get("Type"), one.get("Scale")) for one in element if local(one) == "Property"]
        return self.properties(element.get("BaseType")) + own if element.get("BaseType") else own

    def outside(self, name):
        """property -> the element of an entry where it stands in place of the properties"""
        found = {}
        for one in self.elements.get(name, ()):
            marks = {key.rsplit("}", 1)[-1]: mark for key, mark in one.attrib.items()}
            if marks.get("FC_KeepInContent") == "false" and marks.get("FC_TargetPath", "").startswith("Syndication"):
                found[one.get("Name")] = marks["FC_TargetPath"][len("Syndication"):].lower()
        return found

    def columns(self, name, depth=0):
        """(path, type, scale) of what is a single value."""
        found = []
        for prop, kind, scale in self.properties(name):
            if kind in self.elements and depth < 4:
                found += [((prop, *path), inner, inner_scale) for path, inner, inner_scale in self.columns(kind, depth + 1)]
            elif kind in self.enums or (kind.startswith("Edm.") and not re.match(r"Edm\.(Geo|Stream)", kind)):
                found.append(((prop,), kind, scale))
        return found


def read_json(text):
    document = json.loads(text, parse_float=decimal.Decimal)
    return document["value"] if "value" in document else document["d"].get("results", document["d"])


def read_atom(text):
    def value(element):
        if any(name.endswith("}null") and flag == "true" for name, flag in element.attrib.items()):
            return None
        inner = list(element)
        return {local(one): value(one) for one in inner} if inner else element.text or ""

    rows = []
    for entry in (one for one in ElementTree.fromstring(text) if local(one) == "entry"):
        properties = [one for part in entry for one in (part, *part) if local(one) == "properties"]
        rows.append({**(value(properties[0]) if properties and len(properties[0]) else {}), "": {local(part): part.text for part in entry if part.text and part.text.strip()}})
    return rows


def moment(text):
    found = re.fullmatch(r"(\d+-\d+-\d+)T(\d+:\d+)(:\d+)?(?:\.(\d+))?(Z|[+-]\d+:\d+)?", text)
    day, clock, seconds, fraction, zone = found.groups()
    value = datetime.datetime.fromisoformat(f"{day}T{clock}{seconds or ':00'}") + datetime.timedelta(microseconds=int(((fraction or "") + "000000")[:6]))
    if zone and zone != "Z":
        offset = datetime.timedelta(hours=int(zone[1:3]), minutes=int(zone[4:6]))
        value += -offset if zone[0] == "+" else offset
    return value


def time(text):
    found = re.fullmatch(r"PT?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d+))?S)?", text)
    if not found:
        return datetime.time.fromisoformat(text[:15])
    hours, minutes, seconds, fraction = found.groups()
    return datetime.time(int(hours or 0), int(minutes or 0), int(seconds or 0), int(((fraction or "") + "000000")[:6]))


def expected(kind, value):
    if value is None:
        return None
    if re.match(r"Edm\.(Byte|SByte|Int\d+)$", kind):
        return int(value)
    if kind == "Edm.Decimal":
        return decimal.Decimal(value)
    if kind in ("Edm.Double", "Edm.Single"):
        number = float(value)
        return None if number != number else number
    if kind == "Edm.Boolean":
        return value if isinstance(value, bool) else value == "true"
    if kind == "Edm.Guid":
        return value.lower()
    if kind == "Edm.Binary":
        return base64.urlsafe_b64decode(value.replace("+", "-").replace("/", "_") + "=" * (-len(value) % 4))
    if kind in ("Edm.DateTime", "Edm.DateTimeOffset"):
        return moment(value)
    if kind in ("Edm.Time", "Edm.TimeOfDay"):
        return time(value)
    return datetime.date.fromisoformat(value) if kind == "Edm.Date" else value


def same(kind, scale, got, wanted):
    if got is None or wanted is None:
        return got is wanted
    if kind == "Edm.Guid":
        return got.lower() == wanted
    if kind == "Edm.Decimal": # nine digits where no scale is told
        digits = decimal.Decimal(1).scaleb(-(int(scale) if scale and scale.isdigit() else 9))
        return decimal.Context(prec=60, rounding=decimal.ROUND_HALF_UP).quantize(wanted, digits) == got
    if kind in ("Edm.Time", "Edm.TimeOfDay"):
        return got == wanted.replace(microsecond=0) # what pyodbc has of a time
    return got == wanted


class Server(Loopback):
    """One page and the metadata that it belongs to. Links to the next page lead to an empty one."""

    def __init__(self, version, metadata, name, page, form):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version, disable_nagle_algorithm = "HTTP/1.1", True

            def log_message(self, *_):
                pass

            def do_GET(self):
                path = self.path.partition("?")[0]
                text, kind = (metadata, "application/xml") if path.endswith("/$metadata") else \
                    (EMPTY[form] if "skiptoken" in self.path else page, "application/json" if form == "json" else "application/atom+xml")
                found = path.endswith("/$metadata") or path == f"/v{version}/{name}" or "skiptoken" in self.path
                for host in HOSTS:
                    text = text.replace(host, self.headers["Host"])
                data = text.encode() if found else b"{}"
                self.send_response(200 if found else 404)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        super().__init__(Handler)


def read(path):
    with open(path, encoding="utf-8-sig") as file:
        return file.read()


def compare(version, metadata, name, path):
    model, form = Model(metadata), "json" if path.endswith("json") else "xml"
    page = read(path)
    rows = (read_json if form == "json" else read_atom)(page)
    columns, outside = model.columns(model.sets[name]), model.outside(model.sets[name]) if form == "xml" else {}
    server = Server(version, metadata, name, page, form)
    cursor = shop_client.connect(server, version, DataFormat="ATOM" if form == "xml" else "JSON").cursor()
    got = cursor.execute(f'SELECT * FROM "{name}"').fetchall()
    names = [column[0] for column in cursor.description]
    wrong, values = [], 0
    for index, (row, wanted) in enumerate(zip(got, rows)):
        for steps, kind, scale in columns:
            value = wanted[""] if steps[0] in outside else wanted
            for step in [outside.get(steps[0], steps[0]), *steps[1:]]:
                value = value.get(step) if isinstance(value, dict) else None
            cell = row[names.index("_".join(steps))] if "_".join(steps) in names else "no such column"
            values += value is not None
            if not same(kind, scale, cell, expected(kind, value)):
                wrong.append((index, "_".join(steps), kind, value, cell))
    server.close()
    equal((len(got), wrong[:5]), (len(rows), []), f"V{version} {os.path.relpath(path, SAMPLES)}: {len(rows)} rows, {values} values")
    return values


def pages_are_read_as_they_stand():
    if not SAMPLES or not os.path.isdir(SAMPLES):
        check(True, "no folder of recorded pages is named")
        return
    total = 0
    for version, metadata, pattern in PLACES:
        text = read(os.path.join(SAMPLES, metadata))
        for path in sorted(glob.glob(os.path.join(SAMPLES, pattern.format(set="*")))):
            name = re.fullmatch(re.escape(os.path.join(SAMPLES, pattern)).replace(r"\{set\}", "(.*)"), path).group(1)
            if name in Model(text).sets:
                total += compare(version, text, name, path)
    check(total > 500, "there is something to read", total)


run(pages_are_read_as_they_stand)
