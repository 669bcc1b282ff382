#!/usr/bin/python3
"""doc/providers.md holds: each word of the grammar is explained in its section and no other, every example is one that the grammar and the
driver accept, and the service of the tutorial asks the made-up service for what the page says.
"""
import os
import re
import subprocess
import urllib.parse
import xml.etree.ElementTree as xml

from harness import SOURCE, check, equal, run
from made_service import BASE, Place, shelves_of

NG, WORDS = "{http://relaxng.org/ns/structure/1.0}", "urn:restodbc:provider:1"
TOOL = os.path.abspath("restodbc-definition")
GRAMMAR = os.path.join(SOURCE, "providers", "provider.rng")
QUOTED = re.compile(r"`([^`]+)`")


# ---- The grammar: what attributes an element has, and what values each can have ---------------------------------------------------

class Grammar:
    def __init__(self, path):
        root = xml.parse(path).getroot()
        self.defines = {define.get("name"): define for define in root.iter(NG + "define")}
        self.elements = {}      # {(element, within a procedure): {attribute: {value}}}
        self.visit(root.find(NG + "start"), None)

    def visit(self, node, owner):
        if node.tag == NG + "element":
            owner = (node.get("name"), owner is not None and owner[0] == "procedure")
            if owner in self.elements:
                return
            self.elements[owner] = {}
        if node.tag == NG + "attribute":
            self.elements[owner].setdefault(node.get("name"), set()).update(self.values(node))
        elif node.tag == NG + "ref":
            self.visit(self.defines[node.get("name")], owner)
        else:
            for child in node:
                self.visit(child, owner)

    def values(self, node):
        found = {node.text} if node.tag == NG + "value" else set()
        for child in [self.defines[node.get("name")]] if node.tag == NG + "ref" else node:
            found |= self.values(child)
        return found


# ---- The page ---------------------------------------------------------------------------------------------------------------------

class Page:
    def __init__(self, text):
        self.examples = re.findall(r"^```xml\n(.*?)^```", text, re.M | re.S)
        self.sections = {}      # {(element, of a procedure): text}
        for heading, body in re.findall(r"^##+ ([^\n]*)\n(.*?)(?=^##+ |\Z)", text, re.M | re.S):
            for element in re.findall(r"`<([a-z-]+)>`", heading):
                self.sections[element, heading.endswith("of a procedure")] = body
        self.requests = re.findall(r"^\| `(SELECT [^`]*)` \| (.*) \|$", text, re.M)


def told(section):
    """The attributes that the table of a section tells, and every word that it quotes anywhere."""
    table = re.search(r"^\| attribute \|.*\n(?:\|.*\n)*", section, re.M)
    cells = re.findall(r"^\| (`.*?) \| ", table.group(), re.M) if table else []
    quoted = QUOTED.findall(section)
    return {word for cell in cells for word in QUOTED.findall(cell) if not word.startswith("<")}, {*quoted, *(part for text in quoted for part in re.split(r'[\s="]+', text))}


def section_of(grammar, page, element, within):
    """Of elements in a procedure that have no section, <procedure> tells."""
    if within and (element, True) not in page.sections:
        return page.sections["procedure" if (element, False) in grammar.elements else element, False]
    return page.sections[element, within]


def every_word(grammar, page):
    """What is wrong: words of the grammar that are not explained, and words explained that the grammar does not have."""
    wrong, known = [], {}
    for (element, within), attributes in grammar.elements.items():
        section = section_of(grammar, page, element, within)
        known.setdefault(section, set()).update(attributes)
        listed, quoted = told(section)
        if "(#endpoint)" in section:
            listed, quoted = (mine | theirs for mine, theirs in zip((listed, quoted), told(page.sections["endpoint", False])))
        borrowed = (element, within) not in page.sections and (element, False) in grammar.elements
        for name, values in attributes.items():
            if name not in (listed if listed and not borrowed else quoted):
                wrong.append(f"{name} of <{element}> is not explained")
            wrong += [f"{value} of {name} of <{element}> is not explained" for value in sorted(values - quoted - {"yes", "no"})]
    for section, words in known.items():
        wrong += [f"{name} is explained, which there is not" for name in sorted(told(section)[0] - words)]
    return wrong


# ---- Examples ---------------------------------------------------------------------------------------------------------------------

WHOLE = f"""<provider xmlns="{WORDS}" name="Whole" title="Whole" url="https://api.example.com">
%s<table name="T" path="/t" rows="/*" description="t"><column name="Id" type="bigint" at="id"/></table>%s
</provider>"""
IN_TABLE = ["endpoint", "parameter", "column", "input", "require", "order", "custom-fields"]


def whole(example):
    """A provider that the example is a part of, as its place in the grammar asks."""
    parts = list(xml.fromstring(f'<x xmlns="{WORDS}">{example}</x>'))
    kinds = [part.tag.partition("}")[2] for part in parts]
    if kinds == ["provider"]:
        return example
    if all(kind in IN_TABLE for kind in kinds):
        column = "" if {"column", "input"} & set(kinds) else '<column name="Id" type="bigint" at="id"/>'
        before = [kind in ("endpoint", "parameter") for kind in kinds]
        inner = example + column if all(before) else column + example
        return WHOLE % ("", f'<table name="U" path="/u" rows="/*" description="u">{inner}</table>')
    return WHOLE % ("", example) if all(kind in ("table", "procedure") for kind in kinds) else WHOLE % (example, "")


