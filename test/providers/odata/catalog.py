#!/usr/bin/python3
"""The catalog of a service is what its $metadata say, by a reading of the same documents that shares nothing with the driver's: those of the
shop in every version, shop_v2.xml and shop_v4.xml, and every other one in the folder that ODATA_SAMPLES names."""
import gzip
import http.server
import os
import re
import sys
import time
import xml.etree.ElementTree as ElementTree

sys.path[:0] = [os.path.join(os.path.abspath(os.environ.get("srcdir") or os.path.join(os.path.dirname(__file__), "../../..")), folder)
                for folder in ("test/clients", "test/providers/odata")]
from harness import SOURCE, check, equal, run
from loopback import Loopback
import shop
import shop_client

MANY = 60       # sets of a large document whose columns are looked at


# ---- The independent reading ----

def local(element):
    return element.tag.rsplit("}", 1)[-1]


def inside(element, *names):
    return [one for one in element if local(one) in names]


def flag(element, name, standard):
    for attribute, value in element.attrib.items():
        if attribute.rsplit("}", 1)[-1] == name:
            return value.lower() == "true"
    return standard


class Reading:
    """tables: name -> its columns in order, then those that only some rows have; keys; references; views; procedures with their inputs."""

    def __init__(self, text):
        root = ElementTree.fromstring(text)
        self.schemas = [one for one in root.iter() if local(one) == "Schema"]
        self.v4 = any("docs.oasis-open.org" in one.tag for one in self.schemas) or root.get("Version", "").startswith("4")
        self.alias, self.types, self.associations, self.named = {}, {}, {}, {}
        for schema in self.schemas:
            space = schema.get("Namespace", "")
            self.alias[space] = space
            if schema.get("Alias"):
                self.alias[schema.get("Alias")] = space
            for one in inside(schema, "EntityType", "ComplexType", "EnumType", "TypeDefinition"):
                self.types.setdefault(f"{space}.{one.get('Name')}", one)
            for one in inside(schema, "Association"):
                self.associations[f"{space}.{one.get('Name')}"] = one
        self.containers = [one for schema in self.schemas for one in inside(schema, "EntityContainer")]
        self.derived = {}
        for name, one in self.types.items():
            if one.get("BaseType"):
                self.derived.setdefault(self.whole(one.get("BaseType")), []).append(name)
        self.sets = {}
        for container in self.containers:
            for one in inside(container, "EntitySet", "Singleton"):
                self.sets.setdefault(one.get("Name"), one)

    def whole(self, name):
        """A qualified name by its namespace instead of its alias; where the namespace is not declared, the one of that name."""
        space, _, last = (name or "").rpartition(".")
        if space not in self.alias and space != "Edm":
            alike = [one for one in self.types if one.rpartition(".")[2] == last]
            if len(alike) == 1:
                return alike[0]
        return f"{self.alias.get(space, space)}.{last}"

    def chain(self, name):
        """The type and what it extends, the farthest first; [] where one of them is not there or they lead in a circle."""
        found = []
        while name:
            one = self.types.get(name)
            if one is None or one in found:
                return []
            found.insert(0, one)
            name = self.whole(one.get("BaseType")) if one.get("BaseType") else None
        return found

    def type_of(self, one):
        return self.whole(one.get("EntityType") or one.get("Type"))

    def collection(self, property_):
        kind = property_.get("Type") or ""
        return kind.startswith("Collection(") or property_.get("CollectionKind") in ("List", "Bag")

    def is_flat(self, name, above):
        chain = self.chain(name)
        return bool(chain) and not any(flag(one, "OpenType", False) for one in chain) \
            and not any(self.kin(name, other) for other in above) \
            and (any(inside(one, "Property") for one in chain) or name in self.derived)

    def kin(self, a, b):
        return self.types[a] in self.chain(b) or self.types[b] in self.chain(a)

    def columns(self, properties, prefix="", above=()):
        made = []
        for one in properties:
            kind, name = one.get("Type") or "", prefix + one.get("Name")
            whole = self.whole(kind)
            found = self.types.get(whole)
            if not self.collection(one) and found is not None and local(found) == "ComplexType" and len(above) < 8 and self.is_flat(whole, above):
                made += self.complex(whole, name + "_", (*above, whole))
            elif kind in ("Edm.Stream",) and not self.collection(one):
                made += [name, name + "_ContentType"]
            else:
                made.append(name)
        return made

    def complex(self, name, prefix, above):
        made = []
        for one in self.chain(name):
            made += self.columns(inside(one, "Property"), prefix, above)
        return made + [column for other in self.derived.get(name, ()) for column in self.complex_below(other, prefix, above)]

    def complex_below(self, name, prefix, above):
        if flag(self.types[name], "OpenType", False):
            return []
        own = self.columns(inside(self.types[name], "Property"), prefix, above)
        return own + [column for other in self.derived.get(name, ()) for column in self.complex_below(other, prefix, above)]

    def below(self, name):
        """What only rows of types that extend the set's have."""
        made = []
        for other in self.derived.get(name, ()):
            made += self.columns(inside(self.types[other], "Property")) + self.below(other)
        return made

    def key(self, name):
        for one in reversed(self.chain(name)):
            for key in inside(one, "Key"):
                return [ref.get("Name").replace("/", "_") for ref in inside(key, "PropertyRef")]
        return []

    def navigations(self, name):
        return [one for part in self.chain(name) for one in inside(part, "NavigationProperty") if one.get("Type") or one.get("Relationship")]

    def references(self, set_):
        """{(column, table, column)} of the set's navigations to one entity."""
        found = set()
        for one in self.navigations(self.type_of(set_)):
            pairs, target = [], None
            if self.v4:
                if one.get("Type", "").startswith("Collection("):
                    continue
                pairs = [(ref.get("Property"), ref.get("ReferencedProperty")) for ref in inside(one, "ReferentialConstraint")]
                for binding in inside(set_, "NavigationPropertyBinding"):
                    if binding.get("Path").rsplit("/", 1)[-1] == one.get("Name"):
                        target = target or binding.get("Target").rsplit("/", 1)[-1]
                alike = [name for name, other in self.sets.items() if local(other) == "EntitySet" and self.type_of(other) == self.whole(one.get("Type"))]
                if target is None and len(alike) == 1:
                    target, = alike
            else:
                association = self.associations.get(self.whole(one.get("Relationship")))
                if association is None:
                    continue
                for constraint in inside(association, "ReferentialConstraint"):
                    principal, dependent = inside(constraint, "Principal")[0], inside(constraint, "Dependent")[0]
                    if dependent.get("Role") == one.get("FromRole"):
                        pairs = list(zip([ref.get("Name") for ref in inside(dependent, "PropertyRef")], [ref.get("Name") for ref in inside(principal, "PropertyRef")]))
                ends = [end for end in inside(association, "End") if end.get("Role") == one.get("ToRole")]
                if not ends or ends[0].get("Multiplicity") == "*":
                    continue
                for container in self.containers:
                    for link in inside(container, "AssociationSet"):
                        sides = {end.get("Role"): end.get("EntitySet") for end in inside(link, "End")}
                        if self.whole(link.get("Association")) == self.whole(one.get("Relationship")) and sides.get(one.get("FromRole")) == set_.get("Name"):
                            target = sides.get(one.get("ToRole"))
            if target in self.sets:
                found |= {(a, target, b) for a, b in pairs}
        return found

    def procedures(self):
        names = set()
        for container in self.containers:
            for one in inside(container, "FunctionImport", "ActionImport"):
                bound = not self.v4 and (flag(one, "IsBindable", False) or flag(one, "IsAlwaysBindable", False))
                if not bound and (not (one.get("Function") or one.get("Action")) or self.is_declared(one)):
                    names.add(one.get("Name"))
        return names

    def is_declared(self, one):
        name, kind = self.whole(one.get("Function") or one.get("Action")), "Function" if one.get("Function") else "Action"
        return any(f"{schema.get('Namespace')}.{made.get('Name')}" == name and not flag(made, "IsBound", False)
                   for schema in self.schemas for made in inside(schema, kind))


