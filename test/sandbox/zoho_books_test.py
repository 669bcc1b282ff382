#!/usr/bin/python3
"""Proves the lists of Zoho Books: each filter against the raw rows, order, pages, relations between tables, reports, changes."""
import datetime
import os
import re
import sys
import unittest

sys.dont_write_bytecode = True
from zoho_sandbox import ORGANIZATION, SOURCES, Books, answers, wrapped  # noqa: E402

TODAY = "2024-12-17"


def split(text):
    """Words at blanks outside of parentheses."""
    return re.findall(r"(?:[^\s()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))+", text or "")


def snake(choice):
    """Status.PartiallyPaid → partially_paid"""
    return re.sub(r"(?<!^)([A-Z])", r"_\1", choice.split(".")[-1]).lower()


def number(value):
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def moment(text):
    return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z")


def values(row, target):
    """What a filter looks at: one member, or one of each element of an array."""
    if target in row or "." not in target:
        return [row.get(target)]
    first, rest = target.split(".", 1)
    inner = row.get(first)
    if isinstance(inner, list):
        return [element.get(rest) for element in inner]
    return values(inner, rest)


FORMS = {"text": ["startswith", "contains"], "day": ["start", "end", "before", "after"],
         "number": ["less_than", "less_equals", "greater_than", "greater_equals"]}


def holds(form, value, wanted):
    """Whether a value passes, by the naming pattern of the filter."""
    if value is None:
        return False
    if form in ("startswith", "contains"):
        text, part = str(value).lower(), wanted.lower()
        return text.startswith(part) if form == "startswith" else part in text
    if form == "since":
        return value != "" and moment(value) >= moment(wanted)
    if form == "list":
        return str(value) in wanted.split(",")
    if re.match(r"\d{4}-\d\d-\d\d\Z", wanted):
        left, right = str(value)[:10], wanted
        if not left:
            return False
    else:
        left, right = number(value), number(wanted)
        if form == "equal" and (left is None or right is None or isinstance(value, str)):
            left, right = str(value).lower(), wanted.lower()
            if isinstance(value, bool):
                left = "true" if value else "false"
        if left is None or right is None:
            return False
    return {"equal": left == right, "start": left >= right, "greater_equals": left >= right, "end": left <= right,
            "less_equals": left <= right, "before": left < right, "less_than": left < right}.get(form, left > right)


