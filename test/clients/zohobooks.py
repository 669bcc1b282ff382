#!/usr/bin/python3
"""Zoho Books where it is not a matter of one table: organizations, data centres and signing in, what a refusal says and whether it is asked
again, limits, the account's own fields, the forms that answers have, and how many requests a query costs."""
import glob
import json
import os
import re
import shutil
import urllib.parse
import xml.etree.ElementTree

from harness import SOURCE, Session, browser, check, equal, plain_rows, run

ROWS = "60"
DEFAULT, FREE, HOLDING = "10234696", "10234695", "10234697"
CALLBACK = "http://127.0.0.1:1/back"
ENDPOINTS = {"URL": None, "OAuthAuthorizationURL": None, "OAuthAccessTokenURL": None}


def books(*options):
    return Session("--rows", ROWS, *options, play="zohobooks")


def switch(session, **switches):
    session.request("/_play/zohobooks", "PUT", switches)


def refusal(query, connection):
    """(SQLSTATE, message, native code) of the failure."""
    try:
        connection.execute(query).fetchall()
    except Exception as error:      # pyodbc's, of whatever class
        return error.args[0], error.args[1]
    return None, "it succeeds"


def asked(session, part=""):
    """Paths behind the version, of the requests to the service."""
    return [entry["path"].split("/books/v3")[1] for entry in session.log() if "/books/v3" in entry["path"] and part in entry["path"]]


def organizations():
    with books() as session:
        with session.connect() as connection:
            rows = plain_rows(connection.execute("SELECT OrganizationId, IsDefaultOrg FROM Organizations").fetchall())
            equal(rows, [(FREE, 0), (DEFAULT, 1), (HOLDING, 0)], "Organizations lists those of the user")
            session.forget()
            count = connection.execute("SELECT COUNT(*) FROM Contacts").fetchval()
            equal({entry["query"].get("organization_id") for entry in session.log() if entry["path"].endswith("/contacts")}, {DEFAULT}, "the one that is marked is used")
            equal(count, len(session.raw("zohobooks/contacts")), "and its contacts are counted")
        switch(session, default="no")
        with session.connect() as connection:
            session.forget()
            connection.execute("SELECT ContactId FROM Contacts").fetchall()
            equal(session.log()[-1]["query"]["organization_id"], FREE, "the first where none is marked")
        with session.connect(OrganizationId=HOLDING) as connection:
            session.forget()
            equal(connection.execute("SELECT ContactId FROM Contacts").fetchall(), [], "OrganizationId names another")
            equal([(entry["path"], entry["query"]["organization_id"]) for entry in session.log()], [("/books/v3/contacts", HOLDING)], "which costs no look-up")
        with session.connect(OrganizationId="777") as connection:
            state, message = refusal("SELECT ContactId FROM Contacts", connection)
            check(state == "42000" and "not associated" in message and "OrganizationId" in message and "Organizations" in message, "an organization of others", message)


def definition_for(session):
    """A folder with the definition whose servers are the sandbox's: US as 127.0.0.1, EU as localhost."""
    folder = session.path("own")
    os.makedirs(os.path.join(folder, "zohobooks"))
    shutil.copy(os.path.join(SOURCE, "providers", "provider.rng"), folder)
    for path in glob.glob(os.path.join(SOURCE, "providers", "zohobooks", "*.xml")):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for name in ("accounts.zoho", "www.zohoapis"):
            text = text.replace(f"https://{name}.com.", f"https://elsewhere.{name}.com.")
            text = text.replace(f"https://{name}.com", session.base).replace(f"https://{name}.eu", session.base.replace("127.0.0.1", "localhost"))
        with open(os.path.join(folder, "zohobooks", os.path.basename(path)), "w", encoding="utf-8") as file:
            file.write(text)
    return folder


def sign_in(connection, whole=True):
    """GetOAuthAuthorizationURL, the browser, GetOAuthAccessToken; the URL and the tokens by name."""
    url = connection.execute("CALL GetOAuthAuthorizationURL('WEB', ?)", CALLBACK).fetchone()[0]
    back = browser.come_back(url)
    code = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(back).query))["code"]
    cursor = connection.execute("CALL GetOAuthAccessToken('WEB', ?, ?)", CALLBACK, back if whole else code)
    return url, dict(zip([column[0] for column in cursor.description], cursor.fetchone()))


