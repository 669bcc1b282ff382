#!/usr/bin/python3
"""Proves who may ask Zoho Books for what: sign-in, tokens, data centres, organizations, scopes, plans, limits; and the switches."""
import base64
import hashlib
import http.client
import json
import sys
import threading
import time
import unittest

sys.dont_write_bytecode = True
from zoho_sandbox import CALLBACK, ORGANIZATION, SECRET, Books, wrapped  # noqa: E402


class SignIn(unittest.TestCase):
    def test_offline(self):
        with Books() as sandbox:
            back = sandbox.login(access_type="offline", scope="ZohoBooks.contacts.READ,ZohoBooks.invoices.ALL")
            self.assertEqual(set(back), {"code", "state", "location", "accounts-server"})
            self.assertEqual((back["state"], back["location"], back["accounts-server"]), ("s t", "us", sandbox.base))
            form = {"grant_type": "authorization_code", "code": back["code"], "redirect_uri": CALLBACK}
            status, first = sandbox.grant(**form)
            self.assertEqual((status, set(first)), (200, {"access_token", "refresh_token", "api_domain", "token_type", "expires_in"}))
            self.assertEqual((first["api_domain"], first["token_type"], first["expires_in"]), (sandbox.base, "Bearer", 3600))
            self.assertEqual(sandbox.call("/contacts", token=first["access_token"])[0], 200)
            self.assertEqual(sandbox.grant(**form), (200, {"error": "invalid_code"}), "a code is good once")
            for _ in range(2):      # the refresh token stays
                status, again = sandbox.grant(grant_type="refresh_token", refresh_token=first["refresh_token"])
                self.assertEqual((status, set(again)), (200, {"access_token", "api_domain", "token_type", "expires_in"}))
                self.assertEqual(sandbox.call("/contacts", token=again["access_token"])[0], 200)
            self.assertEqual(sandbox.call("/contacts", token=first["access_token"])[0], 200, "an older access token stays good")
            secrets = sandbox.json("/_secrets")
            self.assertTrue({first["access_token"], first["refresh_token"], back["code"], sandbox.tokens["eu"]} <= set(secrets))

    def test_online_and_consent(self):
        with Books() as sandbox:
            self.assertNotIn("refresh_token", sandbox.token())
            sandbox.send("/_log", "DELETE")
            self.assertNotIn("refresh_token", sandbox.token(access_type="offline"), "consent was given before")
            self.assertEqual([(entry["path"], entry["status"]) for entry in sandbox.json("/_log")],
                             [("/oauth/v2/auth", 302), ("/oauth/v2/token", 200)])
            self.assertIn("refresh_token", sandbox.token(access_type="offline", prompt="consent"))
            self.assertNotIn("state", sandbox.login(state=None))

    def test_refused_sign_ins(self):
        with Books() as sandbox:
            self.assertEqual(sandbox.login(button="Deny"), {"error": "access_denied", "state": "s t"})
            for query in ({"client_id": "other"}, {"redirect_uri": "http://example.com/"}, {"response_type": "token"}, {"scope": None},
                          {"scope": "ZohoBooks.contacts.READ ZohoBooks.invoices.READ"}, {"scope": "contacts"}, {"access_type": "odd"}):
                with self.assertRaises(SystemExit, msg=str(query)):
                    sandbox.login(**query)
            self.assertEqual(sandbox.send("/oauth/v2/token")[0], 405)
            self.assertEqual(sandbox.send("/oauth/v2/odd")[0], 404)

    def test_refused_grants(self):
        with Books() as sandbox:
            code = {"grant_type": "authorization_code", "redirect_uri": CALLBACK}
            for form, error in (({"client_id": "other"}, "invalid_client"), ({"client_secret": "wrong"}, "invalid_client_secret"),
                                ({"code": "1000.x"}, "invalid_code"), ({"code": None}, "invalid_code"),
                                ({"grant_type": "password"}, "unsupported_grant_type")):
                self.assertEqual(sandbox.grant(**{**code, **form}), (200, {"error": error}))
            code["code"] = sandbox.login()["code"]
            self.assertEqual(sandbox.grant(**{**code, "redirect_uri": CALLBACK + "/"}), (200, {"error": "invalid_redirect_uri"}))
            self.assertEqual(sandbox.grant("eu", **code), (200, {"error": "invalid_code"}), "the other data centre does not know it")
            self.assertIn("access_token", sandbox.grant(in_query=True, **code)[1])
            sandbox.switch(token_errors="400")
            self.assertEqual(sandbox.grant(**code), (400, {"error": "invalid_code"}))

    def test_challenge(self):
        verifier = "v" * 43
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        with Books() as sandbox:
            form = {"grant_type": "authorization_code", "redirect_uri": CALLBACK,
                    "code": sandbox.login(code_challenge=challenge, code_challenge_method="S256")["code"]}
            self.assertEqual(sandbox.grant(**form)[1], {"error": "invalid_code"})
            self.assertEqual(sandbox.grant(code_verifier="w" * 43, **form)[1], {"error": "invalid_code"})
            self.assertIn("access_token", sandbox.grant(code_verifier=verifier, **form)[1])

    def test_revoke(self):
        with Books() as sandbox:
            token = sandbox.token(access_type="offline")
            self.assertEqual(sandbox.grant(path="/oauth/v2/token/revoke", in_query=True, token=token["refresh_token"]), (200, {"status": "success"}))
            self.assertEqual(sandbox.grant(grant_type="refresh_token", refresh_token=token["refresh_token"])[1], {"error": "invalid_code"})
            self.assertEqual(sandbox.error("/contacts", token=token["access_token"]), (401, 14))
            token = sandbox.token(access_type="offline", prompt="consent")
            sandbox.send("/_tokens?kind=access", "DELETE")
            self.assertEqual(sandbox.error("/contacts", token=token["access_token"]), (401, 14))
            self.assertIn("access_token", sandbox.grant(grant_type="refresh_token", refresh_token=token["refresh_token"])[1])
            sandbox.send("/_tokens", "DELETE")
            self.assertEqual(sandbox.grant(grant_type="refresh_token", refresh_token=token["refresh_token"])[1], {"error": "invalid_code"})
            self.assertEqual(sandbox.call("/contacts")[0], 200, "the token of /_dsn lasts")

    def test_limits_of_tokens(self):
        with Books() as sandbox:
            tokens = [sandbox.token(access_type="offline", prompt="consent")["refresh_token"] for _ in range(21)]
            self.assertEqual(sandbox.grant(grant_type="refresh_token", refresh_token=tokens[0])[1], {"error": "invalid_code"},
                             "the 21st refresh token drops the oldest")
            self.assertIn("access_token", sandbox.grant(grant_type="refresh_token", refresh_token=tokens[1])[1])
            sandbox.switch(refresh="10")
            answers = [sandbox.grant(grant_type="refresh_token", refresh_token=tokens[2])[1] for _ in range(10)]
            self.assertEqual(["access_token" in answer for answer in answers], [True] * 9 + [False], "the sign-in gave the first")
            self.assertIn("too many requests", answers[-1]["error_description"])

    def clock(self, sandbox, seconds):
        """The server's clock goes so many seconds ahead."""
        self.assertEqual(sandbox.send("/_oauth", "POST", json.dumps({"clock": seconds}).encode())[0], 204)

    def test_lifetimes(self):
        with Books() as sandbox:
            token = sandbox.token(access_type="offline")
            form = {"grant_type": "authorization_code", "code": sandbox.login()["code"], "redirect_uri": CALLBACK}
            self.clock(sandbox, 119)
            self.assertEqual(sandbox.call("/users", token=token["access_token"])[0], 200)
            self.clock(sandbox, 121)
            self.assertEqual(sandbox.grant(**form)[1], {"error": "invalid_code"}, "a code is good for two minutes")
            self.clock(sandbox, 3601)
            self.assertEqual(sandbox.error("/users", token=token["access_token"]), (401, 14))
            sandbox.switch(refresh="1")
            again = {"grant_type": "refresh_token", "refresh_token": token["refresh_token"]}
            self.assertIn("access_token", sandbox.grant(**again)[1])
            self.assertIn("error", sandbox.grant(**again)[1])
            self.clock(sandbox, 3601 + 601)
            self.assertIn("access_token", sandbox.grant(**again)[1], "ten minutes later another is given")
        with Books("--token-lifetime", "60") as sandbox:
            self.assertEqual(sandbox.token()["expires_in"], 60)

    def test_self_client(self):
        with Books() as sandbox:
            code = json.loads(sandbox.send("/_play/zohobooks/code?scope=ZohoBooks.bills.READ", "POST", b"")[2])["code"]
            status, token = sandbox.grant(grant_type="authorization_code", code=code)
            self.assertEqual((status, "refresh_token" in token), (200, True))
            self.assertEqual(sandbox.call("/bills", token=token["access_token"])[0], 200)
            self.assertEqual(sandbox.error("/invoices", token=token["access_token"]), (401, 57))


