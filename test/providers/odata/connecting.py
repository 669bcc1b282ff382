#!/usr/bin/python3
"""What a connection to an OData service takes: who gets in, what each property does, what is kept, and what is said of services that
are none."""
import base64
import datetime
import decimal
import glob
import json
import os
import sys
import urllib.parse

sys.path[:0] = [os.path.join(os.path.abspath(os.environ.get("srcdir") or os.path.join(os.path.dirname(__file__), "../../..")), folder)
                for folder in ("test/clients", "test/providers/odata")]
from harness import check, equal, run
import shop
import shop_client

server = shop.Server()


def fresh(version, *quirks, refuse=(), page=1000):
    service = server.shops[version]
    service.reset()
    service.rows = shop.make_rows()
    service.page = page
    service.quirks.update(quirks)
    service.refuse.update(refuse)
    return service


def connect(version, **properties):
    return shop_client.connect(server, version, **properties).cursor()


def asked(service, cursor, sql, *parameters):
    """(rows, requests)"""
    service.asked.clear()
    rows = [tuple(row) for row in cursor.execute(sql, *parameters).fetchall()]
    return rows, [urllib.parse.unquote(path) for _, path, _ in service.asked]


def failure(act):
    try:
        act()
    except Exception as error:
        return error.args[0], error.args[1]
    return None, "no error"


def refused(version, **properties):
    return failure(lambda: connect(version, **properties))


def error(cursor, sql, *parameters):
    return failure(lambda: cursor.execute(sql, *parameters).fetchall())


def tables(cursor):
    return sorted(row.table_name for row in cursor.tables() if row.table_type != "SYSTEM TABLE")


def names(cursor, table):
    return [row.column_name for row in cursor.columns(table)]


# ---- Services that are none ----

def what_is_no_service_is_told():
    service = fresh(4)
    page = "<html><head><title>Sign in</title></head><body>Please</body></html>"
    cases = [
        ((200, "text/html", page, {}), None, "web page"),
        ((200, "application/xml", "<rss version='2.0'><channel/></rss>", {}), "HY000", "other XML document"),
        ((200, "application/xml", "<edmx:Edmx Version='4.0' xmlns:edmx='http://docs.oasis-open.org/odata/ns/edmx'><edmx:DataServices><Schema", {}), None, "no OData service that the driver can read"),
        ((200, "application/xml", "", {}), None, "metadata"),
        ((200, "application/xml", "<edmx:Edmx Version='7.0' xmlns:edmx='http://docs.oasis-open.org/odata/ns/edmx'><edmx:DataServices/></edmx:Edmx>", {}), None, "7.0"),
        ((503, "text/plain", "closed", {"Retry-After": "1"}), "08S01", "503"),
        ((403, "application/json", json.dumps({"error": {"code": "42", "message": "Not you"}}), {}), "42000", "Not you"),
    ]
    for answer, state, words in cases:
        service.answers["$metadata"] = answer
        got, message = refused(4)
        check((state is None and got) or got == state, f"{answer[0]} {answer[2][:40]!r}: SQLSTATE {state}", f"{got} {message}")
        check(words in message, f"... tells: {words}", message)
    service.answers["$metadata"] = (404, "text/plain", "nope", {})
    check("that has no $metadata" in refused(4)[1], "a root without $metadata is told from no service", refused(4)[1])
    got, message = failure(lambda: shop_client.connect(server, 4, URL=server.url + "/nothing"))
    check(got == "HY000" and "no OData service" in message, "nothing at all", message)
    got, message = failure(lambda: shop_client.connect(server, 4, URL=None))
    check(got == "HY000" and "URL is not set" in message, "no URL", message)
    got, message = failure(lambda: shop_client.connect(server, 4, URL="ftp://127.0.0.1/x"))
    check(got and "URL" in message, "another scheme", message)


def a_broken_table_does_not_stop_the_others():
    service = fresh(4)
    whole = service.metadata()
    broken = whole.replace('<EntitySet Name="Lines" EntityType="Shop.Line">', '<EntitySet Name="Lines" EntityType="Shop.Gone">').replace(
        "</EntityContainer>", '<EntitySet Name="Loop" EntityType="Shop.LoopA"/><Unknown What="?"/></EntityContainer>').replace(
        '<ComplexType Name="Maker">', '<EntityType Name="LoopA" BaseType="Shop.LoopB"/><EntityType Name="LoopB" BaseType="Shop.LoopA"/><Strange/><ComplexType Name="Maker">')
    service.answers["$metadata"] = (200, "application/xml", broken, {})
    cursor = connect(4)
    equal(asked(service, cursor, "SELECT COUNT(*) FROM Categories")[0], [(12,)], "the other tables work")
    for table in ("Lines", "Loop"):
        state, message = error(cursor, f"SELECT * FROM {table}")
        check(state in ("HY000", "42S02") and table in message, f"{table} says why it does not", f"{state} {message}")