def data_centres():
    with books() as session:
        folder = definition_for(session)
        usual = {**ENDPOINTS, "Location": folder, "OAuthAccessToken": None, "OAuthSettingsLocation": session.path("s")}
        with session.connect(**usual) as connection:
            session.forget()
            url, tokens = sign_in(connection)
            query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
            check(url.startswith(session.base + "/oauth/v2/auth?"), "one signs in at the usual server", url)
            equal({name: query.get(name) for name in ("scope", "access_type", "prompt", "code_challenge_method")},
                  {"scope": "ZohoBooks.fullaccess.all", "access_type": "offline", "prompt": "consent", "code_challenge_method": "S256"}, "and asks for lasting access")
            check(tokens["OAuthRefreshToken"] and json.loads(tokens["Other"])["api_domain"] == session.base, "which comes with the address of the API", tokens.get("Other"))
            equal(connection.execute("SELECT COUNT(*) FROM Organizations").fetchval(), 3, "whose organizations are read")
        # Whoever signs in here lives in the other data centre.
        switch(session, home="eu")
        europe = session.base.replace("127.0.0.1", "localhost")
        with session.connect(**{**usual, "OAuthSettingsLocation": session.path("e")}) as connection:
            session.forget()
            url, tokens = sign_in(connection)
            check(url.startswith(session.base), "the sign-in begins where it always does", url)
            told = json.loads(tokens["Other"])
            equal((told["accounts-server"], told["api_domain"]), (europe, europe), "the callback tells where the account lives, the token where its API is")
            equal({row[0] for row in connection.execute("SELECT OrganizationId FROM Organizations").fetchall()}, {"20345678", "20345679"}, "the organizations of that data centre")
            session.forget()
            cursor = connection.execute("CALL RefreshOAuthAccessToken")
            renewed = dict(zip([column[0] for column in cursor.description], cursor.fetchone()))
            check(renewed["OAuthAccessToken"] != tokens["OAuthAccessToken"], "the token is renewed there")
            equal(connection.execute("SELECT COUNT(*) FROM Organizations").fetchval(), 2, "and used there")
        with session.connect(**{**usual, "OAuthSettingsLocation": session.path("e"), "InitiateOAuth": "REFRESH"}) as connection:
            equal(connection.execute("SELECT COUNT(*) FROM Organizations").fetchval(), 2, "a later connection finds all that in the settings")
            session.request("/_tokens?kind=access", "DELETE")
            equal(connection.execute("SELECT COUNT(*) FROM Organizations").fetchval(), 2, "and renews a token that is refused")
        switch(session, home="us")
        for given in ({"Region": "EU"}, {"Region": "Europe"}, {"AccountsServer": "eu"}, {"AccountsServer": "accounts.zoho.eu"}, {"AccountsServer": europe}):
            with session.connect(**{**usual, **given, "OAuthSettingsLocation": session.path("r")}) as connection:
                url = connection.execute("CALL GetOAuthAuthorizationURL('WEB', ?)", CALLBACK).fetchone()[0]
                check(url.startswith(europe + "/oauth/v2/auth?"), f"{given}: one signs in there", url)
        try:
            session.connect(**{**usual, "Region": "Mars"})
            check(False, "a region that there is not")
        except Exception as error:
            check("Region=Mars is not possible" in error.args[1] and "EU" in error.args[1], "a region that there is not", error.args[1])


def token_of(session, scope):
    code = json.loads(session.request("/_play/zohobooks/code?scope=" + scope, "POST", {}))["code"]
    properties = session.properties()
    form = urllib.parse.urlencode({"grant_type": "authorization_code", "code": code, "client_id": properties["OAuthClientId"],
                                   "client_secret": properties["OAuthClientSecret"]})
    return json.loads(session.request("/oauth/v2/token?" + form, "POST"))["access_token"]


