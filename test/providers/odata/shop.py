"""A small OData server for tests: one shop in V2, V3 and V4, as JSON and as Atom, with pages of its own, and with refusals on demand.

It evaluates $filter, $orderby, $select, $expand, $skip, $top, $count, $inlinecount, $search and the part of $apply that groups, over rows
in memory, and remembers what it was asked.
"""
import base64
import datetime
import decimal
import hashlib
import http.server
import json
import re
import urllib.parse
import uuid
from xml.sax.saxutils import escape, quoteattr

from loopback import Loopback
from shop_filter import Filter, Refusal, closing, reach, split

Decimal = decimal.Decimal
EPOCH = datetime.datetime(1970, 1, 1)

# name: (type, nullable); a type in braces is complex, in brackets a collection.
TYPES = {
    "Category": {"key": ["ID"], "properties": {"ID": ("Int32", False), "Name": ("String", True), "Note": ("String", True)},
                 "navigation": {"Products": ("Product", True, {})}},
    "Product": {"key": ["ID"], "properties": {
        "ID": ("Int64", False), "Name": ("String", False), "Price": ("Decimal", True), "Weight": ("Double", True), "Stock": ("Int16", False),
        "Active": ("Boolean", False), "Code": ("Guid", True), "Since": ("Date", True), "Changed": ("Moment", True), "Opens": ("Time", True),
        "Picture": ("Binary", True), "Color": ("Color", True), "Tags": ("[String]", False), "Maker": ("{Maker}", True), "CategoryID": ("Int32", True)},
        "navigation": {"Category": ("Category", False, {"CategoryID": "ID"}), "Lines": ("Line", True, {})}},
    "Line": {"key": ["OrderID", "Number"], "properties": {
        "OrderID": ("Int32", False), "Number": ("Int32", False), "ProductID": ("Int64", False), "Amount": ("Int32", False), "Discount": ("Decimal", True)},
        "navigation": {"Product": ("Product", False, {"ProductID": "ID"})}},
}
COMPLEX = {"Maker": {"City": ("String", True), "Land": ("String", True)}}
COLORS = {"Red": 0, "Green": 1, "Blue": 4}
SETS = {"Categories": "Category", "Products": "Product", "Lines": "Line"}
SET_OF = {kind: name for name, kind in SETS.items()}
DIGEST = 'Digest realm="shop", qop="auth", nonce="abc"'
FACETS = {"Decimal": ' Precision="12" Scale="2"'}


def make_rows():
    """The rows, the same in every version; None is null."""
    categories = [{"ID": i, "Name": f"Category {i}" if i % 4 else "Größe & Söhne's", "Note": None if i % 3 else f"note/{i}?#+%"} for i in range(1, 13)]
    products = []
    for i in range(1, 301):
        products.append({
            "ID": 9007199254740993 + i if i % 50 == 0 else i, "Name": f"Product {i:03}" if i % 7 else f"product {i:03} ü",
            "Price": None if i % 11 == 0 else Decimal(i * 37 % 1000) / 100 + i, "Weight": None if i % 13 == 0 else i / 8, "Stock": i % 40,
            "Active": i % 3 != 0, "Code": None if i % 5 == 0 else str(uuid.UUID(int=i * 0x1234567890ABCDEF1234567)),
            "Since": None if i % 9 == 0 else datetime.date(2020, 1, 1) + datetime.timedelta(days=i * 3),
            "Changed": None if i % 10 == 0 else datetime.datetime(2024, 1, 1, 0, 0, i % 60, (i * 1000) % 1000000) + datetime.timedelta(hours=i),
            "Opens": None if i % 6 == 0 else datetime.time(i % 24, i % 60, 0), "Picture": None if i % 4 == 0 else bytes([i % 256, 0, 255]),
            "Color": None if i % 12 == 0 else ["Red", "Green", "Blue"][i % 3], "Tags": ["a", f"t{i % 5}"] if i % 2 else [],
            "Maker": None if i % 17 == 0 else {"City": ["Köln", "Bonn", "Aachen"][i % 3], "Land": "DE" if i % 2 else None},
            "CategoryID": None if i % 19 == 0 else i % 12 + 1,
        })
    lines = [{"OrderID": o, "Number": n, "ProductID": products[(o * 5 + n) % 300]["ID"], "Amount": o + n,
              "Discount": None if n == 2 else Decimal(n) / 10} for o in range(1, 21) for n in range(1, 4)]
    return {"Categories": categories, "Products": products, "Lines": lines}