class Lists(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sandbox = Books("--rows", "120").__enter__()
        cls.sandbox.switch(amounts="declared")
        cls.answers = answers()
        cls.tables = {}

    @classmethod
    def tearDownClass(cls):
        cls.sandbox.__exit__()

    def raw(self, table):
        if table not in self.tables:
            self.tables[table] = self.sandbox.raw(table)
        return self.tables[table]

    def key(self, row, rows):
        """The member that tells the rows apart, among those that the list shows."""
        return next(name for name in row if name.endswith("_id") and len({other.get(name) for other in rows}) == len(rows))

    def check(self, answer, rows, keep, **query):
        """The list under the query has exactly the raw rows that pass; their number."""
        wanted = [row for row in rows if keep(row)]
        got = self.sandbox.rows(answer["path"], **query)
        name = self.key(rows[0], rows)
        if got and name not in got[0]:
            name = next(other for other in got[0] if other.endswith("_id") and len({row[other] for row in rows}) == len(rows))
        self.assertEqual(sorted(row[name] for row in got), sorted(row[name] for row in wanted), (answer["path"], query))
        return len(wanted)

    def filtered_lists(self):
        for answer in self.answers:
            if "filters" in answer and "list" in answer and "{" not in answer["path"] and "asked" not in answer and "need" not in answer:
                table, _, where = answer["of"].partition(" where ")
                rows = self.raw(table)
                if where:
                    member, wanted = re.match(r"(\w+) = '(\w+)'", where).groups()
                    rows = [row for row in rows if row[member] == wanted]
                if table != "organizations":
                    yield answer, rows

    def candidates(self, rows, target, form):
        """Values of the filter that some rows pass and, if there is such a value, others do not."""
        found = [value for row in rows for value in values(row, target) if value not in (None, "")]
        if not found:
            return []
        found = [("true" if value else "false") if isinstance(value, bool) else str(value) for value in found]
        middle = sorted(found, key=lambda value: (number(value) is None, number(value) or 0, value))[len(found) // 2]
        if form == "startswith":
            return [middle[:3], middle[1:3].strip() or middle]      # what stands within must not do
        if form == "contains":
            return [middle[-3:].strip() or middle]
        if form == "list":
            return [found[0] + "," + found[-1]]
        if form not in ("equal", "since") and re.match(r"\d{4}-\d\d-\d\dT", middle):
            return [middle[:10]]
        return [middle]

    def test_every_filter(self):
        tried = narrowing = 0
        for answer, rows in self.filtered_lists():
            for word in split(answer["filters"]):
                match = re.match(r"(\w+)(?:~([\w,]+))?(?:@([\w.]+))?(?:\((.*)\))?\Z", word)
                name, forms, target, choices = match.groups()
                target, forms = target or name, (forms or "").split(",") if forms else []
                tests = []
                for form in forms:
                    tests += [(f"{name}_{one}", one) for one in FORMS.get(form, [form])]
                plain = {"list": "list", "from": "start", "to": "end"}.get(forms[0] if forms else "", "equal")
                tests = [(name, "since" if name == "last_modified_time" else plain)] + [
                    pair for pair in tests if pair[1] not in ("list", "from", "to")]
                for parameter, form in tests:
                    for wanted in self.candidates(rows, target, form):
                        if choices and form == "equal" and wanted not in split(choices):
                            continue
                        kept = self.check(answer, rows, lambda row: any(holds(form, value, wanted) for value in values(row, target)),
                                          **{parameter: wanted})
                        tried += 1
                        narrowing += 0 < kept < len(rows)
        self.assertGreater(tried, 300)
        self.assertGreater(narrowing / tried, 0.7)

    def test_filter_by(self):
        tried = 0
        for answer in self.answers:
            if "filter_by" not in answer or "{" in answer["path"] or "need" in answer or "asked" in answer:
                continue
            table = answer["of"].split(" ")[0]
            rows, member = self.raw(table), answer.get("by", "status")
            if "where" in answer["of"]:
                rows = [row for row in rows if row["contact_type"] == "vendor"]
            for choice in split(answer["filter_by"]):
                if choice.endswith(".All"):
                    self.assertEqual(self.check(answer, rows, lambda row: True, filter_by=choice), len(rows))
                elif "=" not in choice and "dates" not in answer and member in rows[0]:
                    self.check(answer, rows, lambda row: row[member] == snake(choice), filter_by=choice)
                else:
                    continue
                tried += 1
        self.assertGreater(tried, 150)

    def expect(self, path, table, keep, **query):
        answer = next(one for one in self.answers if one["path"] == path and "asked" not in one)
        kept = self.check(answer, self.raw(table), keep, **query)
        self.assertTrue(0 < kept < len(self.raw(table)), (path, query, kept))

    def test_what_choices_mean(self):
        self.expect("/invoices", "invoices", lambda r: number(r["balance"]) > 0 and r["status"] != "draft", filter_by="Status.Unpaid")
        self.expect("/invoices", "invoices", lambda r: number(r["balance"]) > 0 and r["status"] != "draft", status="unpaid")
        self.expect("/bills", "bills", lambda r: r["has_attachment"], filter_by="WithAttachment")
        self.expect("/contacts", "contacts", lambda r: r["portal_status"] == "enabled", filter_by="Status.PortalEnabled")
        self.expect("/chartofaccounts", "chartofaccounts", lambda r: r["account_type"] in ("income", "other_income"),
                    filter_by="AccountType.Income")
        self.expect("/settings/currencies", "currencies", lambda r: not r["is_base_currency"], filter_by="Currencies.ExcludeBaseCurrency")
        self.expect("/expenses", "expenses", lambda r: r["status"] == "non-billable", filter_by="Status.Nonbillable")
        debit = self.sandbox.rows("/invoices", filter_by="Type.DebitNote")
        self.assertTrue(debit)
        self.assertTrue(all(row["reference_invoice"]["reference_invoice_id"] and row["line_items"] for row in debit))

    def test_periods(self):
        def of(member, low, high):
            return lambda row: low <= row[member] <= high
        dates = [("Today", TODAY, TODAY), ("ThisWeek", "2024-12-15", "2024-12-21"), ("ThisMonth", "2024-12-01", "2024-12-31"),
                 ("ThisQuarter", "2024-10-01", "2024-12-31"), ("ThisYear", "2024-01-01", "2024-12-31"),
                 ("PreviousDay", "2024-12-16", "2024-12-16"), ("PreviousWeek", "2024-12-08", "2024-12-14"),
                 ("PreviousMonth", "2024-11-01", "2024-11-30"), ("PreviousQuarter", "2024-07-01", "2024-09-30"),
                 ("PreviousYear", "2023-01-01", "2023-12-31")]
        answer = next(one for one in self.answers if one["path"] == "/projects/timeentries")
        rows = self.raw("timeentries")
        for name, low, high in dates:
            self.check(answer, rows, of("log_date", low, high), filter_by="Date." + name)
        kept = self.check(answer, rows, of("log_date", "2024-02-01", "2024-03-31"), filter_by="Date.CustomDate", from_date="2024-02-01",
                          to_date="2024-03-31")
        self.assertTrue(kept)
        self.assertEqual(self.sandbox.error("/projects/timeentries", filter_by="Date.CustomDate"), (400, 2))

    def test_search_and_order(self):
        self.expect("/contacts", "contacts", lambda r: any("caf" in str(r[name]).lower() for name in
                    ("contact_name", "company_name", "email", "first_name", "last_name")), search_text="CAF")
        self.assertEqual(self.sandbox.error("/contacts", search_text="ü" * 101), (400, 2))
        self.assertEqual(self.sandbox.call("/contacts", search_text="ü" * 100)[0], 200)
        rows = self.sandbox.rows("/invoices", sort_column="total", sort_order="D")
        totals = [number(row["total"]) for row in rows]
        self.assertEqual(totals, sorted(totals, reverse=True))
        body = self.sandbox.books("/invoices", sort_column="customer_name")
        self.assertEqual((body["page_context"]["sort_column"], body["page_context"]["sort_order"]), ("customer_name", "A"))
        names = [row["customer_name"].lower() for row in body["invoices"]]
        self.assertEqual(names, sorted(names, key=lambda name: name.encode()))
        ordered = [row["cf_score"] for row in self.sandbox.rows("/estimates", sort_column="cf_score") if "cf_score" in row]
        self.assertEqual(ordered, sorted(ordered, key=lambda text: number(text) or -1))
        for query in ({"sort_column": "odd"}, {"sort_order": "X"}, {"page": "0"}, {"per_page": "-1"}, {"per_page": "x"}):
            self.assertEqual(self.sandbox.error("/invoices", **query), (400, 2), query)

    def test_pages(self):
        self.assertEqual(len(self.raw("invoices")), 120)
        first, second, past = (self.sandbox.books("/invoices", page=page, per_page=80) for page in (1, 2, 3))
        self.assertEqual([len(body["invoices"]) for body in (first, second, past)], [80, 40, 0])
        self.assertEqual([body["page_context"]["has_more_page"] for body in (first, second, past)], [True, False, False])
        self.assertEqual(first["page_context"], {"page": 1, "per_page": 80, "has_more_page": True, "report_name": "Invoices",
                                                 "applied_filter": "Status.All", "sort_column": "created_time", "sort_order": "D"})
        made = [row["created_time"] for row in first["invoices"] + second["invoices"]]
        self.assertEqual(made, sorted(made, reverse=True))
        self.assertEqual(self.sandbox.books("/invoices", per_page=500)["page_context"]["per_page"], 200)
        self.assertEqual(self.sandbox.books("/invoices")["page_context"]["per_page"], 200)
        self.assertEqual(len(self.sandbox.books("/invoices", per_page=7, page=2)["invoices"]), 7)
        for size, more in ((119, True), (120, False)):
            self.assertIs(self.sandbox.books("/invoices", per_page=size)["page_context"]["has_more_page"], more)
        self.assertNotIn("page_context", self.sandbox.books("/locations", page=1, per_page=1))
        self.assertEqual(len(self.sandbox.books("/locations", per_page=1)["locations"]), 4)

    def test_counts(self):
        counted = self.sandbox.books("/invoices", response_option=2, status="paid")
        self.assertNotIn("invoices", counted)
        self.assertEqual((counted["page_context"]["total"], counted["page_context"]["total_pages"]),
                         (sum(row["status"] == "paid" for row in self.raw("invoices")), 1))
        summed = self.sandbox.books("/invoices", response_option=3)
        self.assertAlmostEqual(summed["page_context"]["sum_columns"]["total"], sum(number(row["total"]) for row in self.raw("invoices")), 2)
        self.assertIn("invoices", self.sandbox.books("/invoices", response_option=1))
        self.assertNotIn("total", self.sandbox.books("/invoices", response_option=0)["page_context"])
        self.assertEqual(self.sandbox.error("/invoices", response_option=5), (400, 2))

    def test_refused_values(self):
        for path, query in (("/invoices", {"date_start": "2024-02-30"}), ("/invoices", {"status": "odd"}), ("/estimates", {"total_less_than": "x"}),
                            ("/invoices", {"filter_by": "Status.Odd"}), ("/invoices", {"last_modified_time": "yesterday"}),
                            ("/chartofaccounts/accounttransactions", {}), ("/itemdetails", {})):
            self.assertEqual(self.sandbox.error(path, **query), (400, 2), (path, query))
        body = self.sandbox.books("/invoices", **{"date.start": "2024-06-01", "odd": "1"})
        self.assertTrue(all(row["date"] >= "2024-06-01" for row in body["invoices"]), "a dot in place of the underscore")

    def test_relations(self):
        """Ids lead to rows, names are those of the rows, amounts add up."""
        contacts = {row["contact_id"]: row for row in self.raw("contacts")}
        invoices = {row["invoice_id"]: row for row in self.raw("invoices")}
        items = {row["item_id"]: row for row in self.raw("items")}
        for row in invoices.values():
            customer = contacts[row["customer_id"]]
            self.assertEqual((customer["contact_type"], customer["contact_name"]), ("customer", row["customer_name"]))
            self.assertEqual(customer["currency_id"], row["currency_id"])
            lines = sum(line["item_total"] for line in row["line_items"])
            self.assertAlmostEqual(lines, row["sub_total"], 2)
            self.assertAlmostEqual(row["sub_total"] + row["tax_total"] + number(row["shipping_charge"]) + row["adjustment"],
                                   number(row["total"]), 2)
            for line in row["line_items"]:
                self.assertEqual(items[line["item_id"]]["name"], line["name"])
                self.assertAlmostEqual(line["rate"] * line["quantity"] - line["discount_amount"], line["item_total"], delta=0.011)
            paid = row["payment_made"] + row["credits_applied"]
            if row["status"] in ("paid", "partially_paid"):
                self.assertAlmostEqual(paid + number(row["balance"]), number(row["total"]), 2)
        for payment in self.raw("customerpayments"):
            part = payment["invoices"][0]
            invoice = invoices[part["invoice_id"]]
            self.assertEqual((payment["customer_id"], part["amount_applied"]), (invoice["customer_id"], invoice["payment_made"]))
            back = self.sandbox.books("/invoices/" + part["invoice_id"] + "/payments")["payments"] if int(payment["payment_number"]) < 5 else []
            self.assertTrue(not back or [one["payment_id"] for one in back] == [payment["payment_id"]])
        bills = {row["bill_id"]: row for row in self.raw("bills")}
        for payment in self.raw("vendorpayments"):
            bill = bills[payment["bills"][0]["bill_id"]]
            self.assertEqual((payment["vendor_id"], payment["amount"]), (bill["vendor_id"], bill["payment_made"]))
            self.assertIn(payment["payment_id"], [one["payment_id"] for one in bill["payments"]])
        tasks = {row["task_id"]: row for row in self.raw("tasks")}
        projects = {row["project_id"]: row for row in self.raw("projects")}
        for row in self.raw("timeentries"):
            self.assertEqual(tasks[row["task_id"]]["project_id"], row["project_id"])
            self.assertEqual(projects[row["project_id"]]["customer_id"], row["customer_id"])
        for row in projects.values():
            of_path = self.sandbox.rows(f"/projects/{row['project_id']}/tasks")
            self.assertEqual({task["task_id"] for task in row["tasks"]}, {task["task_id"] for task in of_path})

    def test_children(self):
        """What is below a row is what the raw rows tell of it."""
        for row in self.raw("creditnotes")[:10]:
            of_path = self.sandbox.rows(f"/creditnotes/{row['creditnote_id']}/refunds")
            self.assertEqual([one["creditnote_refund_id"] for one in of_path],
                             [one["creditnote_refund_id"] for one in self.raw("creditnote_refunds")
                              if one["creditnote_id"] == row["creditnote_id"]])
        contact = self.raw("contacts")[2]
        persons = self.sandbox.rows(f"/contacts/{contact['contact_id']}/contactpersons")
        self.assertEqual([one["contact_person_id"] for one in persons], [one["contact_person_id"] for one in contact["contact_persons"]])
        person = self.sandbox.books(f"/contacts/{contact['contact_id']}/contactpersons/{persons[1]['contact_person_id']}")["contact_person"]
        self.assertEqual((person["email"], person["contact_id"]), (persons[1]["email"], contact["contact_id"]))
        everybody = self.sandbox.rows("/contacts/contactpersons")
        self.assertEqual(sorted(one["contact_person_id"] for one in everybody),
                         sorted(one["contact_person_id"] for row in self.raw("contacts") for one in row["contact_persons"]))
        other = self.raw("contacts")[0]["contact_id"]
        self.assertEqual(self.sandbox.error(f"/contacts/{other}/contactpersons/{persons[1]['contact_person_id']}"), (404, 1002))

    def test_custom_fields(self):
        row = self.raw("invoices")[5]
        detail = self.sandbox.books("/invoices/" + row["invoice_id"])["invoice"]
        values_ = [field["value"] for field in detail["custom_fields"]]
        names = ["cf_region", "cf_score", "cf_signed_on", "cf_vip"]
        self.assertEqual([detail["custom_field_hash"][name] for name in names], values_)
        self.assertEqual([detail[name] for name in names], values_)
        self.assertEqual(detail["cf_vip_unformatted"], values_[3] == "true")
        self.assertIn(type(detail["cf_score_unformatted"]), (int, float, str))

    def test_documents(self):
        path = "/invoices/" + self.raw("invoices")[0]["invoice_id"]
        for query, kind in (({"accept": "pdf"}, "application/pdf"), ({"accept": "html"}, "text/html"), ({"print": "true"}, "application/pdf")):
            self.assertEqual(self.sandbox.call(path, **query)[1]["Content-Type"].split(";")[0], kind)
        self.assertIn("invoice", self.sandbox.books(path, accept="json"))

    def test_same_rows_every_time(self):
        with Books("--rows", "120") as other:
            other.switch(amounts="declared")
            for table in ("invoices", "contacts", "tasks", "ledger"):
                self.assertEqual(other.raw(table), self.raw(table))
        with Books("--rows", "0") as empty:
            for answer in self.answers:
                if "list" in answer and "{" not in answer["path"] and "need" not in answer:
                    empty.rows(answer["path"])
            self.assertEqual(empty.rows("/invoices"), [])
        self.assertEqual(self.sandbox.rows("/invoices", organization_id="10234697"), [])
        self.assertEqual(len(self.sandbox.rows("/invoices", organization_id="10234695")), 20)


class Reports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sandbox = Books("--rows", "100").__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.sandbox.__exit__()

    year = {"filter_by": "TransactionDate.ThisYear"}

    def report(self, name, **query):
        return self.sandbox.books("/reports/" + name, **query)

    def leaves(self, node):
        if "account_id" in node:
            yield node
        for inner in node["account_transactions"]:
            yield from self.leaves(inner)

    def test_trees(self):
        body = self.report("profitandloss", **self.year)
        gross, operating, net = body["profit_and_loss"]
        income, cost = gross["account_transactions"]
        self.assertAlmostEqual(income["total"], sum(leaf["total"] for leaf in self.leaves(income)), 2)
        self.assertAlmostEqual(gross["total"], income["total"] + cost["total"], 2)
        self.assertGreater(income["total"], 0)
        self.assertAlmostEqual(operating["total"], gross["total"] + operating["account_transactions"][0]["total"], 2)
        self.assertTrue({"name", "total_label", "total", "previous_values", "previous_total", "account_transactions"} <= set(net))
        assets, rest = self.report("balancesheet")["balance_sheet"]
        self.assertAlmostEqual(assets["total"], rest["total"], 1)
        self.assertTrue(self.report("cashflow", is_hierarchy_report="true")["cash_flow"])
        self.assertTrue(self.report("movementofequity")["movement_of_equity"])

    def test_accounts(self):
        accounts = [leaf for group in self.report("trialbalance")["trialbalance"][0]["account_transactions"]
                    for leaf in group["account_transactions"]]
        self.assertAlmostEqual(sum(leaf["net_debit_total"] for leaf in accounts), sum(leaf["net_credit_total"] for leaf in accounts), 1)
        ledger = self.report("generalledger", **self.year)["generalledger"]
        self.assertAlmostEqual(sum(row["debit_total"] for row in ledger), sum(row["credit_total"] for row in ledger), 1)
        paid = self.report("generalledger", cash_based="true", **self.year)["generalledger"]
        self.assertLess(sum(row["debit_total"] for row in paid), sum(row["debit_total"] for row in ledger))
        self.assertLess(len(self.report("generalledger", show_rows="non_zero", **self.year)["generalledger"]), len(ledger))
        entries = self.report("accounttransaction", per_page=500, **self.year)["account_transactions"][0]["account_transactions"]
        self.assertAlmostEqual(sum(number(row["debit"]) or 0 for row in entries), sum(row["debit_total"] for row in ledger), 1)

    def test_periods(self):
        """Without filter_by, or with that of another field, the report is of this month, whatever the dates say."""
        month = self.report("salesbycustomer", filter_by="InvoiceDate.ThisMonth")
        custom = {"from_date": "2023-01-01", "to_date": "2024-12-31"}
        self.assertEqual(self.report("salesbycustomer", **custom), month)
        self.assertEqual(self.report("salesbycustomer", filter_by="Odd.CustomDate", **custom), month)
        everything = self.report("salesbycustomer", filter_by="InvoiceDate.CustomDate", **custom)
        self.assertGreater(len(everything["sales"]), len(month["sales"]))
        sold = sum(row["count"] for row in everything["sales"])
        self.assertEqual(sold, sum(row["status"] not in ("void", "draft") and row["date"] >= "2023-01-01" for row in self.sandbox.raw("invoices")))
        self.assertEqual(self.sandbox.error("/reports/salesbycustomer", filter_by="InvoiceDate.CustomDate"), (400, 2))
        self.assertEqual(self.sandbox.error("/reports/odd"), (404, 5))

    def test_all(self):
        wrappers = {"profitandloss": "profit_and_loss", "salesbyitem": "sales", "salesbysalesperson": "sales", "taxsummary": "tax",
                    "customerbalances": "customerbalances", "vendorbalances": "vendorbalances", "aragingdetails": "invoiceaging"}
        for name, wrapper in wrappers.items():
            self.assertTrue(self.report(name)[wrapper] or name in ("salesbysalesperson", "taxsummary"), name)
        rows = self.report("invoicedetails", filter_by="InvoiceDate.ThisYear", per_page=5)
        self.assertEqual((len(rows["invoice_details"]["invoices"]), rows["page_context"]["has_more_page"]), (5, True))
        aging = self.report("aragingsummary")["ar_aging_summary"][0]["invoiceagingsummary"]
        balances = {row["customer_id"]: row["bcy_balance"] for row in self.report("customerbalances")["customerbalances"]}
        for row in aging:
            self.assertAlmostEqual(row["current"] + sum(one["amount"] for one in row["intervals"]), balances[row["customer_id"]], 2)
            self.assertEqual(len(row["intervals"]), 4)
        self.sandbox.switch(aging="groups")
        grouped = self.report("aragingsummary")["invoice"]
        self.assertEqual(len(grouped["group_list"]), len(aging))
        self.sandbox.reset()


class Changes(unittest.TestCase):
    def test_rows(self):
        with Books("--rows", "20") as sandbox:
            count = len(sandbox.rows("/contacts"))
            status, _, body = sandbox.call("/contacts", "POST", {"contact_name": "Neu & Co", "contact_type": "vendor"})
            self.assertEqual((status, body["code"], body["contact"]["contact_name"]), (201, 0, "Neu & Co"))
            path = "/contacts/" + body["contact"]["contact_id"]
            self.assertEqual((body["contact"]["website"], body["contact"]["contact_persons"]), ("", []), "nothing is made up for it")
            self.assertEqual(len(sandbox.rows("/contacts")), count + 1)
            self.assertEqual([row["contact_name"] for row in sandbox.rows("/contacts", contact_name="Neu & Co")], ["Neu & Co"])
            self.assertIn("Neu & Co", [row["contact_name"] for row in sandbox.rows("/vendors")])
            status, _, body = sandbox.call(path, "PUT", {"company_name": "Ganz neu"})
            self.assertEqual((status, body["contact"]["company_name"], body["contact"]["contact_name"]), (200, "Ganz neu", "Neu & Co"))
            self.assertEqual(sandbox.call(path, "DELETE")[2]["message"], "The Contact has been deleted.")
            self.assertEqual(sandbox.error(path), (404, 1002))
            self.assertEqual(len(sandbox.rows("/contacts")), count)
            self.assertEqual(sandbox.error("/contacts", "POST", {"company_name": "x"}), (400, 2))
            made = sandbox.call("/contacts", "POST", {"contact_name": "x", "contact_id": "1"})[2]["contact"]
            self.assertEqual(sandbox.books("/contacts/" + made["contact_id"])["contact"]["contact_name"], "x", "its id is its own")
            sandbox.call("/contacts/" + made["contact_id"], "DELETE")
            self.assertEqual(sandbox.send("/books/v3/contacts?organization_id=" + ORGANIZATION, "POST", b"{", {
                "Authorization": "Zoho-oauthtoken " + sandbox.tokens["us"]})[0], 400)
            both = ",".join(row["contact_id"] for row in sandbox.rows("/contacts")[:2])
            self.assertEqual(sandbox.call("/contacts", "DELETE", contact_ids=both)[0], 200)
            self.assertEqual(len(sandbox.rows("/contacts")), count - 2)
            sandbox.reset()
            self.assertEqual(len(sandbox.rows("/contacts")), count)

    def test_arrays_and_states(self):
        with Books("--rows", "20") as sandbox:
            invoice = sandbox.rows("/invoices")[0]["invoice_id"]
            path = f"/invoices/{invoice}/comments"
            before = sandbox.rows(path)
            self.assertEqual(sandbox.call(path, "POST", {"description": "Bitte prüfen"})[0], 201)
            self.assertEqual([row["description"] for row in sandbox.rows(path)], [row["description"] for row in before] + ["Bitte prüfen"])
            for row in before:
                self.assertEqual(sandbox.call(path + "/" + row["comment_id"], "DELETE")[0], 200)
            self.assertEqual([row["description"] for row in sandbox.rows(path)], ["Bitte prüfen"])
            self.assertEqual(sandbox.call(f"/invoices/{invoice}/status/void", "POST", {})[0], 200)
            self.assertEqual(sandbox.books("/invoices/" + invoice)["invoice"]["status"], "void")
            lines = {"customer_id": sandbox.rows("/contacts")[0]["contact_id"], "line_items": [{"name": "Tisch", "rate": 10, "item_total": 20}]}
            made = sandbox.call("/invoices", "POST", lines)[2]["invoice"]
            self.assertEqual([(line["name"], number(line["item_total"])) for line in made["line_items"]], [("Tisch", 20.0)])
            self.assertEqual((number(made["sub_total"]), made["customer_name"]), (20.0, sandbox.rows("/contacts")[0]["contact_name"]))
            self.assertEqual(sandbox.call(f"/invoices/{invoice}/email", "POST", {})[2], {"code": 0, "message": "success"})
            self.assertEqual(sandbox.error("/invoices/" + invoice, "POST", {}), (405, 37))

    def test_persons(self):
        with Books("--rows", "20") as sandbox:
            contact = sandbox.rows("/contacts")[0]["contact_id"]
            path = f"/contacts/{contact}/contactpersons"
            status, _, body = sandbox.call("/contacts/contactpersons", "POST", {"contact_id": contact, "first_name": "Zoë"})
            self.assertEqual((status, body["contact_person"]["first_name"], body["contact_person"]["contact_id"]), (201, "Zoë", contact))
            person = sandbox.rows(path)[-1]
            self.assertEqual(person["first_name"], "Zoë")
            self.assertEqual(sandbox.call("/contacts/contactpersons/" + person["contact_person_id"], "PUT", {"email": "zoe@example.com"})[0], 200)
            self.assertEqual(sandbox.rows(path)[-1]["email"], "zoe@example.com")
            self.assertEqual(sandbox.call("/contacts/contactpersons/" + person["contact_person_id"], "DELETE")[0], 200)
            self.assertNotIn("Zoë", [row["first_name"] for row in sandbox.rows(path)][-1:])
            self.assertEqual(sandbox.error("/contacts/contactpersons", "POST", {"first_name": "Zoë"}), (400, 2))

    def test_records_of_modules(self):     # its first call is about a module: nothing was counted before
        with Books("--rows", "50") as sandbox:
            vehicles = len(sandbox.rows("/cm_vehicle"))
            status, _, body = sandbox.call("/cm_debtor", "POST", {"record_name": "Neu", "cf_debt_amount": 12.5})
            self.assertEqual((status, body["module_record"]["module_api_name"]), (201, "cm_debtor"))
            path = "/cm_debtor/" + body["module_record"]["module_record_id"]
            self.assertIn("Neu", [row["record_name"] for row in sandbox.rows("/cm_debtor")])
            self.assertEqual(len(sandbox.rows("/cm_vehicle")), vehicles)
            self.assertEqual(sandbox.error(path.replace("debtor", "vehicle"), "DELETE"), (404, 1002))
            self.assertEqual(sandbox.call(path, "DELETE")[0], 200)
            self.assertEqual(sandbox.error("/cm_odd", "POST", {}), (404, 5))
            note = sandbox.rows("/creditnotes")[0]["creditnote_id"]
            refunds = len(sandbox.rows(f"/creditnotes/{note}/refunds"))
            self.assertEqual(sandbox.call(f"/creditnotes/{note}/refunds", "POST", {"amount": 3})[0], 201)
            self.assertEqual(len(sandbox.rows(f"/creditnotes/{note}/refunds")), refunds + 1)
            self.assertEqual(sandbox.error("/creditnotes/1/refunds", "POST", {"amount": 3}), (404, 1002))

    def test_upsert(self):
        with Books("--rows", "20") as sandbox:
            wanted = next(row for row in sandbox.raw("estimates") if row["cf_score"])
            head = {"X-Unique-Identifier-Key": "cf_score", "X-Unique-Identifier-Value": wanted["cf_score"]}
            status, _, body = sandbox.call("/estimates", "PUT", {"reference_number": "U1"}, headers=head)
            self.assertEqual((status, body["estimate"]["estimate_id"], body["estimate"]["reference_number"]), (200, wanted["estimate_id"], "U1"))
            head["X-Unique-Identifier-Value"] = "none such"
            self.assertEqual(sandbox.error("/estimates", "PUT", {"reference_number": "U2"}, headers=head), (404, 1002))
            head["X-Upsert"] = "true"
            self.assertEqual(sandbox.call("/estimates", "PUT", {"reference_number": "U2"}, headers=head)[0], 201)
            self.assertEqual(sandbox.error("/estimates", "PUT", {}), (400, 2))


class Operations(unittest.TestCase):
    def test_each_is_there(self):
        """Each operation is known, asks for its scope, and answers whatever it is given."""
        with Books("--rows", "20") as sandbox, open(os.path.join(SOURCES, "zoho_operations.txt"), encoding="utf-8") as file:
            lines = [line.split() for line in file if line.strip() and not line.startswith("#")]
            names = {"G": ("GET", "READ"), "P": ("POST", "CREATE"), "U": ("PUT", "UPDATE"), "D": ("DELETE", "DELETE")}
            scoped = {}
            count = 0
            for methods, module, path, *others in lines:
                for letter in methods:
                    method, right = names[letter]
                    scope = next((other[2:] for other in others if other[0] == letter), f"{module}.{right}")
                    whole = re.sub(r"\{\w+\}", "1", path.replace("{report}", "generalledger").replace("{module_name}", "cm_debtor"))
                    if scope not in scoped:
                        scoped[scope] = sandbox.token(scope="ZohoBooks." + scope)["access_token"]
                    body = None if method == "GET" else {}
                    status, _, answer = sandbox.call(whole, method, body, token=scoped[scope])
                    self.assertIn(status, (200, 201, 400, 404), (method, path, answer))
                    if status == 404:
                        self.assertEqual(answer["code"], 1002, (method, path))
                    count += 1
            self.assertGreater(count, 840)
            other = sandbox.token(scope="ZohoBooks.other.READ")["access_token"]
            for methods, _, path, *_ in lines:
                whole = re.sub(r"\{\w+\}", "1", path.replace("{report}", "generalledger").replace("{module_name}", "cm_debtor"))
                self.assertEqual(sandbox.error(whole, names[methods[0]][0], token=other), (401, 57), path)


if __name__ == "__main__":
    unittest.main(verbosity=2)