def refusals():
    with books() as session:
        scopes = "ZohoBooks.settings.READ,ZohoBooks.contacts.READ"
        with session.connect(OAuthAccessToken=token_of(session, scopes), Scope=scopes) as connection:
            equal(connection.execute("SELECT COUNT(*) FROM Contacts").fetchval(), len(session.raw("zohobooks/contacts")), "a narrow scope opens what it names")
            session.forget()
            for table, scope in (("Bills", "ZohoBooks.bills.READ"), ("BillLineItems", "ZohoBooks.bills.READ"), ("Journals", "ZohoBooks.accountants.READ"),
                                 ("CustomModuleRecords", "ZohoBooks.custommodules.READ"), ("TrialBalanceReport", "ZohoBooks.reports.READ")):
                state, message = refusal(f"SELECT * FROM {table}", connection)
                check(state == "42000" and scope in message and "not authorized" in message and "57" in message, f"{table}: the scope that is missing is named", message)
            equal(len(asked(session, "/bills")), 2, "and it is not tried again")
        with session.connect(OrganizationId=FREE) as connection:
            state, message = refusal("SELECT ProjectId FROM Projects", connection)
            check(state == "HY000" and "not available in the plan" in message and "4003" in message and "plan" in message, "a module that the plan has not", message)
        with session.connect() as connection:
            equal(connection.execute("SELECT * FROM InvoiceDetails WHERE InvoiceId = '1'").fetchall(), [], "a record that there is not is no row")
            state, message = refusal("SELECT * FROM Contacts WHERE ContactFilter = 'Status.Odd'", connection)
            check(state == "HY000" and "filter_by" in message and "condition" in message, "a view that there is not", message)
            session.fault(match="/books/v3/contacts", status=500, body='{"code": 1000, "message": "Internal error"}', times=9)
            state, message = refusal("SELECT ContactId FROM Contacts", connection)
            check(state == "08S01" and "Internal error (code 1000)" in message, "a fault of the service", message)
            session.heal()
        with session.connect(OAuthAccessToken="1000.nothing") as connection:
            state, message = refusal("SELECT ContactId FROM Contacts", connection)
            check(state == "28000" and "refused the access token" in message, "a token of nobody", message)


def limits():
    with books() as session:
        with session.connect(RetryMax=0) as connection:
            connection.execute("SELECT COUNT(*) FROM Contacts").fetchall()
            switch(session, minute="2")
            state, message = refusal("SELECT * FROM ContactAddresses", connection)
            check(state == "08S01" and "in a minute" in message and "(code 44)" in message and "100 requests in 60 s" in message, "the calls of a minute", message)
            switch(session, minute="0")
        with session.connect() as connection:
            connection.execute("SELECT COUNT(*) FROM Contacts").fetchall()
            session.request("/_play/zohobooks", "DELETE")
            switch(session, day="2")
            session.forget()
            state, message = refusal("SELECT * FROM ContactAddresses", connection)
            check(state == "08S01" and "tomorrow" in message and "(code 45)" in message, "the calls of a day", message)
            check(len([entry for entry in session.log() if entry["status"] == 429]) <= 5, "which are not tried again", len(session.log()))
            session.request("/_play/zohobooks", "DELETE")
            # Fewer at once than the driver would have under way: it goes slower, and nothing is missing.
            wanted = {row["contact_id"] for row in session.raw("zohobooks/contacts")}
            switch(session, concurrent="1")
            session.request("/_play/zohobooks", "PUT", {"hold": "no"})
            got = {row[0] for row in connection.execute("SELECT ContactId FROM ContactDetails").fetchall()}
            equal(got, wanted, "too many calls at once are asked again")


def own_fields():
    with books() as session, session.connect(IncludeCustomFields="true") as connection:
        for table, entity, key in (("Invoices", "invoices", "InvoiceId"), ("InvoiceDetails", "invoices", "InvoiceId"), ("Items", "items", "ItemId"), ("EstimateDetails", "estimates", "EstimateId")):
            cursor = connection.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in cursor.description if column[0].startswith("cf_")]
            raw = {row[key[:-2].lower() + "_id"]: row for row in session.raw("zohobooks/" + entity)}
            rows = {row.__getattribute__(key): row for row in cursor.fetchall()}
            if not check(names, f"{table}: it has the fields of the account as columns", [column[0] for column in cursor.description]):
                continue
            wanted = {one: tuple((raw[one].get("custom_field_hash") or {}).get(name) or None for name in names) for one in rows}
            equal({one: tuple(row.__getattribute__(name) for name in names) for one, row in rows.items()}, wanted, f"{table}: their values")
        equal([column[0] for column in connection.execute("SELECT * FROM InvoiceDetails").description if column[0].startswith("cf_")],
              [column[0] for column in connection.execute("SELECT * FROM Invoices").description if column[0].startswith("cf_")], "details have those of the list")
    with books() as session:
        session.forget()
        with session.connect(IncludeCustomFields="true", OrganizationId=FREE) as connection:
            equal({path.split("/")[1] for path in asked(session) if re.search(r"/\d+$", path)} - {"estimates", "expenses"}, set(),
                  "no record is read for them where a list has them")
            check(len(asked(session)) < 40, "and no list twice", len(asked(session)))
            check(connection.execute("SELECT COUNT(*) FROM Contacts").fetchval() >= 0, "modules that the plan has not do not close the connection")


