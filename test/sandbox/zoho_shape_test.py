#!/usr/bin/python3
"""Proves that the answers of Zoho Books have the members and types that are told of them.

They are told by ../shared/data/zoho-books/index/fields.tsv beside the checkout, or below $RESTODBC_SHARED; where there is no such
file, by the sandbox's own zoho_answers_*.txt."""
import csv
import os
import re
import sys
import unittest

sys.dont_write_bytecode = True
from zoho_sandbox import SOURCES, Books, answers, members, wrapped  # noqa: E402

# Amounts: whole numbers in the table come from its examples, and from the service a decimal number may come.
AMOUNTS = set("""total balance bank_balance sub_total tax_total bcy_total bcy_balance bcy_amount amount_bcy amount_fcy bcy_rate item_total
    item_total_inclusive_of_tax outstanding_receivable_amount outstanding_receivable_amount_bcy unused_credits_receivable_amount
    unused_credits_receivable_amount_bcy unused_credits_payable_amount payment_made vendor_credits_applied exchange_rate
    tax_percentage reverse_charge_tax_amount quantity""".split())

# Where ids of a path's parameter are found: list, member.
KEYS = {
    "account_id": ("/bankaccounts", "account_id"), "rule_id": ("/bankaccounts/rules", "rule_id"),
    "bank_transaction_id": ("/banktransactions", "transaction_id"), "transaction_id": ("/banktransactions", "transaction_id"),
    "base_currency_adjustment_id": ("/basecurrencyadjustment", "base_currency_adjustment_id"), "bill_id": ("/bills", "bill_id"),
    "contact_id": ("/contacts", "contact_id"), "creditnote_id": ("/creditnotes", "creditnote_id"),
    "currency_id": ("/settings/currencies", "currency_id"), "payment_id": ("/customerpayments", "payment_id"),
    "customer_payment_id": ("/customerpayments", "payment_id"), "deliverychallan_id": ("/deliverychallans", "deliverychallan_id"),
    "estimate_id": ("/estimates", "estimate_id"), "expense_id": ("/expenses", "expense_id"), "employee_id": ("/employees", "employee_id"),
    "fixed_asset_id": ("/fixedassets", "fixed_asset_id"), "invoice_id": ("/invoices", "invoice_id"), "item_id": ("/items", "item_id"),
    "journal_id": ("/journals", "journal_id"), "recurring_journal_id": ("/recurringjournals", "journal_id"),
    "organization_id": ("/organizations", "organization_id"), "project_id": ("/projects", "project_id"),
    "purchaseorder_id": ("/purchaseorders", "purchaseorder_id"), "recurring_bill_id": ("/recurringbills", "recurring_bill_id"),
    "recurring_expense_id": ("/recurringexpenses", "recurring_expense_id"), "tag_id": ("/reportingtags", "tag_id"),
    "recurring_invoice_id": ("/recurringinvoices", "recurring_invoice_id"), "salesorder_id": ("/salesorders", "salesorder_id"),
    "retainerinvoice_id": ("/retainerinvoices", "retainerinvoice_id"), "sales_receipt_id": ("/salesreceipts", "sales_receipt_id"),
    "task_id": ("/tasks", "task_id"), "tax_id": ("/settings/taxes", "tax_id"), "tax_group_id": ("/settings/taxes", "tax_id"),
    "tax_authority_id": ("/settings/taxauthorities", "tax_authority_id"), "user_id": ("/users", "user_id"),
    "tax_exemption_id": ("/settings/taxexemptions", "tax_exemption_id"), "time_entry_id": ("/projects/timeentries", "time_entry_id"),
    "vendor_credit_id": ("/vendorcredits", "vendor_credit_id"), "module_api_name": ("/settings/modules", "module_api_name"),
    "module_name": ("/settings/modules", "module_api_name"), "refund_id": ("/creditnotes/refunds", "creditnote_refund_id"),
    "vendorpayments": ("/vendorpayments", "payment_id"), "contact_person_id": ("/contacts/contactpersons", "contact_person_id"),
}

# What elements of an array are known by in a path below their row, where it is not the parameter's name.
ELEMENT_KEYS = {"refund_id": "payment_refund_id", "comment_id": "bulk_action_id", "module_id": "module_record_id"}


def index():
    """{(path, kind, wrapper, is it of debit notes): [(dotted name, type)]}"""
    places = [os.environ.get("RESTODBC_SHARED", ""), os.path.join(SOURCES, "..", "..", "..", "shared")]
    for place in places:
        path = os.path.join(place, "data", "zoho-books", "index", "fields.tsv")
        if place and os.path.exists(path):
            told = {}
            with open(path, encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file, delimiter="\t"):
                    path = row["get_path"].replace(r"(\d+)", "{tag_id}").replace("{debit_note_id}", "{invoice_id}")
                    key = path, row["wrapper"], row["file"] == "customer-debit-notes"
                    told.setdefault(key, []).append((row["field"], row["type"]))
            return told, True
    told = {}
    for answer in answers():
        if "list" in answer or "one" in answer:
            words = (answer.get("list") or answer["one"]).split(" by ")[0].split()
            debit = "debit_note" in answer["of"] or "asked" in answer
            told[answer["path"], words[0], debit] = members(answer["fields"])
    return told, False


def reach(objects, parts):
    """Every value at a dotted name; KeyError where a member is missing."""
    for one in objects:
        value = one[parts[0].replace("[]", "")]
        if len(parts) == 1:
            yield value
        elif parts[0].endswith("[]"):
            assert isinstance(value, list), (parts, value)
            yield from reach(value, parts[1:])
        else:
            yield from reach([value], parts[1:])