class DataCentres(unittest.TestCase):
    def test_home(self):
        """Whoever lives in the other data centre signs in here, and everything after that happens there."""
        with Books() as sandbox:
            eu = sandbox.base.replace("127.0.0.1", "localhost")
            sandbox.switch(home="eu")
            back = sandbox.login("us", access_type="offline")
            self.assertEqual((back["location"], back["accounts-server"]), ("eu", eu))
            form = {"grant_type": "authorization_code", "code": back["code"], "redirect_uri": CALLBACK}
            self.assertEqual(sandbox.grant("us", **form)[1], {"error": "invalid_code"})
            token = sandbox.grant("eu", **form)[1]
            self.assertEqual(token["api_domain"], eu)
            self.assertEqual(sandbox.error("/contacts", token=token["access_token"]), (401, 14))
            organizations = sandbox.call("/organizations", token=token["access_token"], centre="eu", organization_id=None)[2]["organizations"]
            self.assertEqual([row["organization_id"] for row in organizations], ["20345678", "20345679"])
            self.assertEqual(sandbox.call("/contacts", token=token["access_token"], centre="eu", organization_id="20345678")[0], 200)
            self.assertEqual(sandbox.error("/contacts", token=token["access_token"], centre="eu"), (400, 6041))
            self.assertEqual(sandbox.error("/contacts", token=sandbox.tokens["us"], centre="eu"), (401, 14))
            self.assertEqual(sandbox.grant("us", grant_type="refresh_token", refresh_token=token["refresh_token"])[1], {"error": "invalid_code"})
            self.assertEqual(sandbox.grant("eu", grant_type="refresh_token", refresh_token=token["refresh_token"])[1]["api_domain"], eu)
            sandbox.switch(secrets="own")
            form = {"grant_type": "refresh_token", "refresh_token": token["refresh_token"]}
            self.assertEqual(sandbox.grant("eu", **form)[1], {"error": "invalid_client_secret"})
            self.assertIn("access_token", sandbox.grant("eu", client_secret=SECRET + ".eu", **form)[1])

    def test_different_rows(self):
        with Books("--rows", "50") as sandbox:
            us = {row["contact_id"] for row in sandbox.rows("/contacts")}
            eu = {row["contact_id"] for row in sandbox.rows("/contacts", centre="eu", organization_id="20345678")}
            self.assertTrue(us and eu and not us & eu)
            self.assertEqual(sandbox.error("/contacts/" + min(us), centre="eu", organization_id="20345678"), (404, 1002))