TABLES = ("CustomerPayments", "SalesOrderDetails", "VendorCredits", "VendorCreditLineItems", "FixedAssetDetails", "ChartOfAccounts", "CustomerDebitNotes", "CustomModuleRecords", "Invoices",
          "Items", "Estimates", "ChartOfAccountTransactions", "TimeEntries", "ARAgingSummaryReport")


def forms():
    """The service's answers differ in ways that rows must not show."""
    def read(connection, table):
        return sorted(plain_rows(connection.execute(f"SELECT * FROM {table}").fetchall()), key=str)
    with books() as session, session.connect(OrganizationId=DEFAULT) as connection, session.connect(OrganizationId=DEFAULT, Other="AccountTransactions=transactions") as older:
        usual = {table: read(connection, table) for table in TABLES}
        for switches, tables in (({"wrappers": "spec"}, TABLES[:8]), ({"amounts": "text"}, TABLES), ({"amounts": "declared"}, TABLES), ({"more": "omit", "per_page": "10"}, TABLES),
                                 ({"modified": "exclusive", "case": "heed"}, TABLES[:2])):
            switch(session, **switches)
            for table in tables:
                rows = read(connection, table)
                if "amounts" in switches:       # documents that are JSON show the service's own form
                    columns = [column[0] for column in connection.execute(f"SELECT * FROM {table}").description]
                    kept = [i for i, name in enumerate(columns) if not any(isinstance(row[i], str) and row[i][:1] in "[{" for row in rows + usual[table])]
                    equal([tuple(row[i] for i in kept) for row in sorted(rows, key=lambda row: str(row[0]))],
                          [tuple(row[i] for i in kept) for row in sorted(usual[table], key=lambda row: str(row[0]))], f"{table} with {switches}")
                else:
                    equal(len(rows), len(usual[table]), f"{table} with {switches}: as many rows")
                    check(table == "VendorCreditLineItems" or rows == usual[table], f"{table} with {switches}: the same rows")
            session.request("/_play/zohobooks", "DELETE")
        switch(session, ledger="old")
        equal(read(older, "ChartOfAccountTransactions"), usual["ChartOfAccountTransactions"], "the older address of the transactions of accounts")
        switch(session, ledger="both", times="clock")
        check(any(":" in (row[0] or "") and len(row[0]) == 5 for row in connection.execute("SELECT LogTime FROM TimeEntries").fetchall()), "hours as the clock shows them")
        session.request("/_play/zohobooks", "DELETE")
        switch(session, aging="groups")
        equal(len(read(connection, "ARAgingSummaryReport")), len(usual["ARAgingSummaryReport"]), "the other form of the aging report")