# ---- Documents that break the standard ----

# A column that refers to several tables; types without their namespace and by an alias that nobody declares.
ODD_V4 = """<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="Odd" xmlns="http://docs.oasis-open.org/odata/ns/edm">
<EntityType Name="Note"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.Guid" Nullable="false"/><Property Name="_about" Type="Edm.Guid"/>
<Property Name="Kind" Type="Kind"/>
<NavigationProperty Name="about_person" Type="Odd.Person"><ReferentialConstraint Property="_about" ReferencedProperty="id"/></NavigationProperty>
<NavigationProperty Name="about_firm" Type="Firm"><ReferentialConstraint Property="_about" ReferencedProperty="id"/></NavigationProperty></EntityType>
<EntityType Name="Person"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.Guid" Nullable="false"/></EntityType>
<EntityType Name="Firm"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.Guid" Nullable="false"/></EntityType>
<EnumType Name="Kind"><Member Name="Short"/></EnumType>
<EntityContainer Name="All"><EntitySet Name="notes" EntityType="Note"><NavigationPropertyBinding Path="about_firm" Target="firms"/></EntitySet>
<EntitySet Name="people" EntityType="Self.Person"/><EntitySet Name="firms" EntityType="Odd.Firm"/></EntityContainer></Schema></edmx:DataServices></edmx:Edmx>"""