# ---- Who gets in ----

def credentials_are_sent():
    service = fresh(4)
    service.user = "Basic " + base64.b64encode("ann:p;w}d ü".encode()).decode()
    state, message = refused(4)
    check(state == "28000" and "AuthScheme" in message, "who is nobody is told", f"{state} {message}")
    state, message = refused(4, User="ann", Password="wrong")
    check(state == "28000" and "wrong" not in message, "and who has the wrong password", f"{state} {message}")
    cursor = connect(4, User="ann", Password="p;w}d ü")
    equal(len(asked(service, cursor, "SELECT ID FROM Categories")[0]), 12, "user and password alone are Basic")
    service.user = "Bearer tok.en"
    cursor = connect(4, AuthScheme="OAuth", OAuthAccessToken="tok.en", InitiateOAuth="OFF")
    equal(len(asked(service, cursor, "SELECT ID FROM Categories")[0]), 12, "a token that is given")
    cursor = connect(4, AuthScheme="Bearer", OAuthAccessToken="tok.en")
    equal(len(asked(service, cursor, "SELECT ID FROM Categories")[0]), 12, "also by AuthScheme=Bearer")
    fresh(4)
    cursor = connect(4)
    asked(service, cursor, "SELECT ID FROM Categories")
    check("Authorization" not in service.asked[-1][2], "nobody sends nothing", service.asked[-1])


def digest_is_answered():
    service = fresh(4)
    service.user = ("ann", "p;w}d")
    cursor = connect(4, AuthScheme="Digest", User="ann", Password="p;w}d")
    equal(asked(service, cursor, "SELECT ID FROM Categories WHERE Name LIKE 'Gr%' AND ID < 9")[0], [(4,), (8,)], "Digest, also where the address has a query")
    equal(refused(4, AuthScheme="Digest", User="ann", Password="else")[0], "28000", "and another password")


def tokens_are_got_and_renewed():
    service = fresh(4)
    server.tokens = 0
    service.user = "Bearer tok.en1"
    cursor = connect(4, AuthScheme="OAuth", InitiateOAuth="REFRESH", OAuthGrantType="CLIENT", OAuthClientId="me", OAuthClientSecret="s", OAuthAccessTokenURL=server.url + "/token",
                     OAuthSettingsLocation="memory://shop")
    equal(len(asked(service, cursor, "SELECT ID FROM Categories")[0]), 12, "a token of an authorization server of one's own")
    service.user = "Bearer tok.en2"
    rows, requests = asked(service, cursor, "SELECT ID FROM Categories")
    equal((len(rows), len(requests)), (12, 2), "which is renewed when the service does not take it any more")
    equal(server.tokens, 2, "once")


def own_fields_parameters_and_cookies_go_along():
    service = fresh(4, page=5)
    cursor = connect(4, CustomHeaders="X-Tenant: one two|sap-language: DE", CustomUrlParams="client=100&x=a%20b", Cookies="sid=7")
    service.asked.clear()
    cursor.execute("SELECT ID FROM Categories").fetchall()
    equal(len(service.asked), 3, "three pages")
    for _, path, headers in service.asked[:1]:
        check("client=100" in path and "x=a%20b" in path, "CustomUrlParams", path)
    for _, path, headers in service.asked:
        equal((headers.get("X-Tenant"), headers.get("sap-language"), headers.get("Cookie")), ("one two", "DE", "sid=7"), f"CustomHeaders and Cookies on {path[:30]}")
    state, message = refused(4, CustomHeaders="no colon")
    check(state == "HY000" and "CustomHeaders" in message, "what is no field is told", message)
    cursor = shop_client.connect(server, 4, URL=f"{server.url}/v4/?client=200").cursor()
    check("client=200" in asked(service, cursor, "SELECT Amount FROM Lines")[1][0], "what the URL brings goes along too", service.asked)


# ---- What is shown ----

def properties_choose_tables():
    fresh(4)
    equal(tables(connect(4, Tables="Categories,Products_Category")), ["Categories", "Products_Category"], "Tables")
    equal(tables(connect(4, NavigationPropertiesAsViews="False")), ["Best", "Categories", "Lines", "Products"], "NavigationPropertiesAsViews=False")
    equal(tables(shop_client.connect(server, 4, URL=None, FeedURL=f"{server.url}/v4/Lines").cursor()), ["Lines", "Lines_Product"], "FeedURL")
    views = tables(connect(4, StoredProceduresAsViews="True"))
    check("Cheapest" in views and "Categories" in views, "StoredProceduresAsViews", views)


