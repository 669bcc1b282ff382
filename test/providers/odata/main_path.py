#!/usr/bin/python3
"""What an application gets of an OData service by its address alone: rows, catalog, requests, pages, procedures, in all versions."""
import datetime
import decimal
import json
import os
import sys
import urllib.parse
import uuid

sys.path[:0] = [os.path.join(os.path.abspath(os.environ.get("srcdir") or os.path.join(os.path.dirname(__file__), "../../..")), folder)
                for folder in ("test/clients", "test/providers/odata")]
from harness import check, equal, run
import shop
import shop_client

FORMS = {"V4": (4, {}), "V3": (3, {}), "V3 Atom": (3, {"DataFormat": "ATOM"}), "V2": (2, {}), "V2 Atom": (2, {"DataFormat": "ATOM"})}
server = shop.Server()


def fresh(version, *quirks, refuse=(), page=100):
    service = server.shops[version]
    service.reset()
    service.rows = shop.make_rows()
    service.page = page
    service.quirks.update(quirks)
    service.refuse.update(refuse)
    return service


def connect(version, **properties):
    return shop_client.connect(server, version, **properties).cursor()


def paths(service):
    """What was asked, decoded."""
    return [urllib.parse.unquote(path) for _, path, _ in service.asked]


def asked(service, cursor, sql, *parameters):
    """(rows, requests)"""
    service.asked.clear()
    rows = [tuple(row) for row in cursor.execute(sql, *parameters).fetchall()]
    return rows, paths(service)


def error(cursor, sql, *parameters):
    try:
        cursor.execute(sql, *parameters).fetchall()
    except Exception as failure:
        return failure.args[0], failure.args[1]
    return None, "no error"


def refused_connection(version, **properties):
    try:
        connect(version, **properties)
    except Exception as failure:
        return failure.args[0], failure.args[1]
    return None, "no error"


# ---- Rows ----