class Calls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sandbox = Books("--rows", "20").__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.sandbox.__exit__()

    def setUp(self):
        self.sandbox.reset()

    def test_authorization(self):
        path = "/books/v3/contacts?organization_id=" + ORGANIZATION
        for header in ({}, {"Authorization": "Bearer " + self.sandbox.tokens["us"]}, {"Authorization": "Zoho-oauthtoken x"}):
            status, headers, body = self.sandbox.send(path, headers=header)
            self.assertEqual((status, json.loads(body)["code"]), (401, 14))
            self.assertEqual(headers["Content-Type"], "application/json")

    def test_organizations(self):
        rows = self.sandbox.books("/organizations", organization_id=None)["organizations"]
        self.assertEqual([row["organization_id"] for row in rows if row["is_default_org"]], [ORGANIZATION])
        self.assertNotEqual(rows[0]["organization_id"], ORGANIZATION, "the default one is not the first")
        self.sandbox.switch(default="no")
        self.assertFalse(any(row["is_default_org"] for row in self.sandbox.books("/organizations", organization_id=None)["organizations"]))
        for organization, error in ((None, (400, 2)), ("", (400, 2)), ("1", (400, 6041)), ("20345678", (400, 6041))):
            self.assertEqual(self.sandbox.error("/contacts", organization_id=organization), error)
        self.assertEqual(self.sandbox.error("/contacts", organization_id="x" * 39 + "ü"), (400, 6041), "cut within a character")
        self.assertEqual(self.sandbox.send("/books/v3/contacts/%FF?organization_id=" + ORGANIZATION, headers={
            "Authorization": "Zoho-oauthtoken " + self.sandbox.tokens["us"]})[0], 404)
        self.assertEqual(self.sandbox.books("/organizations/10234697", organization_id=None)["organization"]["currency_code"], "EUR")
        self.assertEqual(self.sandbox.error("/organizations/20345678"), (404, 1002))

    def test_paths_and_methods(self):
        for path, method, error in (("/odd", "GET", (404, 5)), ("/contacts/1/odd", "GET", (404, 5)), ("/cm_odd", "GET", (404, 5)),
                                    ("/contacts/1", "GET", (404, 1002)), ("/contacts/1/comments", "GET", (404, 1002)),
                                    ("/contacts/1/email", "GET", (404, 1002)), ("/invoices/pdf", "POST", (405, 37)), ("/contacts", "PATCH", (405, 37))):
            self.assertEqual(self.sandbox.error(path, method), error, (method, path))
        self.assertTrue(self.sandbox.rows("/cm_vehicle"))

    def test_scopes(self):
        token = self.sandbox.token(scope="ZohoBooks.contacts.READ,ZohoBooks.banking.ALL")["access_token"]
        contact = self.sandbox.rows("/contacts", token=token)[0]["contact_id"]
        self.assertEqual(self.sandbox.call("/bankaccounts", token=token)[0], 200)
        for path, method in (("/invoices", "GET"), ("/contacts/" + contact, "DELETE"), ("/organizations", "GET"),
                             (f"/contacts/{contact}/openingbalances", "GET"), ("/reports/profitandloss", "GET")):
            self.assertEqual(self.sandbox.error(path, method, token=token), (401, 57), (method, path))
        self.sandbox.switch(scopes="ignore")
        self.assertEqual(self.sandbox.call("/invoices", token=token)[0], 200)

    def test_plans(self):
        for path in ("/projects", "/fixedassets", "/cm_debtor"):
            status, _, body = self.sandbox.call(path, organization_id="10234695")
            self.assertEqual(status, 400)
            self.assertIn("plan", body["message"])
        self.assertEqual(self.sandbox.call("/projects")[0], 200)

    def test_limits(self):
        self.sandbox.switch(minute="3")
        answers = [self.sandbox.call("/users") for _ in range(4)]
        self.assertEqual([answer[0] for answer in answers], [200, 200, 200, 429])
        self.assertEqual([answer[1]["X-Rate-Limit-Remaining"] for answer in answers], ["2", "1", "0", "0"])
        self.assertEqual((answers[3][2]["code"], answers[3][1]["X-Rate-Limit-Limit"]), (44, "3"))
        self.assertTrue(0 < int(answers[3][1]["Retry-After"]) <= 61 and 0 <= int(answers[3][1]["X-Rate-Limit-Reset"]) <= 60)
        self.assertEqual(self.sandbox.call("/users", organization_id="10234695")[0], 200, "each organization has its own")
        self.sandbox.reset()
        self.sandbox.switch(day="1")
        self.assertEqual(self.sandbox.call("/users")[0], 200)
        self.assertEqual(self.sandbox.error("/users"), (429, 45))

    def test_calls_at_once(self):
        self.sandbox.switch(concurrent="1", hold="yes")
        statuses = []
        thread = threading.Thread(target=lambda: statuses.append(self.sandbox.call("/users")[0]))
        thread.start()
        while self.sandbox.json("/_play/zohobooks")["at_once"] == 0:
            time.sleep(0.01)
        self.assertEqual(self.sandbox.error("/users"), (429, 1070))
        self.sandbox.switch(hold="no")
        thread.join(30)
        self.assertEqual(statuses, [200])

    def test_ends_while_calls_are_held(self):
        with Books() as other:
            other.switch(hold="yes")

            def held():
                try:
                    other.call("/users")
                except (OSError, http.client.HTTPException):
                    pass        # the sandbox may end before it has answered
            thread = threading.Thread(target=held)
            thread.start()
            while other.json("/_play/zohobooks")["at_once"] == 0:
                time.sleep(0.01)
        thread.join(30)
        self.assertFalse(thread.is_alive())

    def test_log(self):
        self.sandbox.send("/_log", "DELETE")
        self.sandbox.call("/contacts", contact_name_contains="ü&", page=1)
        self.sandbox.grant(grant_type="refresh_token", refresh_token="s3cret-token")
        self.sandbox.grant(path="/oauth/v2/token/revoke", in_query=True, token="s3cret-token")
        first, grant, revoke = self.sandbox.json("/_log")
        self.assertEqual((first["method"], first["path"], first["status"]), ("GET", "/books/v3/contacts", 200))
        self.assertEqual(first["query"], {"contact_name_contains": "ü&", "page": "1", "organization_id": ORGANIZATION})
        self.assertEqual((grant["form"]["refresh_token"], revoke["query"]["token"]), ("***", "***"))
        self.assertNotIn("s3cret-token", json.dumps(self.sandbox.json("/_log")))

    def test_faults(self):
        self.sandbox.fault(match="/books/v3/contacts", status=429, body={"code": 44, "message": "x"}, retry_after=3)
        self.assertEqual(self.sandbox.error("/contacts"), (429, 44))
        self.sandbox.fault(match="/books/v3/contacts", body={"code": 1000, "message": "Internal error"})
        self.assertEqual(self.sandbox.error("/contacts"), (200, 1000), "an error may come with status 200")
        self.assertEqual(self.sandbox.call("/contacts")[0], 200)

    def test_connection_string(self):
        text = self.sandbox.json("/_dsn")["zohobooks"]
        pairs = dict(pair.split("=", 1) for pair in text.split(";"))
        self.assertEqual((pairs["URL"], pairs["OAuthAccessToken"]), (self.sandbox.base + "/books/v3", self.sandbox.tokens["us"]))
        self.assertNotIn("zohoaccounts", self.sandbox.json("/_dsn"))