def fits(kind, name, value):
    if kind in ("string", "date", "datetime"):
        form = {"string": "", "date": r"\d{4}-\d\d-\d\d\Z", "datetime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}\Z"}[kind]
        return isinstance(value, str) and (not value or re.match(form, value) is not None)
    if value == "":
        return kind not in ("array<s>", "array<obj>", "obj")
    if kind == "integer" and name not in AMOUNTS:
        return type(value) is int
    if kind in ("integer", "number"):
        return type(value) in (int, float)
    return type(value) is {"boolean": bool, "obj": dict}.get(kind, list)


class Shapes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sandbox = Books("--rows", "200").__enter__()
        cls.told, cls.by_table = index()
        cls.sandbox.switch(wrappers="spec" if cls.by_table else "practice", amounts="declared")
        cls.cache = {}

    @classmethod
    def tearDownClass(cls):
        cls.sandbox.__exit__()

    def keys(self, parameter, path):
        name = "vendorpayments" if path.startswith("/vendorpayments/") else parameter
        if name not in self.cache:
            where, member = KEYS[name]
            self.cache[name] = [row[member] for row in wrapped(self.sandbox.books(where))]
        return self.cache[name]

    def paths(self, path, debit):
        """Paths with ids in place of their parameters."""
        names = re.findall(r"\{(\w+)\}", path)
        if not names:
            yield path
            return
        keys = self.keys(names[0], path)
        if debit:
            keys = [row["invoice_id"] for row in wrapped(self.sandbox.books("/invoices", filter_by="Type.DebitNote"))]
        elif path == "/invoices/{invoice_id}":
            keys = [row["invoice_id"] for row in wrapped(self.sandbox.books("/invoices")) if row["type"] == "invoice"]
        elif path.startswith("/transactions/"):
            keys = self.keys("invoice_id", path)[:5]
        for key in keys[:60]:
            whole = path.replace("{%s}" % names[0], key)
            if len(names) == 1:
                yield whole
                continue
            if names[1] == "card_id":
                yield whole.replace("{card_id}", "1")
                continue
            above, _, _ = whole.partition("/{")
            if above.endswith("/documents"):
                parent = self.sandbox.books(above[:-len("/documents")])
                elements = next(value for value in parent.values() if isinstance(value, dict))["documents"]
            else:
                elements = wrapped(self.sandbox.books(above))
            for element in elements[:3]:
                member = names[1] if names[1] in element else ELEMENT_KEYS[names[1]]
                yield whole.replace("{%s}" % names[1], element[member])

    def query(self, path, debit):
        if debit and path == "/invoices":
            return {"filter_by": "Type.DebitNote"}
        if path.startswith("/basecurrencyadjustment/") and not path.endswith("}"):
            return {"currency_id": self.keys("currency_id", path)[1], "account_id": self.keys("account_id", path)[0],
                    "adjustment_date": "2024-01-01", "exchange_rate": "1.1", "notes": "x"}
        if path in ("/settings/openingbalancedetails", "/openingbalances/transactions", "/chartofaccounts/accounttransactions",
                    "/chartofaccounts/transactions"):
            sales = next(row for row in wrapped(self.sandbox.books("/chartofaccounts")) if row["account_name"] == "Accounts Receivable")
            return {"account_id": sales["account_id"]}
        return {"/itemdetails": {"item_ids": ",".join(self.keys("item_id", path)[:3])},
                "/reportingtags/options": {"tag_id": self.keys("tag_id", path)[-1]},
                "/transactions/{transaction_id}/journals": {"entity_type": "invoice"}}.get(path, {})

    def objects(self, path, wrapper, debit):
        query, found = self.query(path, debit), []
        for whole in self.paths(path, debit):
            status, _, body = self.sandbox.call(whole, **query)
            if status == 404 and path == "/settings/taxgroups/{tax_group_id}":
                continue        # not every tax is a group
            self.assertEqual((status, body["code"]), (200, 0), (whole, body))
            inner = body if wrapper in ("(top level)", "-") else body[wrapper]
            found += inner if isinstance(inner, list) else [inner] if inner else []
        return found

    def test_every_member(self):
        self.assertGreater(len(self.told), 130)
        checked = empty = 0
        for (path, wrapper, debit), fields in self.told.items():
            found = self.objects(path, wrapper, debit)
            self.assertTrue(found, path)
            for name, kind in fields:
                try:
                    values = list(reach(found, name.split(".")))
                except KeyError as missing:
                    self.fail(f"{path} {name}: {missing} is missing")
                checked += 1
                empty += all(value in ("", [], {}) for value in values)
                last = name.split(".")[-1].replace("[]", "")
                for value in values:
                    self.assertTrue(fits(kind, last, value), (path, name, kind, value))
        if self.by_table:
            self.assertEqual(checked, 4363)
        # what never has a value proves nothing about whoever reads it
        self.assertLess(empty / checked, 0.05)

    def test_other_answers(self):
        """Of what has no told shape there is an answer too."""
        for answer in answers():
            if "file" in answer or "envelope" in answer:
                path = re.sub(r"\{(\w+)\}", lambda match: self.keys(match.group(1), answer["path"])[0]
                              if match.group(1) in KEYS else "1", answer["path"])
                status, headers, body = self.sandbox.call(path)
                self.assertEqual(status, 200, (path, body))
                self.assertEqual(headers["Content-Type"].split(";")[0], "application/pdf" if "file" in answer else "application/json")


if __name__ == "__main__":
    unittest.main(verbosity=2)