def cells(version, kind, row, milliseconds):
    """What the columns of an entity hold for pyodbc."""
    made = []
    for name, (property_kind, _) in shop.TYPES[kind]["properties"].items():
        value = row[name]
        if property_kind == "{Maker}":
            made += [value and value["City"], value and value["Land"]]
        elif property_kind == "[String]":
            made += [json.dumps(value, separators=(",", ":"))] if version > 2 else []
        elif property_kind == "Guid":
            made.append(value and str(uuid.UUID(value)))
        elif property_kind == "Moment" and value and milliseconds:
            made.append(value.replace(microsecond=value.microsecond // 1000 * 1000))
        else:
            made.append(value)
    return tuple(made)


def every_type_arrives():
    for form, (version, properties) in FORMS.items():
        service, cursor = fresh(version), connect(version, **properties)
        for table, kind in shop.SETS.items():
            wanted = [cells(version, kind, row, form == "V2") for row in service.rows[table]]
            equal(asked(service, cursor, f"SELECT * FROM {table}")[0], wanted, f"{form}: all rows of {table}")


def texts_keep_every_character():
    odd = "a'b\"c\\d\u0001e<&>f%+#?/;=\U0001f600\u00a0 "
    for form, (version, properties) in FORMS.items():
        service, cursor = fresh(version), connect(version, **properties)
        written = odd.replace("\u0001", "") if "Atom" in form else odd      # XML has no such character
        service.rows["Categories"][0]["Name"] = written
        equal(asked(service, cursor, "SELECT Name FROM Categories WHERE ID = 1")[0], [(written,)], f"{form}: a text")
        rows, requests = asked(service, cursor, "SELECT ID FROM Categories WHERE Name = ?", written)
        equal(rows, [(1,)], f"{form}: found by it")
        check("$filter=Name eq '" + written.replace("'", "''") + "'" in requests[0], f"{form}: by the service", requests)


# ---- The catalog ----

def the_catalog_tells_tables_columns_and_keys():
    fresh(4)
    cursor = connect(4)
    tables = {row.table_name: row.table_type for row in cursor.tables() if row.table_type != "SYSTEM TABLE"}
    equal(tables, {"Categories": "TABLE", "Products": "TABLE", "Lines": "TABLE", "Best": "VIEW", "Categories_Products": "VIEW", "Products_Category": "VIEW",
                   "Products_Lines": "VIEW", "Lines_Product": "VIEW", "Best_Category": "VIEW", "Best_Lines": "VIEW"}, "tables and views")
    columns = [(row.column_name, row.type_name, row.column_size, row.decimal_digits, row.nullable) for row in cursor.columns("Lines")]
    equal(columns, [("OrderID", "INTEGER", 10, 0, 0), ("Number", "INTEGER", 10, 0, 0), ("ProductID", "BIGINT", 19, 0, 0), ("Amount", "INTEGER", 10, 0, 0),
                    ("Discount", "DECIMAL", 12, 2, 1)], "columns of Lines")
    equal([(row.column_name, row.key_seq) for row in cursor.primaryKeys("Lines")], [("OrderID", 1), ("Number", 2)], "a key of two columns")
    equal([(row.fktable_name, row.fkcolumn_name, row.pktable_name, row.pkcolumn_name) for row in cursor.foreignKeys(foreignTable="Products")],
          [("Products", "CategoryID", "Categories", "ID")], "a foreign key")
    equal(sorted(row.procedure_name for row in cursor.procedures()), ["Cheapest", "GetChanges", "Product_Discount", "Reset", "Twice"], "procedures")


# ---- What is asked ----

def requests_are_what_they_should_be():
    cases = [
        ("SELECT ID, Name FROM Categories WHERE ID = 3", (), "Categories(3)?$select=ID,Name", "Categories(3)?$select=ID,Name"),
        ("SELECT Name FROM Products WHERE ID > ? ORDER BY ID LIMIT 5", (9007199254740993,), "Products?$select=ID,Name&$filter=ID gt 9007199254740993&$orderby=ID&$top=5",
         "Products?$select=ID,Name&$filter=ID gt 9007199254740993L&$orderby=ID&$top=5"),
        ("SELECT ID FROM Products WHERE Price BETWEEN 10.5 AND 20", (), "Products?$select=ID,Price&$filter=Price ge 10.5 and Price le 20",
         "Products?$select=ID,Price&$filter=Price ge 10.5M and Price le 20M"),
        ("SELECT ID FROM Products WHERE Changed >= ? AND Active = ?", (datetime.datetime(2024, 1, 3, 4, 5, 6), True),
         "Products?$select=ID,Active,Changed&$filter=Changed ge 2024-01-03T04:05:06Z and Active eq true",
         "Products?$select=ID,Active,Changed&$filter=Changed ge datetime'2024-01-03T04:05:06' and Active eq true"),
        ("SELECT ID FROM Products WHERE Since = DATE '2020-02-09'", (), "Products?$select=ID,Since&$filter=Since eq 2020-02-09",
         "Products?$select=ID,Since&$filter=Since ge datetime'2020-02-09T00:00:00' and Since lt datetime'2020-02-10T00:00:00'"),
        ("SELECT ID FROM Products WHERE Code = '00000000-0123-4567-890a-bcdef1234567'", (), "Products?$select=ID,Code&$filter=Code eq 00000000-0123-4567-890a-bcdef1234567",
         "Products?$select=ID,Code&$filter=Code eq guid'00000000-0123-4567-890a-bcdef1234567'"),
        ("SELECT ID FROM Products WHERE Opens < TIME '10:00:00'", (), "Products?$select=ID,Opens&$filter=Opens lt 10:00:00", "Products?$select=ID,Opens&$filter=Opens lt time'PT10H0M0S'"),
        ("SELECT ID FROM Products WHERE Name LIKE 'Product 1%'", (), "Products?$select=ID,Name&$filter=startswith(Name,'Product 1')",
         "Products?$select=ID,Name&$filter=startswith(Name,'Product 1')"),
        ("SELECT ID FROM Products WHERE Name LIKE '%ü%'", (), "Products?$select=ID,Name&$filter=contains(Name,'ü')",
         "Products?$select=ID,Name&$filter=substringof('ü',Name)"),
        ("SELECT ID FROM Products WHERE Price IS NULL", (), "Products?$select=ID,Price&$filter=Price eq null", "Products?$select=ID,Price&$filter=Price eq null"),
        ("SELECT COUNT(*) FROM Products", (), "Products/$count", "Products/$count"),
        ("SELECT COUNT(*) FROM Products WHERE Stock > 30", (), "Products/$count?$filter=Stock gt 30", "Products/$count?$filter=Stock gt 30"),
        ("SELECT Number FROM Lines WHERE OrderID = 3 AND Number = 2", (), "Lines(OrderID=3,Number=2)?$select=OrderID,Number", "Lines(OrderID=3,Number=2)?$select=OrderID,Number"),
        ("SELECT ID FROM Categories_Products WHERE Categories_ID = 2 AND Stock > 30", (), "Categories(2)/Products?$select=ID,Stock&$filter=Stock gt 30",
         "Categories(2)/Products?$select=ID,Stock&$filter=Stock gt 30"),
        ("SELECT Products_ID, Name FROM Products_Category", (), "Products?$select=ID&$expand=Category($select=Name)", "Products?$select=ID,Category/Name&$expand=Category"),
    ]
    for version in (4, 2):
        service, cursor = fresh(version, page=1000), connect(version)
        for sql, parameters, *wanted in cases:
            equal(asked(service, cursor, sql, *parameters)[1], [wanted[0 if version == 4 else 1]], f"V{version}: {sql}")


def conditions_find_what_services_take_for_something_else():
    day, names = datetime.date(2020, 1, 31), {1: "İ", 2: "ı", 3: "ſ", 4: "K", 5: "i", 6: "S", 7: "k"}
    for version in (2, 3, 4):
        service, cursor = fresh(version, page=1000), connect(version)
        for row in service.rows["Products"]:
            row["Name"] = names.get(row["ID"], row["Name"])
        for condition, parameters, wanted in (("Since < ? OR Stock = 99", (datetime.datetime(2020, 1, 31, 1),), lambda row: row["Since"] and row["Since"] <= day),
                                              ("Since NOT IN (?, ?)", (datetime.datetime(2020, 1, 31, 1), day), lambda row: row["Since"] and row["Since"] != day),
                                              ("Since = ? OR Stock = 39", (day,), lambda row: row["Since"] == day or row["Stock"] == 39),
                                              ("LOWER(Name) = 'i'", (), lambda row: row["ID"] in (1, 5)), ("LOWER(Name) LIKE 'k'", (), lambda row: row["ID"] in (4, 7)),
                                              ("UPPER(Name) = 'I'", (), lambda row: row["ID"] in (2, 5)), ("UPPER(Name) = 'S'", (), lambda row: row["ID"] in (3, 6))):
            rows, requests = asked(service, cursor, f"SELECT ID FROM Products WHERE {condition}", *parameters)
            equal(sorted(row for row, in rows), sorted(row["ID"] for row in service.rows["Products"] if wanted(row)), f"V{version}: {condition} with {parameters}")
        equal(service.refused, [], f"V{version}: no condition was refused")


def joins_ask_by_lists_and_along_navigation():
    service, cursor = fresh(4, page=1000), connect(4)
    rows, requests = asked(service, cursor, "SELECT p.ID, c.Name FROM Products p JOIN Categories c ON c.ID = p.CategoryID WHERE p.ID < 4")
    equal(requests, ["Products?$select=ID,CategoryID&$filter=ID lt 4", "Categories?$select=ID,Name&$filter=ID in (2,3,4)"], "a join asks for its keys in a list")
    equal(rows, [(1, "Category 2"), (2, "Category 3"), (3, "Größe & Söhne's")], "and has its rows")
    rows, requests = asked(service, cursor, "SELECT c.Name, p.ID FROM Categories c JOIN Categories_Products p ON p.Categories_ID = c.ID WHERE c.ID = 12")
    check("Categories(12)/Products?$select=ID" in requests, "a child view is asked for at its parent", requests)
    equal(len(rows), 24, "and has its rows")
    cursor = connect(4, MaxFilterLength="40")
    requests = asked(service, cursor, "SELECT ID FROM Categories WHERE ID IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)")[1]
    check(len(requests) > 1 and all(len(path) < 120 for path in requests), "MaxFilterLength splits lists", requests)
    equal(sorted(value for path in requests for value in path.split("(")[-1].rstrip(")").split(",")), sorted(map(str, range(1, 13))), "with each value once")


def rows_are_searched_by_a_pseudo_column():
    service, cursor = fresh(4), connect(4)
    rows, requests = asked(service, cursor, "SELECT ID FROM Products WHERE Search = 'ü 007'")
    equal((rows, requests), ([(7,)], ["Products?$select=ID&$search=ü 007"]), "$search")
    state, message = error(cursor, "SELECT ID FROM Products WHERE Search LIKE '%a'")
    check(state == "42000" and "only an input" in message, "which takes nothing but =", message)


# ---- Groups ----

def groups_are_made_by_the_service():
    service, cursor = fresh(4, "apply"), connect(4)
    sql = "SELECT Color, COUNT(*), SUM(Price), MIN(Stock), AVG(Weight) FROM Products WHERE Stock > 5 GROUP BY Color"
    rows, requests = asked(service, cursor, sql)
    plain = connect(4, Other="Apply=0")
    wanted = asked(service, plain, sql)[0]
    equal(requests, ["Products?$apply=filter(Stock gt 5)/groupby((Color),aggregate($count as restodbcCount,Price with sum as restodbc1,"
                     "Stock with min as restodbc2,Weight with average as restodbc3))"], "$apply")
    near = lambda rows: sorted([(color or "", count, total, least, round(mean, 9)) for color, count, total, least, mean in rows])
    equal(near(rows), near(wanted), "the groups")
    rows, requests = asked(service, cursor, "SELECT Color, COUNT(*) FROM Products WHERE Price > 100.5 AND Price <> 101 GROUP BY Color")
    equal(requests, ["Products?$apply=filter(Price gt 100.5 and Price ne 101 and Price ne null)/groupby((Color),aggregate($count as restodbcCount))"], "of rows by a decimal")
    equal(sum(row[1] for row in rows), sum(row["Price"] is not None and row["Price"] > decimal.Decimal("100.5") and row["Price"] != 101 for row in service.rows["Products"]), "and all of them")
    asked(service, plain, sql)
    check(all("$apply" not in path for path in paths(service)), "Other=Apply=0 does without", paths(service))
    service = fresh(4, refuse=["apply"])
    cursor = connect(4)
    first, second = asked(service, cursor, sql), asked(service, cursor, sql)
    equal(near(first[0]), near(wanted), "a service that refuses $apply: the groups are made here")
    check("$apply" in first[1][0] and not any("$apply" in path for path in second[1]), "and it is asked only once", first[1] + second[1])


# ---- Pages ----

def pages_are_followed():
    for form, (version, properties) in FORMS.items():
        for quirks in ((), ("relative",), ("empty page",)):
            service, cursor = fresh(version, *quirks, page=70), connect(version, **properties)
            rows, requests = asked(service, cursor, "SELECT ID FROM Products")
            equal([row[0] for row in rows], [row["ID"] for row in service.rows["Products"]], f"{form}, {' '.join(quirks) or 'plain'} pages: every row once")
            equal(len(requests), 6 if "empty page" in quirks else 5, "in five pages")
        service, cursor = fresh(version, "inner pages", page=70), connect(version, **properties)
        rows, requests = asked(service, cursor, "SELECT Categories_ID, ID FROM Categories_Products")
        equal(sorted(rows), sorted((row["CategoryID"], row["ID"]) for row in service.rows["Products"] if row["CategoryID"]), f"{form}: pages inside of entities")


def pages_are_as_long_as_they_should_be():
    service, cursor = fresh(4), connect(4, Pagesize="20")
    requests = asked(service, cursor, "SELECT Amount FROM Lines")[1]
    equal(len(requests), 3, "Pagesize asks for pages of that length")
    equal(service.asked[0][2].get("Prefer"), "odata.maxpagesize=20", "by Prefer")
    service, cursor = fresh(4, "no pages"), connect(4, UseClientSidePaging="True", Pagesize="50")
    rows, requests = asked(service, cursor, "SELECT Name FROM Products")
    equal(sorted(row[0] for row in rows), sorted(row["Name"] for row in service.rows["Products"]), "UseClientSidePaging: every row once")
    check("Products?$select=Name&$orderby=ID&$top=50" in requests and "Products?$select=Name&$orderby=ID&$skip=250&$top=50" in requests, "by $skip and $top, ordered by the key",
          requests)
    cursor.connection.close()
    service, cursor = fresh(4, "no pages"), connect(4, UseClientSidePaging="True", Pagesize="50")
    rows, requests = asked(service, cursor, "SELECT ID FROM Products ORDER BY ID DESC LIMIT 7")
    equal(requests, ["Products?$select=ID&$orderby=ID desc&$top=7"], "a limit is one page")


def counts_are_read():
    service, cursor = fresh(4), connect(4)
    for body, wanted in (("12", 12), ("\ufeff12", 12), (' "12"\r\n', 12), ('""', None), ('"', None), ("", None), ("twelve", None), ("-1", None), ("12 rows", None)):
        service.answers["Categories/$count"] = (200, "text/plain", body, {})
        if wanted is not None:
            equal(asked(service, cursor, "SELECT COUNT(*) FROM Categories")[0], [(wanted,)], f"a number of rows: {body!r}")
        else:
            state, message = error(cursor, "SELECT COUNT(*) FROM Categories")
            check(state == "08S01" and "number of rows" in message, f"none: {body!r}", message)


def links_lead_nowhere_else():
    service, cursor = fresh(4), connect(4)
    service.answers["Lines"] = (200, "application/json", json.dumps({"value": [], "@odata.nextLink": "http://localhost:1/v4/Lines?$skiptoken=1&key=hidden"}), {})
    state, message = error(cursor, "SELECT Amount FROM Lines")
    check(state == "08S01" and "another server" in message and "hidden" not in message, "a link to another server is not followed", message)
    service.answers["Lines"] = (200, "application/json", json.dumps({"value": [], "@odata.nextLink": "Lines?$skiptoken=1"}), {})
    state, message = error(cursor, "SELECT Amount FROM Lines")
    check(state == "08S01" and "circle" in message, "nor one that leads in a circle", message)


# ---- Refusals ----

def what_is_refused_is_asked_for_once():
    cases = [
        ("filter", "SELECT ID FROM Products WHERE Stock = 5", "$filter", [(row,) for row in range(5, 300, 40)]),
        ("orderby", "SELECT ID FROM Categories WHERE ID < 4 ORDER BY ID DESC", "$orderby", [(3,), (2,), (1,)]),
        ("select", "SELECT Name FROM Categories WHERE ID < 3", "$select", [("Category 1",), ("Category 2",)]),
        ("top", "SELECT ID FROM Categories LIMIT 2", "$top", [(1,), (2,)]),
        ("key", "SELECT Name FROM Categories WHERE ID = 3", "Categories(3)", [("Category 3",)]),
        ("in", "SELECT ID FROM Categories WHERE ID IN (3, 5)", " in (", [(3,), (5,)]),
        ("functions", "SELECT ID FROM Categories WHERE Name LIKE 'Gr%'", "startswith", [(4,), (8,), (12,)]),
        ("functions", "SELECT ID FROM Categories WHERE UPPER(Name) = 'CATEGORY 5'", "toupper", [(5,)]),
        ("calculations", "SELECT ID FROM Categories WHERE UPPER(Name) = 'CATEGORY 5'", "toupper", [(5,)]),
        ("calculations", "SELECT ID FROM Products WHERE Stock * 2 = 10", " mul ", [(row,) for row in range(5, 300, 40)]),
        ("terms", "SELECT ID FROM Categories WHERE ID = 3 OR Name = 'Category 5'", " or ", [(3,), (5,)]),
        ("count", "SELECT COUNT(*) FROM Categories", "/$count", [(12,)]),
        ("expand", "SELECT Products_ID, ID FROM Products_Category WHERE Products_ID < 4", "$expand", [(1, 2), (2, 3), (3, 4)]),
        ("nested", "SELECT Products_ID, ID FROM Products_Category WHERE Products_ID < 4", "($select", [(1, 2), (2, 3), (3, 4)]),
        ("exact", "SELECT MAX(ID) FROM Products WHERE ID < 100", None, [(99,)]),
    ]
    for word, sql, trace, wanted in cases:
        service, cursor = fresh(4, refuse=[word], page=1000), connect(4, Other="Apply=0")
        first, second = asked(service, cursor, sql), asked(service, cursor, sql)
        equal((first[0], second[0]), (wanted, wanted), f"a service that refuses {word}: the rows are right")
        if trace:
            check(any(trace in path for path in first[1]) and not any(trace in path for path in second[1]), "it is asked only once", first[1] + second[1])
        told = " ".join(str(cell) for row in cursor.execute("EXPLAIN " + sql).fetchall() for cell in row)
        check("the service refuses" in told, "and EXPLAIN says so", told)
    for word, sql, trace, wanted in [case for case in cases if case[0] not in ("nested", "exact")]:
        service, cursor = fresh(4, "stumbles", refuse=[word], page=1000), connect(4, Other="Apply=0", RetryMax="0")
        first, second = asked(service, cursor, sql), asked(service, cursor, sql)
        equal((first[0], second[0]), (wanted, wanted), f"a service that stumbles over {word}: the rows are right")
        check(not any(trace in path for path in second[1]), "it is asked only once", first[1] + second[1])
    sql = "SELECT ID FROM Categories WHERE (ID = 3 OR Name = 'Category 5' OR Note LIKE 'note%') AND Name LIKE 'C%' AND ID < 6 AND LENGTH(Name) > 3"
    for word, kept, gone in (("calculations", ("startswith(Name,'C')", " or ", "ID lt 6"), "length("), ("terms", ("startswith(Name,'C')", "ID lt 6"), " or "),
                             ("in", ("length(", " or ", "ID lt 6"), " in ")):
        service, cursor = fresh(4, refuse=[word]), connect(4)
        first = asked(service, cursor, sql)[1]
        rows, requests = asked(service, cursor, sql)
        check(rows == [(3,), (5,)] and all(part in requests[0] for part in kept) and gone not in requests[0], f"a service that refuses {word} is asked for all the rest", first + requests)
    service, cursor = fresh(4), connect(4, RetryMax="0")
    service.answers["Categories"] = (500, "text/plain", "It burns", {})
    state, message = error(cursor, "SELECT ID FROM Categories WHERE Name LIKE 'Gr%' ORDER BY ID LIMIT 3")
    check(state == "08S01" and "500" in message, "a service that has a fault is told from that", message)
    check(2 <= len(service.asked) <= 8, "after a few requests", service.asked)
    del service.answers["Categories"]
    requests = asked(service, cursor, "SELECT ID FROM Categories WHERE Name LIKE 'Gr%' ORDER BY ID LIMIT 3")[1]
    check("startswith" in requests[0] and "$orderby" in requests[0], "and later asked for everything again", requests)
    service, cursor = fresh(2, "only atom"), connect(2)
    equal(asked(service, cursor, "SELECT ID FROM Categories WHERE ID < 3")[0], [(1,), (2,)], "a service that has only Atom")
    equal(len(asked(service, cursor, "SELECT ID FROM Categories WHERE ID < 4")[1]), 1, "is asked for JSON once")


# ---- Procedures ----

def functions_and_actions_are_called():
    for version in (2, 3, 4):
        service, cursor = fresh(version), connect(version)
        equal(asked(service, cursor, "CALL Twice(4503599627370497)")[0], [(9007199254740994,)], f"V{version}: a function of a number")
        rows = asked(service, cursor, "CALL Cheapest(5.5)")[0]
        equal([row[0] for row in rows], [row["ID"] for row in service.rows["Products"] if row["Price"] is not None and row["Price"] < decimal.Decimal("5.5")],
              f"V{version}: a function that yields entities")
        service.rows["Categories"].clear()
        cursor.execute("CALL Reset()")
        equal(service.asked[-1][:2], ("POST", "Reset"), f"V{version}: an action is posted")
    service, cursor = fresh(4), connect(4)
    rows, _ = asked(service, cursor, "CALL Product_Discount(10, 50)")
    equal((service.asked[-1][:2], rows[0][2]), (("POST", "Products(10)/Shop.Discount"), decimal.Decimal("6.85")), "an action on an entity")
    state, message = error(cursor, "CALL Product_Discount(10)")
    check(state in ("07002", "42000") and "percent" in message, "needs its inputs", message)
    state, message = error(cursor, "CALL Product_Discount(12345, 1)")
    check("There is no" in message or "404" in message, "and its entity", message)


OPERATIONS = """<Action Name="Reset"/>
<Function Name="Near" IsBound="true"><Parameter Name="all" Type="Collection(Shop.Product)"/><Parameter Name="word" Type="Edm.String" Nullable="false"/><ReturnType Type="Edm.Int32"/></Function>
<Function Name="Of" IsBound="true"><Parameter Name="it" Type="Shop.Line"/><Parameter Name="day" Type="Edm.Date"/><ReturnType Type="Collection(Edm.String)"/></Function>
<Function Name="Many"><Parameter Name="list" Type="Collection(Edm.Int32)" Nullable="false"/><Parameter Name="maker" Type="Shop.Maker"/><Parameter Name="c" Type="Shop.Color"/>
<ReturnType Type="Shop.Maker"/></Function><Action Name="Do"><Parameter Name="d" Type="Edm.Decimal" Scale="2"/><Parameter Name="b" Type="Edm.Binary"/><Parameter Name="g" Type="Edm.Guid"/>
<Parameter Name="t" Type="Edm.DateTimeOffset"/><Parameter Name="l" Type="Collection(Edm.String)"/><ReturnType Type="Edm.String"/></Action>"""
CALLS = [       # SQL, address, body, answer, rows
    ("CALL Product_Near('it''s ü&+')", "Products/Shop.Near(word=@word)?@word='it''s ü&+'", "", '{"value":5}', [(5,)]),
    ("CALL Line_Of(3, 2, DATE '2024-05-06')", "Lines(OrderID=3,Number=2)/Shop.Of(day=@day)?@day=2024-05-06", "", '{"value":["a",null,"b"]}', [("a",), (None,), ("b",)]),
    ("CALL Line_Of(3, 2)", "Lines(OrderID=3,Number=2)/Shop.Of(day=@day)?@day=null", "", '{"value":[]}', []),
    ("CALL Many('[1,2]', '{\"City\":\"K\"}', 'Red')", "Many(list=@list,maker=@maker,c=@c)?@list=[1,2]&@maker={\"City\":\"K\"}&@c=Shop.Color'Red'", "",
     '{"City":"K","Land":null}', [("K", None)]),
    ("CALL Do(1.5, X'00FF', '00000000-0000-4000-8000-000000000001', TIMESTAMP '2024-01-02 03:04:05.5', '[\"a\"]')", "Do",
     '{"d":1.5,"b":"AP8","g":"00000000-0000-4000-8000-000000000001","t":"2024-01-02T03:04:05.5Z","l":["a"]}', '{"value":"done"}', [("done",)]),
    ("CALL Do()", "Do", "{}", '{"value":null}', [(None,)]),
]


def calls_have_every_kind_of_input():
    service = fresh(4)
    imports = '<FunctionImport Name="Many" Function="Shop.Many"/><ActionImport Name="Do" Action="Shop.Do"/><FunctionImport Name="Twice"'
    service.answers["$metadata"] = (200, "application/xml", service.metadata().replace('<Action Name="Reset"/>', OPERATIONS).replace('<FunctionImport Name="Twice"', imports), {})
    cursor = connect(4)
    for sql, address, body, answer, wanted in CALLS:
        service.answers[None] = (200, "application/json", answer, {})
        rows, requests = asked(service, cursor, sql)
        equal((rows, requests, service.bodies[-1].decode()), (wanted, [address], body), sql)


SPACES = 'xmlns:d="http://schemas.microsoft.com/ado/2007/08/dataservices" xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"'
RESULTS = [     # type, XML, JSON of V2, JSON of V3, rows
    ("Edm.Int64", f'<d:It {SPACES} m:type="Edm.Int64">10</d:It>', '{"d":{"It":"10"}}', '{"odata.metadata":"x","value":"10"}', [(10,)]),
    ("Edm.Int32", f'<d:It {SPACES} m:null="true"/>', '{"d":{"It":null}}', '{"value":null}', [(None,)]),
    ("Collection(Edm.String)", f"<d:It {SPACES}><d:element>a</d:element><d:element>b&amp;</d:element></d:It>", '{"d":{"results":["a","b&"]}}', '{"value":["a","b&"]}', [("a",), ("b&",)]),
    ("Shop.Maker", f'<d:It {SPACES} m:type="Shop.Maker"><d:City>K</d:City><d:Land m:null="true"/></d:It>', '{"d":{"It":{"City":"K","Land":null}}}', '{"City":"K","Land":null}', [("K", None)]),
    ("Collection(Shop.Maker)", f"<d:It {SPACES}><d:element><d:City>K</d:City></d:element><d:element><d:Land>L</d:Land></d:element></d:It>",
     '{"d":{"results":[{"City":"K"},{"Land":"L"}]}}', '{"value":[{"City":"K"},{"Land":"L"}]}', [("K", None), (None, "L")]),
    ("Shop.Category", f'<entry xmlns="http://www.w3.org/2005/Atom" {SPACES}><content><m:properties><d:ID>3</d:ID><d:Name>N</d:Name></m:properties></content></entry>',
     '{"d":{"ID":3,"Name":"N","Note":null}}', '{"ID":3,"Name":"N","Note":null}', [(3, "N", None)]),
]


def results_come_in_every_form():
    for version in (2, 3):
        for kind, xml, two, three, wanted in RESULTS:
            service = fresh(version)
            function = f'<FunctionImport Name="It" ReturnType="{kind}" m:HttpMethod="GET"/><FunctionImport Name="Twice"'
            service.answers["$metadata"] = (200, "application/xml", service.metadata().replace('<FunctionImport Name="Twice"', function), {})
            for form, text in (("ATOM", xml), ("JSON", two if version == 2 else three)):
                service.answers.pop(None, None)
                cursor = connect(version, DataFormat=form)
                service.answers[None] = (200, "application/xml" if form == "ATOM" else "application/json", text, {})
                equal(asked(service, cursor, "CALL It()")[0], wanted, f"V{version} {form}: {kind}")


def sap_wants_a_token():
    service, cursor = fresh(4, "csrf"), connect(4)
    asked(service, cursor, "CALL Product_Discount(10, 50)")
    equal([(method, headers.get("X-CSRF-Token")) for method, _, headers in service.asked if method == "POST"][-1], ("POST", "token5"), "a token against forged requests is got and sent")
    check("session=5" in service.asked[-1][2].get("Cookie", ""), "with the cookies of its session", service.asked[-1][2])
    asked(service, cursor, "CALL Product_Discount(10, 50)")
    equal(len(service.asked), 1, "and kept")


def changes_are_told():
    service, cursor = fresh(4, page=1000), connect(4)
    rows, requests = asked(service, cursor, "CALL GetChanges('Products', NULL)")
    link = rows[-1][-1]
    check(link and link.endswith("$deltatoken=0"), "GetChanges begins with a link", rows)
    check("odata.track-changes" in service.asked[0][2].get("Prefer", ""), "and asks to keep track", service.asked[0])
    service.tracked += [{"ID": 5, "Name": "new"}, {"@odata.context": "#Products/$deletedEntity", "id": "Products(7)", "reason": "deleted"}]
    rows = [tuple(row) for row in cursor.execute("CALL GetChanges('Products', ?)", link).fetchall()]
    equal([(row[0], row[2], row[3] and json.loads(row[3]).get("Name")) for row in rows], [("changed", None, "new"), ("removed", "deleted", None)], "later it tells what has changed")
    check("Products(7)" in rows[1][1] and rows[-1][-1].endswith("$deltatoken=2"), "and the next link", rows)
    rows = [tuple(row) for row in cursor.execute("CALL GetChanges('Products', ?)", rows[-1][-1]).fetchall()]
    equal([(row[0], row[4].rsplit("=")[-1]) for row in rows], [(None, "2")], "nothing new: only the link")


ATOM = 'xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0"'
DELTA = "http://odata.org/delta"


def changes_are_told_before_v4():
    # V2's JSON, with a mark that Olingo takes from V4, and Atom of both.
    pages = {
        (2, "json"): ('{"d":{"results":[],"__delta":"Categories?!deltatoken=1"}}',
                      '{"d":{"__delta":"Categories?!deltatoken=2","results":[{"__metadata":{"id":"Categories(5)","uri":"Categories(5)"},"ID":5,"Name":"new"},'
                      '{"@odata.context":"$metadata#Categories/$deletedEntity","id":"Categories(7)"}]}}'),
    }
    for version in (2, 3):
        pages[version, "atom"] = (f'<feed {ATOM}><link rel="{DELTA}" href="Categories?!deltatoken=1"/></feed>',
                                  f'<feed {ATOM}><entry><id>Categories(5)</id></entry><at:deleted-entry ref="Categories(7)" when="2024-01-01T00:00:00Z"/>'
                                  f'<link rel="{DELTA}" href="Categories?!deltatoken=2"/></feed>')
    for (version, form), (first, second) in pages.items():
        service, kind = fresh(version), "application/json" if form == "json" else "application/atom+xml"
        cursor = connect(version, DataFormat=None if form == "json" else "ATOM")
        service.answers["Categories"] = (200, kind, first, {})
        rows = [tuple(row) for row in cursor.execute("CALL GetChanges('Categories', NULL)").fetchall()]
        check(len(rows) == 1 and rows[0][-1].endswith(f"/v{version}/Categories?!deltatoken=1"), f"V{version} {form}: GetChanges begins with a link", rows)
        service.answers["Categories"] = (200, kind, second, {})
        service.asked.clear()
        rows = [tuple(row) for row in cursor.execute("CALL GetChanges('Categories', ?)", rows[0][-1]).fetchall()]
        equal([row[:2] for row in rows], [("changed", "Categories(5)"), ("removed", "Categories(7)")], f"V{version} {form}: what has changed")
        check(rows[0][-1].endswith("deltatoken=2") and paths(service) == ["Categories?!deltatoken=1"], "by the link, with the next one", (rows, paths(service)))
    for version in (2, 3):
        fresh(version)
        state, message = error(connect(version), "CALL GetChanges('Categories', NULL)")
        check(state == "HYC00" and "does not keep track of changes" in message, f"V{version}: a service that keeps no track is told so", (state, message))


run(every_type_arrives, texts_keep_every_character, the_catalog_tells_tables_columns_and_keys, requests_are_what_they_should_be,
    conditions_find_what_services_take_for_something_else, joins_ask_by_lists_and_along_navigation,
    rows_are_searched_by_a_pseudo_column, groups_are_made_by_the_service, pages_are_followed, pages_are_as_long_as_they_should_be, counts_are_read,
    links_lead_nowhere_else,
    what_is_refused_is_asked_for_once, functions_and_actions_are_called, calls_have_every_kind_of_input, results_come_in_every_form, sap_wants_a_token, changes_are_told, changes_are_told_before_v4)