def views_of_functions_take_inputs():
    service = fresh(4)
    cursor = connect(4, StoredProceduresAsViews="True")
    rows, requests = asked(service, cursor, "SELECT ID FROM Cheapest WHERE below = 5.5 AND Stock < 3")
    wanted = [row["ID"] for row in service.rows["Products"] if row["Price"] is not None and row["Price"] < decimal.Decimal("5.5") and row["Stock"] < 3]
    equal([row[0] for row in rows], wanted, "a view of a function")
    check(requests[0].startswith("Cheapest(") and "5.5" in requests[0], "is called with its input", requests)
    state, message = error(cursor, "SELECT ID FROM Cheapest")
    check(state == "42000" and "below" in message, "and says which it needs", message)


def views_can_have_all_of_the_parent():
    service = fresh(4)
    cursor = connect(4, IncludeNavigationParentColumns="True")
    columns = names(cursor, "Categories_Products")
    check("Categories_Name" in columns and "Categories_ID" in columns, "IncludeNavigationParentColumns", columns)
    rows, requests = asked(service, cursor, "SELECT Categories_Name, ID FROM Categories_Products WHERE Categories_ID = 3")
    equal(sorted(rows), sorted(("Category 3", row["ID"]) for row in service.rows["Products"] if row["CategoryID"] == 3), "the parent's columns have its values")


def without_expand_each_parent_is_asked():
    service = fresh(4)
    cursor = connect(4, SupportsExpand="False")
    rows, requests = asked(service, cursor, "SELECT Categories_ID, ID FROM Categories_Products")
    equal(sorted(rows), sorted((row["CategoryID"], row["ID"]) for row in service.rows["Products"] if row["CategoryID"]), "SupportsExpand=False: every row")
    check(not any("$expand" in path for path in requests) and len(requests) == 13, "each parent is asked", requests)


def select_can_be_bounded():
    service = fresh(4)
    equal(asked(service, connect(4, MaxSelectLength="0"), "SELECT Name FROM Categories")[1], ["Categories"], "MaxSelectLength=0 sends none")
    equal(asked(service, connect(4, MaxSelectLength="5"), "SELECT Name, Note FROM Categories")[1], ["Categories"], "nor one that is too long")
    equal(asked(service, connect(4), "SELECT * FROM Categories")[1], ["Categories"], "all columns are asked for by none")
    equal(asked(service, connect(4, ExpandAsterisk="True"), "SELECT * FROM Categories")[1], ["Categories?$select=ID,Name,Note"], "ExpandAsterisk names them")


def names_can_be_simple():
    service = fresh(4)
    odd = service.metadata().replace('Name="Note" Type', 'Name="No_x0020_te-ü" Type')
    service.answers["$metadata"] = (200, "application/xml", odd, {})
    equal(names(connect(4), "Categories")[-1], "No_x0020_te-ü", "names are shown as they are")
    equal(names(connect(4, DecodeXMLNames="True"), "Categories")[-1], "No te-ü", "DecodeXMLNames")
    simple = names(connect(4, UseSimpleNames="True"), "Categories")[-1]
    check(simple.isascii() and simple.replace("_", "").isalnum(), "UseSimpleNames", simple)


def references_can_be_guessed():
    service = fresh(4)
    without = service.metadata().replace('<ReferentialConstraint Property="CategoryID" ReferencedProperty="ID"/>', "")
    service.answers["$metadata"] = (200, "application/xml", without, {})
    keys = lambda cursor: [(row.fkcolumn_name, row.pktable_name, row.pkcolumn_name) for row in cursor.foreignKeys(foreignTable="Products")]
    equal(keys(connect(4)), [], "no reference is told")
    equal(keys(connect(4, EnableForeignKeyDetection="True")), [("CategoryID", "Categories", "ID")], "EnableForeignKeyDetection finds it")


def the_version_can_be_told():
    service = fresh(2)
    service.answers["$metadata"] = (200, "application/xml", service.metadata().replace("2009/08/edm", "2008/09/edm").replace('DataServiceVersion="2.0"', 'DataServiceVersion="1.0"'), {})
    cursor = connect(2)
    asked(service, cursor, "SELECT ID FROM Categories WHERE ID < 3")
    equal(service.asked[-1][2].get("MaxDataServiceVersion"), "2.0", "V2 by its metadata")
    cursor = connect(2, ODataVersion="3.0")
    service.asked.clear()
    failure(lambda: cursor.execute("SELECT ID FROM Categories").fetchall())
    equal(service.asked[-1][2].get("MaxDataServiceVersion"), "3.0", "V3 where ODataVersion says so")
    state, message = refused(2, ODataVersion="5")
    check(state and "ODataVersion" in message, "another version is told", message)