class Switches(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sandbox = Books("--rows", "60").__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.sandbox.__exit__()

    def setUp(self):
        self.sandbox.reset()

    def test_wrappers(self):
        account = self.sandbox.rows("/chartofaccounts")[0]["account_id"]
        order = self.sandbox.rows("/salesorders")[0]["salesorder_id"]
        asset = self.sandbox.rows("/fixedassets")[0]["fixed_asset_id"]
        credit = self.sandbox.rows("/vendorcredits")[0]["vendor_credit_id"]
        for path, query, practice, spec in (
                ("/customerpayments", {}, "customerpayments", "customer_payments"), ("/vendorcredits", {}, "vendor_credits", "vendorcredits"),
                ("/fixedassets/" + asset, {}, "fixed_asset", "fissed-asset"), ("/invoices", {"filter_by": "Type.DebitNote"}, "invoices", "debit_notes"),
                ("/chartofaccounts/" + account, {}, "chart_of_account", "account_id"), ("/cm_debtor", {}, "module_records", "module_record")):
            self.sandbox.reset()
            self.assertIn(practice, self.sandbox.books(path, **query))
            self.sandbox.switch(wrappers="spec")
            self.assertIn(spec, self.sandbox.books(path, **query))
        self.assertIsInstance(self.sandbox.books("/salesorders/" + order)["salesorder"], list)
        self.assertIsInstance(self.sandbox.books("/vendorcredits/" + credit)["vendor_credit"]["line_items"], dict)
        self.sandbox.reset()
        self.assertIsInstance(self.sandbox.books("/salesorders/" + order)["salesorder"], dict)
        self.assertIsInstance(self.sandbox.books("/vendorcredits/" + credit)["vendor_credit"]["line_items"], list)

    def kinds(self):
        return {type(row["total"]) for row in self.sandbox.rows("/estimates")}

    def test_amounts(self):
        self.assertIn(str, self.kinds())
        self.assertTrue(self.kinds() & {int, float})
        self.sandbox.switch(amounts="declared")
        self.assertNotIn(str, self.kinds())
        self.sandbox.switch(amounts="text")
        self.assertEqual(self.kinds(), {str})

    def test_paging(self):
        self.sandbox.switch(more="omit", per_page="10")
        body = self.sandbox.books("/invoices")
        self.assertEqual((len(body["invoices"]), body["page_context"]["has_more_page"]), (10, True))
        self.assertNotIn("has_more_page", self.sandbox.books("/invoices", page=6)["page_context"])

    def test_text_and_moments(self):
        row = next(row for row in self.sandbox.rows("/contacts") if row["contact_name"].isascii() and row["contact_name"] != row["contact_name"].upper())
        upper = {"contact_name": row["contact_name"].upper()}
        self.assertTrue(self.sandbox.rows("/contacts", **upper))
        bill = self.sandbox.rows("/bills")[0]
        modified = {"last_modified_time": bill["last_modified_time"]}
        self.assertIn(bill["bill_id"], [one["bill_id"] for one in self.sandbox.rows("/bills", **modified)])
        self.sandbox.switch(case="heed", modified="exclusive")
        self.assertFalse(self.sandbox.rows("/contacts", **upper))
        self.assertNotIn(bill["bill_id"], [one["bill_id"] for one in self.sandbox.rows("/bills", **modified)])

    def test_times(self):
        self.assertRegex(self.sandbox.rows("/projects/timeentries")[0]["log_time"], r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}\Z")
        self.sandbox.switch(times="clock")
        self.assertRegex(self.sandbox.rows("/projects/timeentries")[0]["log_time"], r"\d\d:\d\d\Z")

    def test_ledger(self):
        account = next(row for row in self.sandbox.rows("/chartofaccounts") if row["account_name"] == "Sales")["account_id"]
        new, old = "/chartofaccounts/accounttransactions", "/chartofaccounts/transactions"
        rows = self.sandbox.rows(new, account_id=account)
        self.assertEqual([row["transaction_id"] for row in rows], [row["transaction_id"] for row in self.sandbox.rows(old, account_id=account)])
        self.assertTrue(rows)
        self.sandbox.switch(ledger="old")
        self.assertEqual(self.sandbox.error(new, account_id=account), (404, 5))
        self.sandbox.switch(ledger="new")
        self.assertEqual(self.sandbox.error(old, account_id=account), (404, 5))

    def test_unknown_parameters(self):
        self.assertTrue(self.sandbox.rows("/invoices", odd="1"))
        self.sandbox.switch(unknown="refuse")
        self.assertEqual(self.sandbox.error("/invoices", odd="1"), (400, 2))
        self.assertEqual(self.sandbox.error("/users", status="active"), (400, 2))
        self.assertTrue(self.sandbox.rows("/invoices", **{"date.start": "2000-01-01", "date_end": "2100-01-01", "sort_column": "total",
                                                          "sort_order": "A", "per_page": "100"}))

    def test_wrong_switches(self):
        for bad in (b"", b"[]", b'{"odd": "1"}', b'{"amounts": "odd"}', b'{"amounts": "decl"}', b'{"minute": "x"}', b'{"minute": 1}'):
            self.assertEqual(self.sandbox.send("/_play/zohobooks", "PUT", bad)[0], 400, bad)
        state = self.sandbox.json("/_play/zohobooks")
        self.assertEqual((state["switches"]["amounts"], state["at_once"], state["today"]), ("mixed", 0, "2024-12-17"))
        self.assertTrue(wrapped(self.sandbox.books("/invoices")))


if __name__ == "__main__":
    unittest.main(verbosity=2)