# ---- The server ----

class Shop:
    """One service. refuse: words of what it refuses; quirks: words of what it does in its own way; page: rows of a page; answers: per path
    (status, content type, text, header fields) in place of its own, None is every other one; bodies: those of the requests; user: the Authorization that it wants; asked: what it was asked; refused: what of it was an error, and which."""

    def __init__(self, version):
        self.version, self.rows = version, make_rows()
        self.reset()

    def reset(self):
        self.page, self.refuse, self.asked, self.quirks = 100, set(), [], set()
        self.refused = []
        self.token = None
        self.bodies, self.answers, self.etag, self.user = [], {}, '"m1"', None
        self.tracked = []

    def admits(self, method, path, field):
        """Whether an Authorization is that of the user, who is the field itself or, for Digest, a name and a password."""
        if isinstance(self.user, str):
            return field == self.user
        parts = {name: quoted or plain for name, quoted, plain in re.findall(r'(\w+)=(?:"([^"]*)"|([^",]+))', field)}
        md5 = lambda *texts: hashlib.md5(":".join(texts).encode()).hexdigest()
        own = md5(self.user[0], "shop", self.user[1])
        return parts.get("uri") == path and parts.get("response") == md5(own, parts["nonce"], parts["nc"], parts["cnonce"], "auth", md5(method, path))

    # -- metadata --

    def edm(self, kind):
        v4 = self.version == 4
        names = {"Moment": "Edm.DateTimeOffset" if v4 else "Edm.DateTime", "Date": "Edm.Date" if v4 else "Edm.DateTime",
                 "Time": "Edm.TimeOfDay" if v4 else "Edm.Time", "Color": "Shop.Color" if v4 else "Edm.String"}
        if kind[0] == "{":
            return "Shop." + kind[1:-1]
        if kind[0] == "[":
            return f"Collection({self.edm(kind[1:-1])})"
        return names.get(kind, "Edm." + kind)

    def properties(self, properties):
        text = ""
        for name, (kind, nullable) in properties.items():
            if kind[0] == "[" and self.version == 2:
                continue
            day = ' sap:display-format="Date"' if kind == "Date" and self.version < 4 else ""
            text += f'<Property Name="{name}" Type="{self.edm(kind)}" Nullable="{str(nullable).lower()}"{FACETS.get(kind, "")}{day}/>'
        return text

    def metadata(self):
        v4, body, container = self.version == 4, "", ""
        for name, kind in TYPES.items():
            body += f'<EntityType Name="{name}"><Key>' + "".join(f'<PropertyRef Name="{key}"/>' for key in kind["key"]) + "</Key>"
            body += self.properties(kind["properties"])
            for navigation, (target, many, references) in kind["navigation"].items():
                if v4:
                    whole = f"Collection(Shop.{target})" if many else f"Shop.{target}"
                    body += f'<NavigationProperty Name="{navigation}" Type="{whole}">' + "".join(
                        f'<ReferentialConstraint Property="{a}" ReferencedProperty="{b}"/>' for a, b in references.items()) + "</NavigationProperty>"
                else:
                    pair = "_".join(sorted([name, target]))
                    body += f'<NavigationProperty Name="{navigation}" Relationship="Shop.{pair}" FromRole="{name}" ToRole="{target}"/>'
            body += "</EntityType>"
        for name, properties in COMPLEX.items():
            body += f'<ComplexType Name="{name}">{self.properties(properties)}</ComplexType>'
        if v4:
            body += '<EnumType Name="Color">' + "".join(f'<Member Name="{n}" Value="{v}"/>' for n, v in COLORS.items()) + "</EnumType>"
            body += '<Function Name="Cheapest"><Parameter Name="below" Type="Edm.Decimal" Nullable="false" Scale="2"/><Parameter Name="word" Type="Edm.String"/>' \
                    '<ReturnType Type="Collection(Shop.Product)"/></Function><Function Name="Twice"><Parameter Name="number" Type="Edm.Int64" Nullable="false"/>' \
                    '<ReturnType Type="Edm.Int64"/></Function><Action Name="Discount" IsBound="true"><Parameter Name="it" Type="Shop.Product"/>' \
                    '<Parameter Name="percent" Type="Edm.Int32" Nullable="false"/><ReturnType Type="Shop.Product"/></Action><Action Name="Reset"/>'
            container = '<FunctionImport Name="Cheapest" Function="Shop.Cheapest" EntitySet="Products"/><FunctionImport Name="Twice" Function="Shop.Twice"/>' \
                        '<ActionImport Name="Reset" Action="Shop.Reset"/><Singleton Name="Best" Type="Shop.Product"/>'
        else:
            for one, other, principal in (("Category", "Product", "CategoryID"), ("Line", "Product", None)):
                parent, child, column = ("Category", "Product", "CategoryID") if principal else ("Product", "Line", "ProductID")
                body += f'<Association Name="{one}_{other}"><End Role="{parent}" Type="Shop.{parent}" Multiplicity="0..1"/>' \
                        f'<End Role="{child}" Type="Shop.{child}" Multiplicity="*"/><ReferentialConstraint><Principal Role="{parent}"><PropertyRef Name="ID"/></Principal>' \
                        f'<Dependent Role="{child}"><PropertyRef Name="{column}"/></Dependent></ReferentialConstraint></Association>'
                container += f'<AssociationSet Name="{one}_{other}" Association="Shop.{one}_{other}"><End Role="{parent}" EntitySet="{SET_OF[parent]}"/>' \
                             f'<End Role="{child}" EntitySet="{SET_OF[child]}"/></AssociationSet>'
            container += '<FunctionImport Name="Cheapest" ReturnType="Collection(Shop.Product)" EntitySet="Products" m:HttpMethod="GET">' \
                         '<Parameter Name="below" Type="Edm.Decimal"/></FunctionImport><FunctionImport Name="Twice" ReturnType="Edm.Int64" m:HttpMethod="GET">' \
                         '<Parameter Name="number" Type="Edm.Int64"/></FunctionImport><FunctionImport Name="Reset" m:HttpMethod="POST"/>'
        for name, kind in SETS.items():
            bindings = "".join(f'<NavigationPropertyBinding Path="{n}" Target="{SET_OF[t[0]]}"/>' for n, t in TYPES[kind]["navigation"].items()) if v4 else ""
            container += f'<EntitySet Name="{name}" EntityType="Shop.{kind}">{bindings}</EntitySet>'
        if v4 and "apply" in self.quirks:
            container += '<Annotation Term="Org.OData.Aggregation.V1.ApplySupported"/>'
        space = "http://docs.oasis-open.org/odata/ns/edm" if v4 else "http://schemas.microsoft.com/ado/2008/09/edm" if self.version == 2 \
            else "http://schemas.microsoft.com/ado/2009/11/edm"
        edmx = "http://docs.oasis-open.org/odata/ns/edmx" if v4 else "http://schemas.microsoft.com/ado/2007/06/edmx"
        return f'<?xml version="1.0"?><edmx:Edmx Version="{"4.0" if v4 else "1.0"}" xmlns:edmx="{edmx}"><edmx:DataServices ' \
               f'xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata" m:DataServiceVersion="{self.version}.0">' \
               f'<Schema Namespace="Shop" xmlns="{space}" xmlns:sap="http://www.sap.com/Protocols/SAPData">{body}' \
               f'<EntityContainer Name="Container" m:IsDefaultEntityContainer="true">{container}</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>'

    # -- rows --

    def follow(self, kind, row, navigation):
        target, many, references = TYPES[kind]["navigation"][navigation]
        rows = self.rows[SET_OF[target]]
        if references:
            (own, other), = references.items()
            found = [one for one in rows if one[other] == row[own]]
            return target, many, found[0] if found else None
        back = next(r for t, m, r in TYPES[target]["navigation"].values() if t == kind)
        (other, own), = back.items()
        return target, many, [one for one in rows if one[other] == row[own]]

    def key(self, kind, row):
        names = TYPES[kind]["key"]
        parts = [str(row[name]) + ("L" if self.version < 4 and TYPES[kind]["properties"][name][0] == "Int64" else "") for name in names]
        return parts[0] if len(parts) == 1 else ",".join(f"{name}={part}" for name, part in zip(names, parts))

    def find(self, name, key):
        kind = SETS[name]
        names = TYPES[kind]["key"]
        pairs = dict(part.split("=") for part in key.split(",")) if len(names) > 1 else {names[0]: key}
        for row in self.rows[name]:
            if all(str(row[n]) == pairs[n].rstrip("L") for n in names):
                return row
        return None

    def wide(self, kind, row):
        """The row with what it leads to once, for $filter=Category/Name …"""
        whole = dict(row)
        for navigation, (_, many, references) in TYPES[kind]["navigation"].items():
            if references:
                whole[navigation] = self.follow(kind, row, navigation)[2]
        return whole

    def select_rows(self, kind, rows, options):
        if "filter" in options:
            if "filter" in self.refuse:
                raise Refusal(400, "The query option $filter is not allowed")
            holds = Filter(options["filter"], self.version, self.refuse, self.quirks).holds
            rows = [row for row in rows if holds(self.wide(kind, row))]
        if "search" in options:
            words = options["search"].replace('"', "").split()
            rows = [row for row in rows if all(word.lower() in str(row.get("Name", "")).lower() for word in words)]
        if "orderby" in options:
            if "orderby" in self.refuse:
                raise Refusal(501, "Sorting is not implemented")
            for part in reversed(options["orderby"].split(",")):
                name, _, way = part.partition(" ")
                rows = sorted(rows, key=lambda row: (reach(row, name) is not None, reach(row, name)), reverse=way == "desc")
        return rows

    # -- JSON --

    def value(self, kind, value, headers):
        v = self.version
        if value is None:
            return None
        if kind[0] == "[":
            inner = [self.value(kind[1:-1], one, headers) for one in value]
            return {"__metadata": {}, "results": inner} if v == 2 else inner
        if kind[0] == "{":
            return {name: self.value(k, value.get(name), headers) for name, (k, _) in COMPLEX[kind[1:-1]].items()}
        if kind in ("Int64", "Decimal"):
            text = v < 4 or "IEEE754Compatible=true" in headers.get("Accept", "")
            return str(value) if text else Number(value)
        if kind == "Moment":
            if v == 2:
                return "/Date(%d)/" % ((value - EPOCH) // datetime.timedelta(milliseconds=1))
            return value.isoformat() + ("Z" if v == 4 else "")
        if kind == "Date":
            if v == 2:
                return "/Date(%d)/" % ((datetime.datetime.combine(value, datetime.time()) - EPOCH) // datetime.timedelta(milliseconds=1))
            return value.isoformat() + ("T00:00:00" if v == 3 else "")
        if kind == "Time":
            return value.isoformat() if v == 4 else f"PT{value.hour}H{value.minute}M{value.second}S"
        if kind == "Binary":
            return (base64.urlsafe_b64encode if v == 4 else base64.b64encode)(value).decode()
        return value

    def entity(self, kind, row, select, expand, headers, base):
        made = {}
        if self.version == 2:
            made["__metadata"] = {"uri": f"{base}/{SET_OF[kind]}({self.key(kind, row)})", "type": "Shop." + kind}
        for name, (property_kind, _) in TYPES[kind]["properties"].items():
            if (select is None or name in select) and not (property_kind[0] == "[" and self.version == 2):
                made[name] = self.value(property_kind, row[name], headers)
        for navigation, options in expand.items():
            target, many, found = self.follow(kind, row, navigation)
            inner_select = options.get("select")
            if not many:
                made[navigation] = None if found is None else self.entity(target, found, inner_select, {}, headers, base)
                continue
            found = self.select_rows(target, found, options)
            page = 2 if "inner pages" in self.quirks else len(found)
            rows = [self.entity(target, one, inner_select, {}, headers, base) for one in found[:page]]
            link = f"{base}/{SET_OF[kind]}({self.key(kind, row)})/{navigation}?$skiptoken={page}" if len(found) > page else None
            if link and options.get("filter"):
                link += "&$filter=" + urllib.parse.quote(options["filter"])
            if self.version == 2:
                made[navigation] = {"results": rows, **({"__next": link} if link else {})}
            else:
                made[navigation] = rows
                if link:
                    made[navigation + "@odata.nextLink"] = link
        if self.version == 2:
            for navigation in TYPES[kind]["navigation"]:
                made.setdefault(navigation, {"__deferred": {"uri": "u"}})
        return made

    def read_expand(self, options, kind):
        expand, select = {}, options.get("select")
        names = None if select in (None, "*") else select.split(",")
        for part in split(options.get("expand", ""), ","):
            name, _, inner = part.partition("(")
            if name not in TYPES[kind]["navigation"]:
                raise Refusal(400, f"$expand: there is no navigation property {name}")
            nested = dict(one.lstrip("$").split("=", 1) for one in split(inner[:-1], ";")) if inner else {}
            if inner and ("nested" in self.refuse or self.version < 4):
                raise Refusal(400, "Options inside of $expand are not supported")
            if "select" in nested:
                nested["select"] = nested["select"].split(",")
            elif names and self.version < 4:
                inside = [one.split("/")[1] for one in names if one.startswith(name + "/")]
                nested["select"] = inside or None
            expand[name] = nested
        if names is not None:
            names = [one for one in names if "/" not in one or one.split("/")[0] not in expand]
            for name in names:
                if name not in TYPES[kind]["properties"] and name not in expand:
                    raise Refusal(400, f"$select: there is no property {name}")
        return names, expand

    # -- requests --

    def answer(self, path, query, headers, base):
        options = {name.lstrip("$"): value for name, value in query}
        name, _, rest = path.partition("/")
        match = re.fullmatch(r"(\w+)(?:\((.*)\))?", urllib.parse.unquote(name))
        if path == "$metadata":
            return 200, "application/xml", self.metadata()
        if path == "":
            return 200, "application/json", json.dumps({"value": [{"name": one, "url": one} for one in SETS]})
        if match and match.group(1) in ("Cheapest", "Twice"):
            return self.operation(match.group(1), match.group(2), dict(query), headers, base)
        if match and match.group(1) == "Best" and self.version == 4:
            return self.send_one("Product", self.rows["Products"][0], options, headers, base) if not rest else \
                self.navigate("Product", self.rows["Products"][0], rest, options, headers, base)
        if not match or match.group(1) not in SETS:
            raise Refusal(404, "There is nothing at " + path)
        for option in ("select", "expand", "top", "apply", "orderby", "filter"):
            if option in options and option in self.refuse:
                raise Refusal(400 if option != "apply" else 501, f"The query option ${option} is not allowed")
        set_name, kind = match.group(1), SETS[match.group(1)]
        if match.group(2) is not None:
            if "key" in self.refuse and not rest:
                raise Refusal(405, "There is no access by key")
            row = self.find(set_name, match.group(2))
            if row is None:
                raise Refusal(404, "There is no such row")
            return self.navigate(kind, row, rest, options, headers, base) if rest else self.send_one(kind, row, options, headers, base)
        if rest == "$count":
            if "count" in self.refuse:
                raise Refusal(404, "There is nothing at " + path)
            return 200, "text/plain", "\ufeff" + str(len(self.select_rows(kind, self.rows[set_name], options)))
        if "apply" in options:
            return self.apply(kind, options["apply"], headers)
        return self.send_many(kind, self.rows[set_name], options, headers, base, path)

    def navigate(self, kind, row, rest, options, headers, base):
        if rest not in TYPES[kind]["navigation"]:
            raise Refusal(404, "There is no " + rest)
        target, many, found = self.follow(kind, row, rest)
        if many:
            return self.send_many(target, found, options, headers, base, f"{SET_OF[kind]}({self.key(kind, row)})/{rest}")
        if found is None:
            return 204, None, ""
        return self.send_one(target, found, options, headers, base)

    def atom(self, headers):
        return self.version < 4 and ("atom" in headers.get("Accept", "") or "only atom" in self.quirks)

    def form(self, headers):
        if "only atom" in self.quirks and "atom" not in headers.get("Accept", ""):
            raise Refusal(415, "Only Atom")
        if "IEEE754" in headers.get("Accept", "") and "exact" in self.refuse:
            raise Refusal(406, "Not acceptable")

    def send_one(self, kind, row, options, headers, base):
        self.form(headers)
        select, expand = self.read_expand(options, kind)
        if self.atom(headers):
            return 200, "application/atom+xml", self.atom_entry(kind, row, select, expand, base, True)
        made = self.entity(kind, row, select, expand, headers, base)
        return self.json({"d": made} if self.version == 2 else {self.context(): base + "/$metadata#x/$entity", **made})

    def context(self):
        return "odata.metadata" if self.version == 3 else "@odata.context"

    def send_many(self, kind, rows, options, headers, base, path):
        self.form(headers)
        select, expand = self.read_expand(options, kind)
        rows = self.select_rows(kind, rows, options)
        total = len(rows)
        rows = rows[int(options.get("skip", 0)):]
        if "top" in options:
            rows = rows[:int(options["top"])]
        start, page = int(options.get("skiptoken", 0)), self.page
        wish = re.search(r"maxpagesize=(\d+)", headers.get("Prefer", ""))
        page = min(page, int(wish.group(1))) if wish else page
        if "no pages" in self.quirks:
            page = 10 ** 9
        part, link = rows[start:start + page], None
        if start + page < len(rows):
            kept = [(name, value) for name, value in options.items() if name != "skiptoken"]
            link = path + "?" + "&".join(f"%24{name}={urllib.parse.quote(value)}" for name, value in [*kept, ("skiptoken", str(start + page))])
            if "relative" not in self.quirks:
                link = base + "/" + link
        if "empty page" in self.quirks and start == 0:
            part, link = [], base + "/" + path + "?" + "&".join(f"${n}={urllib.parse.quote(v)}" for n, v in options.items()) + ("&" if options else "") + "$skiptoken=0&x=1"
            self.quirks.discard("empty page")
        if self.atom(headers):
            return 200, "application/atom+xml", self.atom_feed(kind, part, select, expand, base, link, total if options.get("inlinecount") else None)
        made = [self.entity(kind, row, select, expand, headers, base) for row in part]
        if self.version == 2:
            return self.json({"d": {"results": made, **({"__next": link} if link else {})}})
        text = {self.context(): base + "/$metadata#" + path, "value": made}
        if link:
            text["odata.nextLink" if self.version == 3 else "@odata.nextLink"] = link
        if self.version == 4 and "odata.track-changes" in headers.get("Prefer", "") and not link:
            text["@odata.deltaLink"] = base + "/" + path + "?$deltatoken=0"
        return self.json(text)

    def json(self, document):
        text = json.dumps(document, default=str, cls=Encoder, ensure_ascii=False)
        if "broken" in self.quirks:
            text = text[:-40] + ',{"error":{"code":"77","message":"Time is up"}}'
        return 200, "application/json;charset=utf-8", text

    # -- $apply --

    def apply(self, kind, text, headers):
        if self.version < 4:
            raise Refusal(400, "There is no $apply")
        rows = self.rows[SET_OF[kind]]
        if text.startswith("filter("):
            end = closing(text, 6)
            holds = Filter(text[7:end], 4).holds
            rows, text = [row for row in rows if holds(row)], text[end + 2:]
        groups = []
        if text.startswith("groupby(("):
            end = closing(text, 8)
            groups, text = text[9:end].split(","), text[end + 2:-1]
        made = {}
        for row in rows:
            made.setdefault(tuple(reach(row, group) for group in groups), []).append(row)
        if not groups and not made:
            made[()] = []
        answer = []
        for values, members in made.items():
            one = {}
            for group, value in zip(groups, values):
                place = one
                *before, last = group.split("/")
                for step in before:
                    place = place.setdefault(step, {})
                place[last] = self.value(self.kind_of(kind, group), value, headers)
            for part in split(text[len("aggregate("):-1], ","):
                words = part.split(" ")
                if words[0] == "$count":
                    one[words[2]] = len(members)
                    continue
                present = [reach(row, words[0]) for row in members if reach(row, words[0]) is not None]
                result = {"sum": lambda: sum(present) if present else None, "min": lambda: min(present, default=None), "max": lambda: max(present, default=None),
                          "average": lambda: float(sum(present)) / len(present) if present else None, "countdistinct": lambda: len(set(present))}[words[2]]()
                one[words[4]] = Number(result) if isinstance(result, Decimal) else self.value(self.kind_of(kind, words[0]), result, headers) \
                    if words[2] in ("min", "max") else result
            answer.append(one)
        return self.json({"@odata.context": "$metadata#x", "value": answer})

    def kind_of(self, kind, path):
        name, _, inner = path.partition("/")
        found = TYPES[kind]["properties"][name][0]
        return COMPLEX[found[1:-1]][inner][0] if inner else found

    # -- operations --

    def operation(self, name, inline, query, headers, base):
        if self.version == 4:
            arguments = dict(part.split("=") for part in inline.split(",")) if inline else {}
            arguments = {key: query[value] if value.startswith("@") else value for key, value in arguments.items()}
        else:
            arguments = query
        if name == "Twice":
            result = 2 * int(arguments["number"].rstrip("L"))
            return self.json({"d": {"Twice": str(result)}} if self.version == 2 else {self.context(): "c", "value": str(result) if self.version == 3 else result})
        if self.version == 4 and set(arguments) != {"below", "word"}:
            raise Refusal(404, "There is no such overload of Cheapest")
        below, word = Decimal(arguments["below"].rstrip("Mm")), arguments.get("word", "null").replace("null", "").strip("'")
        rows = [row for row in self.rows["Products"] if row["Price"] is not None and row["Price"] < below and word in row["Name"]]
        return self.send_many("Product", rows, {}, headers, base, "Cheapest")

    def post(self, path, headers, body, base):
        if "csrf" in self.quirks and headers.get("X-CSRF-Token") != self.token or ("csrf" in self.quirks and "session=5" not in headers.get("Cookie", "")):
            return 403, "text/plain", "CSRF", {"X-CSRF-Token": "Required"}
        match = re.fullmatch(r"Products\((\d+)L?\)/Shop\.Discount", path)
        if path == "Reset":
            self.rows = make_rows()
            return 204, None, "", {}
        if not match:
            raise Refusal(404, "There is nothing at " + path)
        row = self.find("Products", match.group(1))
        if row is None:
            raise Refusal(404, "There is no such row")
        row["Price"] = (row["Price"] * (100 - json.loads(body)["percent"]) / 100).quantize(Decimal("0.01"))
        return (*self.send_one("Product", row, {}, headers, base), {})

    def delta(self, token, base):
        changes = self.tracked[int(token):]
        return self.json({"@odata.context": base + "/$metadata#Products/$delta", "value": changes,
                          "@odata.deltaLink": f"Products?$deltatoken={len(self.tracked)}"})

    # -- Atom --

    def atom_properties(self, properties, row, select):
        text = ""
        for name, (kind, _) in properties.items():
            if (select is not None and name not in select) or (kind[0] == "[" and self.version == 2):
                continue
            value = row[name]
            if value is None:
                text += f'<d:{name} m:null="true"/>'
            elif kind[0] == "{":
                text += f'<d:{name} m:type="Shop.{kind[1:-1]}">{self.atom_properties(COMPLEX[kind[1:-1]], value, None)}</d:{name}>'
            elif kind[0] == "[":
                text += f'<d:{name} m:type="Collection(Edm.{kind[1:-1]})">' + "".join(f"<d:element>{escape(one)}</d:element>" for one in value) + f"</d:{name}>"
            else:
                written = {"Moment": lambda: value.isoformat(), "Date": lambda: value.isoformat() + "T00:00:00", "Binary": lambda: base64.b64encode(value).decode(),
                           "Time": lambda: f"PT{value.hour}H{value.minute}M{value.second}S", "Boolean": lambda: str(value).lower()}.get(kind, lambda: str(value))()
                text += f'<d:{name} m:type="{self.edm(kind)}">{escape(written)}</d:{name}>'
        return text

    def atom_entry(self, kind, row, select, expand, base, alone):
        spaces = ' xmlns="http://www.w3.org/2005/Atom" xmlns:d="http://schemas.microsoft.com/ado/2007/08/dataservices" ' \
                 'xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"' if alone else ""
        text = f"<entry{spaces}><id>{base}/{SET_OF[kind]}({self.key(kind, row)})</id><title/>"
        for navigation, options in expand.items():
            target, many, found = self.follow(kind, row, navigation)
            if many:
                page = 2 if "inner pages" in self.quirks else len(found)
                link = f"{SET_OF[kind]}({self.key(kind, row)})/{navigation}?$skiptoken={page}" if len(found) > page else None
                inner = self.atom_feed(target, found[:page], options.get("select"), {}, base, link, None, False)
            else:
                inner = "" if found is None else self.atom_entry(target, found, options.get("select"), {}, base, False)
            text += f'<link rel="http://schemas.microsoft.com/ado/2007/08/dataservices/related/{navigation}" title="{navigation}" href="x"><m:inline>{inner}</m:inline></link>'
        return text + f'<content type="application/xml"><m:properties>{self.atom_properties(TYPES[kind]["properties"], row, select)}</m:properties></content></entry>'

    def atom_feed(self, kind, rows, select, expand, base, link, count, alone=True):
        spaces = f' xml:base="{base}/" xmlns="http://www.w3.org/2005/Atom" xmlns:d="http://schemas.microsoft.com/ado/2007/08/dataservices" ' \
                 'xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"' if alone else ""
        text = f"<feed{spaces}><title>x</title>" + (f"<m:count>{count}</m:count>" if count is not None else "")
        text += "".join(self.atom_entry(kind, row, select, expand, base, False) for row in rows)
        return text + (f'<link rel="next" href={quoteattr(link)}/>' if link else "") + "</feed>"


class Number(str):
    """A number that JSON shall have digit by digit."""

    def __new__(cls, value):
        return super().__new__(cls, "\x00" + str(value) + "\x00")


class Encoder(json.JSONEncoder):
    def encode(self, o):
        return re.sub(r'"\\u0000([^"]*)\\u0000"', r"\1", super().encode(o))


class Server(Loopback):
    """Serves /v2, /v3 and /v4 on a free loopback port in a thread of its own."""

    def __init__(self):
        self.shops = {version: Shop(version) for version in (2, 3, 4)}
        self.tokens = 0         # given out at /token
        server, shops = self, self.shops

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version, disable_nagle_algorithm = "HTTP/1.1", True

            def log_message(self, *_):
                pass

            def handle_one_request(self):
                try:
                    super().handle_one_request()
                except (BrokenPipeError, ConnectionResetError):     # the client has enough
                    self.close_connection = True

            def serve(self, method):
                path, _, query = self.path.partition("?")
                version = int(path[2]) if re.match(r"/v[234](/|$)", path) else 0
                shop, rest = shops.get(version), path[4:]
                body = self.rfile.read(int(self.headers.get("Content-Length", 0) or 0))
                base = f"http://{self.headers['Host']}/v{version}"
                status, kind, text, more = 404, "text/html", "<html>nothing here</html>", {}
                if self.path == "/token" and method == "POST":
                    server.tokens += 1
                    status, kind, text = 200, "application/json", json.dumps({"access_token": f"tok.en{server.tokens}", "token_type": "Bearer", "expires_in": 3600})
                if shop:
                    shop.asked.append((method, self.path[4:], dict(self.headers)))
                    shop.bodies.append(body)
                    try:
                        pairs = [tuple(urllib.parse.unquote(one) for one in part.partition("=")[::2]) for part in query.split("&") if part]
                        pairs = [pair for pair in pairs if pair[0] not in ("x", "client")]
                        token = dict(pairs).get("$deltatoken")
                        if self.headers.get("X-CSRF-Token") == "Fetch":
                            shop.token = "token5"
                            more = {"X-CSRF-Token": "token5", "Set-Cookie": "session=5; path=/"}
                        if shop.user and not shop.admits(method, self.path, self.headers.get("Authorization", "")):
                            status, kind, text = 401, "text/plain", "Who are you?"
                            more = {"WWW-Authenticate": DIGEST if isinstance(shop.user, tuple) else 'Basic realm="shop"'}
                        elif rest in shop.answers or None in shop.answers:
                            status, kind, text, more = shop.answers.get(rest) or shop.answers[None]
                        elif method == "POST":
                            status, kind, text, more = shop.post(urllib.parse.unquote(rest), self.headers, body, base)
                        elif token is not None:
                            status, kind, text = shop.delta(token, base)
                        else:
                            status, kind, text = shop.answer(rest, pairs, self.headers, base)
                    except Refusal as refusal:
                        shop.refused.append((self.path, refusal.message))
                        status, kind = refusal.status, "application/json"
                        message = {"lang": "en", "value": refusal.message} if version < 4 else refusal.message
                        text = json.dumps({"odata.error" if version == 3 else "error": {"code": refusal.code, "message": message}})
                        if "stumbles" in shop.quirks:
                            status, kind, text = 500, "text/plain", "targetLiteral.includes is not a function"
                data = text.encode()
                etag = shop.etag if shop and rest == "$metadata" else None
                if etag and status == 200 and self.headers.get("If-None-Match") == etag:
                    status, data = 304, b""
                self.send_response(status)
                if kind:
                    self.send_header("Content-Type", kind)
                if etag:
                    self.send_header("ETag", etag)
                for name, value in more.items():
                    self.send_header(name, value)
                if status not in (204, 304):
                    self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                if status not in (204, 304):
                    self.wfile.write(data)

            def do_GET(self):
                self.serve("GET")

            def do_POST(self):
                self.serve("POST")

        super().__init__(Handler)