def moments_can_have_a_zone():
    service = fresh(2)
    cursor = connect(2, ServerTimeZone="+02:00")
    wanted = service.rows["Products"][0]["Changed"]
    got = asked(service, cursor, "SELECT Changed FROM Products WHERE ID = 1")[0][0][0]
    equal(got, wanted.replace(microsecond=wanted.microsecond // 1000 * 1000) - datetime.timedelta(hours=2), "ServerTimeZone: a moment of the server is brought to UTC")
    rows = asked(service, cursor, "SELECT ID FROM Products WHERE Changed = ?", got)
    equal(rows[0], [(1,)], "and found again")


# ---- What is kept ----

def metadata_are_kept():
    service = fresh(4)
    folder = os.path.join(shop_client.FOLDER, "kept")
    asks = lambda: [(path, headers.get("If-None-Match")) for _, path, headers in service.asked if "$metadata" in path]
    open_ = lambda **properties: connect(4, CacheMetadata="True", CacheLocation=folder, **properties)
    open_()
    equal(asks(), [("$metadata", None)], "the first connection asks")
    files = glob.glob(folder + "/*")
    equal([oct(os.stat(path).st_mode & 0o777) for path in files], ["0o600"], "and keeps the answer, for nobody else")
    service.asked.clear()
    equal(len(tables(open_())), 10, "the second knows the tables")
    equal(asks(), [], "and does not ask")
    service.asked.clear()
    open_(CacheTolerance="0")
    equal(asks(), [("$metadata", '"m1"')], "without tolerance it asks whether they still hold")
    service.etag = '"m2"'
    service.answers["$metadata"] = (200, "application/xml", service.metadata().replace('Name="Note" Type', 'Name="Remark" Type'), {})
    equal(names(open_(CacheTolerance="0"), "Categories")[-1], "Remark", "a new one is taken")
    service.asked.clear()
    open_(CustomHeaders="X-Tenant: other")
    equal(len(asks()), 1, "who says something else of himself has another")
    for path in files:
        with open(path, "r+") as file:
            file.truncate(300)
    equal(len(tables(open_())), 10, "a file that is damaged is none")


# ---- Errors ----

def errors_are_told_in_the_services_words():
    forms = [
        (4, "application/json", json.dumps({"error": {"code": "501x", "message": "It is so", "details": [{"code": "1", "message": "and so"}], "innererror": {"trace": "secret path"}}})),
        (3, "application/json", json.dumps({"odata.error": {"code": "501x", "message": {"lang": "en", "value": "It is so"}, "innererror": {"errordetails": [{"message": "and so"}]}}})),
        (2, "application/json", json.dumps({"error": {"code": "501x", "message": {"lang": "en", "value": "It is so"}, "innererror": {"errordetails": [{"message": "and so"}]}}})),
        (2, "application/xml", '<error xmlns="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"><code>501x</code><message xml:lang="en">It is so</message>'
         "<innererror><errordetails><errordetail><message>and so</message></errordetail></errordetails></innererror></error>"),
    ]
    for version, kind, text in forms:
        service = fresh(version)
        cursor = connect(version)
        service.answers["Categories"] = (409, kind, text, {})
        state, message = error(cursor, "SELECT ID FROM Categories")
        check(state == "HY000" and all(word in message for word in ("Categories", "409", "501x", "It is so", "and so")), f"V{version} {kind}: code, message and details", f"{state} {message}")
        check("secret path" not in message, "... and no more", message)


def answers_that_break_off_are_errors():
    service = fresh(4, "broken")
    cursor = connect(4)
    state, message = error(cursor, "SELECT ID FROM Categories")
    check(state == "08S01" and "Time is up" in message, "an error behind rows is told", f"{state} {message}")
    for version, kind, text in ((4, "application/json", '{"value":[{"ID":1,"Name":"a"},{"ID":2,'), (4, "application/json", '{"value":[{"ID":"one"}]}'), (4, "application/json", ""),
                                (4, "text/html", "<html>Please sign in</html>"), (2, "application/atom+xml", '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id>'),
                                (4, "application/json", '{"something":"else"}')):
        service = fresh(version)
        cursor = connect(version, DataFormat="ATOM" if "atom" in kind else None)
        service.answers["Categories"] = (200, kind, text, {})
        state, message = error(cursor, "SELECT ID, Name FROM Categories")
        check(state in ("08S01", "22018") and "Categories" in message, f"{text[:40]!r} is an error", f"{state} {message}")


run(what_is_no_service_is_told, a_broken_table_does_not_stop_the_others, credentials_are_sent, digest_is_answered, tokens_are_got_and_renewed, own_fields_parameters_and_cookies_go_along, properties_choose_tables,
    views_of_functions_take_inputs, views_can_have_all_of_the_parent, without_expand_each_parent_is_asked, select_can_be_bounded, names_can_be_simple, references_can_be_guessed,
    the_version_can_be_told, moments_can_have_a_zone, metadata_are_kept, errors_are_told_in_the_services_words, answers_that_break_off_are_errors)