# An association whose end names a type that is not there, as the set that is associated does.
ODD_V3 = """<edmx:Edmx Version="1.0" xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx"><edmx:DataServices>
<Schema Namespace="Odd" xmlns="http://schemas.microsoft.com/ado/2009/11/edm">
<EntityType Name="Order"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/><Property Name="Via" Type="Edm.Int32"/>
<NavigationProperty Name="Shipper" Relationship="Odd.Link" FromRole="Orders" ToRole="Shipper"/></EntityType>
<EntityType Name="Shipper"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/>
<NavigationProperty Name="Orders" Relationship="Odd.Link" FromRole="Shipper" ToRole="Orders"/></EntityType>
<Association Name="Link"><End Role="Shipper" Type="Odd.Shippers" Multiplicity="0..1"/><End Role="Orders" Type="Odd.Order" Multiplicity="*"/>
<ReferentialConstraint><Principal Role="Shipper"><PropertyRef Name="ID"/></Principal><Dependent Role="Orders"><PropertyRef Name="Via"/></Dependent></ReferentialConstraint>
</Association><EntityContainer Name="All"><EntitySet Name="Orders" EntityType="Odd.Order"/><EntitySet Name="Shippers" EntityType="Odd.Shipper"/>
<AssociationSet Name="Links" Association="Odd.Link"><End Role="Shipper" EntitySet="Shippers"/><End Role="Orders" EntitySet="Orders"/></AssociationSet>
</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>"""


# ---- The comparison ----

class Documents(Loopback):
    """Answers $metadata with the present text."""

    def __init__(self):
        documents = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                text = documents.text if "$metadata" in self.path else b"{}"
                self.send_response(200)
                self.send_header("Content-Type", "application/xml")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

        super().__init__(Handler)


documents = Documents()
PSEUDO = {"MediaReadLink", "MediaContentType", "DynamicProperties", "Search"}