def valid(folder, text):
    """What xmllint says against it; "" when it is as the grammar has it."""
    path = os.path.join(folder, "example.xml")
    with open(path, "w") as file:
        file.write(text)
    ran = subprocess.run(["xmllint", "--noout", "--relaxng", GRAMMAR, path], capture_output=True, text=True)
    return "" if ran.returncode == 0 else ran.stderr


def accepted(folder, text):
    """What the driver's own check says against a whole definition."""
    path = os.path.join(folder, "definition.xml")
    with open(path, "w") as file:
        file.write(text)
    ran = subprocess.run([TOOL, "check", "--grammar", GRAMMAR, path], capture_output=True, text=True)
    return "" if ran.returncode == 0 else ran.stderr


def examples(page, place):
    check(len(page.examples) > 10, "the page has examples")
    for number, example in enumerate(page.examples, 1):
        text = whole(example)
        equal(valid(place.name, text), "", f"example {number} is as the grammar has it")
        if text == example:
            equal(accepted(place.name, text), "", f"example {number} is a definition that the driver accepts")
    equal(valid(place.name, whole('<column name="A" type="bigint" ad="a"/>')) != "", True, "an example with a wrong word is not")


# ---- The tutorial's service -------------------------------------------------------------------------------------------------------

def asked(server):
    return sorted(f"{path.removeprefix(BASE)}" + ("?" + "&".join(sorted(f"{name}={value}" for name, value in query)) if query else "") for _, path, query in server.asked())


def promised(requests):
    def sort(request):
        path, mark, query = request.partition("?")
        return path + mark + "&".join(sorted(urllib.parse.unquote(query).split("&")))
    return sorted(map(sort, QUOTED.findall(requests)))


def tutorial(page, place):
    import pyodbc
    stall = max((example for example in page.examples if 'name="Stall"' in example), key=len)
    os.mkdir(os.path.join(place.name, "stall"))
    with open(os.path.join(place.name, "stall", "stall.xml"), "w") as file:
        file.write(stall)
    connection = pyodbc.connect(f"Driver=RestODBC;Provider=Stall;Location={place.name};URL={place.server.base};OAuthAccessToken=fixed-token;AccountId=7", autocommit=True)
    check(len(page.requests) >= 6, "the page tells what queries ask for")
    for query, requests in page.requests:
        place.server.forget()
        rows = connection.execute(query).fetchall()
        equal(asked(place.server), promised(requests), f"the requests of: {query}")
        check(rows, f"there are rows for: {query}")
    stores = {row.Id: row for row in connection.execute("SELECT * FROM Stores").fetchall()}
    equal({key: (row.Name, bool(row.Open), row.City, str(row.Opened), row.Tags) for key, row in stores.items()},
          {row["id"]: (row["name"], row["open"], row["city"], row["opened"], ",".join(row["tags"]) or None) for row in place.server.data.stores}, "the tutorial's stores")
    equal({tuple(row) for row in connection.execute("SELECT Id, StoreId, Label, ItemCount FROM Shelves").fetchall()},
          {(shelf, store, label, items) for shelf, store, _, label, items in shelves_of(place.server.data)}, "the tutorial's shelves")
    connection.close()


# ---- The reference pages --------------------------------------------------------------------------------------------------------

def reference(_, place):
    """A page made of the made-up service's definition has each of its tables, ways, columns, variables and procedures."""
    folder = os.path.join(SOURCE, "test", "clients", "bazaar")
    ran = subprocess.run(["xsltproc", "--nonet", os.path.join(SOURCE, "providers", "reference.xsl"), os.path.join(folder, "bazaar.xml")], capture_output=True, text=True)
    equal((ran.returncode, ran.stderr), (0, ""), "the reference page is made")
    lines = ran.stdout.splitlines()
    for name in ("bazaar.xml", "live.xml", "archive.xml"):
        root = xml.parse(os.path.join(folder, name)).getroot()
        for kind, before in (("table", "## "), ("procedure", "### "), ("column", "| "), ("input", "| "), ("output", "| "), ("variable", "| {")):
            for found in root.iter(f"{{{WORDS}}}{kind}"):
                check(any(line.startswith(before + found.get("name")) for line in lines), f"the reference has the {kind} {found.get('name')}")
        for found in root.iter():
            check(not found.get("path") or any(found.get("path") + "`" in line for line in lines), f"the reference has the path {found.get('path')}")
    for part in ("`AuthScheme` is one of `OAuth Bearer`", "`Schema` is `Live` (when not given) or `Archive`.", "## Visits (schema Archive)", "for the rows of Shelves with ItemCount",
                 "Is `{StoreId}` unless compared; `*` stands for all.", "the property `AccountId`; the first Accounts.Id where Product is `bazaar`, if it is the only one"):
        check(part in ran.stdout, f"the reference says: {part}")


def tests():
    with open(os.path.join(SOURCE, "doc", "providers.md")) as file:
        page = Page(file.read())
    grammar = Grammar(GRAMMAR)
    for fault in every_word(grammar, page):
        check(False, fault)
    check(len(grammar.elements) > 20, "the grammar has elements")
    # The test itself: a page that forgets a word, or has one too many, is seen.
    grammar.elements["filter", False]["colour"] = {"red"}
    equal(every_word(grammar, page), ["colour of <filter> is not explained", "red of colour of <filter> is not explained"], "a new word must be explained")
    del grammar.elements["filter", False]["colour"], grammar.elements["filter", False]["shift"]
    equal(every_word(grammar, page), ["shift is explained, which there is not"], "a word that went must go from the page")
    with Place() as place:
        examples(page, place)
        tutorial(page, place)
        reference(page, place)


if __name__ == "__main__":
    run(tests)