def requests():
    """What only details know is asked for one by one, and no more than that."""
    with books() as session, session.connect(OrganizationId=DEFAULT) as connection:
        ids = [row["invoice_id"] for row in session.raw("zohobooks/invoices") if row["type"] == "invoice"][:3]

        def costs(query, wanted, name, *values):
            session.forget()
            connection.execute(query, *values).fetchall()
            got = asked(session)
            equal(sorted(got), sorted(wanted), name)
        costs(f"SELECT LineItemId FROM InvoiceLineItems WHERE InvoiceId = '{ids[0]}'", [f"/invoices/{ids[0]}"], "lines of one invoice")
        costs(f"SELECT LineItemId FROM InvoiceLineItems WHERE InvoiceId IN ('{ids[0]}', '{ids[1]}')", [f"/invoices/{one}" for one in ids[:2]], "lines of two")
        costs("SELECT COUNT(*) FROM Invoices WHERE Total > 1000", ["/invoices"], "a list in one page")
        costs(f"SELECT d.Notes FROM Invoices i JOIN InvoiceDetails d ON d.InvoiceId = i.InvoiceId WHERE i.InvoiceNumber = '{session.raw('zohobooks/invoices')[0]['invoice_number']}'",
              ["/invoices", f"/invoices/{session.raw('zohobooks/invoices')[0]['invoice_id']}"], "details of what a condition finds")
        accounts = [row["account_id"] for row in session.raw("zohobooks/bankaccounts")]
        costs("SELECT AccountName, Balance FROM BankAccounts", ["/bankaccounts"], "columns of the list alone")
        costs("SELECT AccountName, Description FROM BankAccounts", ["/bankaccounts"] + [f"/bankaccounts/{one}" for one in accounts], "columns that only details have")
        costs(f"SELECT * FROM BankAccounts WHERE AccountId = '{accounts[0]}'", [f"/bankaccounts/{accounts[0]}"], "one account by its id")
        costs("SELECT TaxGroupName FROM TaxGroups", ["/settings/taxes"] + [f"/settings/taxgroups/{row['tax_id']}" for row in session.raw("zohobooks/taxes")
                                                                          if row["tax_type"] == "tax_group"], "only taxes that are groups")
        costs("SELECT Name FROM ProfitsAndLossesReport WHERE FromDate = '2024-01-01' AND ToDate = '2024-12-31'", ["/reports/profitandloss"], "a report")
        equal({name: session.log()[-1]["query"].get(name) for name in ("filter_by", "from_date", "to_date")},
              {"filter_by": "TransactionDate.CustomDate", "from_date": "2024-01-01", "to_date": "2024-12-31"}, "its period goes along")


def orders():
    """ORDER BY by a moment goes to the service: the first rows cost the first page. Where NULL may be, only under a condition that leaves it out; texts,
    which services sort in their own way, are sorted here."""
    declared = []
    for path in glob.glob(os.path.join(SOURCE, "providers", "zohobooks", "*.xml")):
        for table in xml.etree.ElementTree.parse(path).getroot().iter("{urn:restodbc:provider:1}table"):
            columns = {column.get("name"): column for column in table.iter("{urn:restodbc:provider:1}column")}
            for order in table.iter("{urn:restodbc:provider:1}order"):
                sent = {one.get("name"): one.get("value") for one in order}
                declared.append((table.get("name"), columns[order.get("column")], order.get("direction"), sent, [filter.get("op") for filter in columns[order.get("column")]]))
    check(len(declared) > 80, "orders are declared", len(declared))
    with Session("--rows", "300", play="zohobooks") as session, session.connect() as connection:
        for table, column, direction, sent, ops in sorted(declared, key=lambda one: (one[0], one[1].get("name"), one[2])):
            name, fixed = column.get("name"), column.get("nullable") == "no"
            values = [row[0] for row in connection.execute(f"SELECT {name} FROM {table}").fetchall()]
            what = f"{table} by {name} {direction}"
            check(not fixed or None not in values, f"{what}: no NULL where there can be none")
            there = sorted((value for value in values if value is not None), reverse=direction == "desc")
            floor = "" if fixed else f" WHERE {name} >= '1990-01-01'"
            session.forget()
            got = [row[0] for row in connection.execute(f"SELECT TOP 3 {name} FROM {table}{floor} ORDER BY {name} {direction.upper()}").fetchall()]
            asked_for = [entry["query"] for entry in session.log()]
            equal(got, there[:3], f"{what}: the first rows")
            pushed = fixed or any(">=" in op.split() for op in ops)
            equal({name: query.get(name) for query in asked_for for name in sent}, {name: value if pushed else None for name, value in sent.items()}, f"{what}: what is asked for")
            check(not pushed or len(asked_for) == 1, f"{what}: one page", asked_for)
            session.forget()
            got = [row[0] for row in connection.execute(f"SELECT {name} FROM {table}{floor} ORDER BY {name} {direction.upper()}").fetchall()]
            equal(got, there, f"{what}: all rows")
            if not fixed:
                session.forget()
                got = [row[0] for row in connection.execute(f"SELECT {name} FROM {table} ORDER BY {name} {direction.upper()}").fetchall()]
                equal(([value for value in got if value is not None], any("sort_column" in entry["query"] for entry in session.log())), (there, False), f"{what}: with NULLs it is sorted here")
        session.forget()
        connection.execute("SELECT TOP 3 InvoiceNumber FROM Invoices ORDER BY CustomerName").fetchall()
        check(not any("sort_column" in entry["query"] for entry in session.log()), "a text is sorted here")


if __name__ == "__main__":
    run(organizations, data_centres, refusals, limits, own_fields, forms, requests, orders)