def compare(name, text):
    documents.text = text
    reading = Reading(text)
    began = time.monotonic()
    connection = shop_client.connect(documents, 4)
    spent = time.monotonic() - began
    cursor = connection.cursor()
    listed = {row.table_name: row.table_type for row in cursor.tables() if row.table_type != "SYSTEM TABLE"}
    wanted = {set_name for set_name, set_ in reading.sets.items() if reading.chain(reading.type_of(set_))}
    views = {f"{set_name}_{one.get('Name')}" for set_name, set_ in reading.sets.items() for one in reading.navigations(reading.type_of(set_))}
    check(wanted <= set(listed), f"{name}: every entity set and singleton is a table or view ({len(wanted)} in {len(text)} bytes, {spent:.2f} s)", wanted - set(listed))
    check(views <= set(listed), f"{name}: every navigation property is a view ({len(views)})", sorted(views - set(listed))[:10])
    more = [one for one in listed if re.sub(r"_\d+$", "", one) not in wanted and one not in wanted and one not in views and not any(one.startswith(view + "_") for view in views)]
    check(not more, f"{name}: there are no others", more[:10])
    wrong = []
    for set_name, set_ in list(reading.sets.items())[:MANY]:
        kind = reading.type_of(set_)
        if not reading.chain(kind):
            continue
        own = reading.columns([one for part in reading.chain(kind) for one in inside(part, "Property")])
        got = [row.column_name for row in cursor.columns(set_name.replace("_", r"\_"))]
        below = set(reading.below(kind))
        if got[:len(own)] != own:
            wrong.append((set_name, "columns", [pair for pair in zip(got, own) if pair[0] != pair[1]][:3], len(got), len(own)))
        elif len(below) < 900 and {re.sub(r"_\d+$", "", one) for one in got[len(own):]} - PSEUDO != {re.sub(r"_\d+$", "", one) for one in below}:
            wrong.append((set_name, "columns of derived types", set(got[len(own):]) ^ below))
        keys = [row.column_name for row in cursor.primaryKeys(set_name)]
        if local(set_) == "EntitySet" and keys != reading.key(kind):
            wrong.append((set_name, "keys", keys, reading.key(kind)))
        references = {(row.fkcolumn_name, row.pktable_name, row.pkcolumn_name) for row in cursor.foreignKeys(foreignTable=set_name)}
        if references != reading.references(set_):
            wrong.append((set_name, "references", references ^ reading.references(set_)))
    check(not wrong, f"{name}: columns, keys and references", "\n".join(map(str, wrong[:8])))
    procedures = {row.procedure_name for row in cursor.procedures()}
    check(reading.procedures() <= procedures, f"{name}: procedures ({len(reading.procedures())})", reading.procedures() - procedures)
    connection.close()


def own_documents():
    for version in (2, 3, 4):
        compare(f"the shop in V{version}", shop.Shop(version).metadata().encode())
    compare("odd V4", ODD_V4.encode())
    compare("odd V3", ODD_V3.encode())
    equal(Reading(ODD_V4).references(Reading(ODD_V4).sets["notes"]), {("_about", "people", "id"), ("_about", "firms", "id")}, "a column may refer to several tables")
    for name in ("shop_v2.xml", "shop_v4.xml"):
        with open(os.path.join(SOURCE, "test/providers/odata", name), "rb") as file:
            compare(name, file.read())


def sample_documents():
    folder = os.environ.get("ODATA_SAMPLES")
    for place, _, names in sorted(os.walk(folder)) if folder else ():
        for name in sorted(names):
            if not re.search(r"(?i)metadata.*\.xml(\.gz)?$|\.edmx$|csdl", name):
                continue
            with (gzip.open if name.endswith(".gz") else open)(os.path.join(place, name), "rb") as file:
                text = file.read()
            name = os.path.relpath(os.path.join(place, name), folder)
            try:
                whole = any(local(one) == "EntityContainer" for one in ElementTree.fromstring(text).iter())
            except ElementTree.ParseError:
                whole = False
            if whole:
                try:
                    compare(name, text)
                except Exception as error:
                    check(False, f"{name} opens", repr(error))


run(own_documents, sample_documents)
