#!/usr/bin/python3
"""Every table, column, key, reference and filter of Zoho Books against the sandbox, by the rules of every_table.py. What they do not give
stands in the lists below."""
import datetime
import json
import re
import urllib.error
import urllib.parse
import urllib.request

from every_table import Input, Service, Table, declared, pascal, run_tables
from harness import Session, check, equal, plain_rows, run

ROWS = "60"
ORGANIZATION = "10234696"       # the default one

# A member whose name ends so is the id of a row of that table.
REFERENCES = {
    "customer_id": "Contacts.ContactId", "vendor_id": "Contacts.ContactId", "contact_id": "Contacts.ContactId", "item_id": "Items.ItemId",
    "contact_person_id": "CustomerContacts.CustomerContactId", "primary_contact_id": "CustomerContacts.CustomerContactId",
    "account_id": "ChartOfAccounts.AccountId", "currency_id": "Currencies.CurrencyId", "tax_id": "Taxes.TaxId",
    "tax_authority_id": "TaxAuthorities.TaxAuthorityId", "tax_exemption_id": "TaxExemptions.TaxExemptionId", "project_id": "Projects.ProjectId",
    "task_id": "Tasks.TaskId", "user_id": "Users.UserId", "created_by_id": "Users.UserId", "last_modified_by_id": "Users.UserId",
    "commented_by_id": "Users.UserId", "approver_id": "Users.UserId", "submitter_id": "Users.UserId", "location_id": "Locations.LocationId",
    "estimate_id": "Estimates.EstimateId", "salesorder_id": "SalesOrders.SalesorderId", "invoice_id": "Invoices.InvoiceId",
    "creditnote_id": "CreditNotes.CreditnoteId", "purchaseorder_id": "PurchaseOrders.PurchaseorderId", "bill_id": "Bills.BillId",
    "expense_id": "Expenses.ExpenseId", "vendor_credit_id": "VendorCredits.VendorCreditId",
    "recurring_invoice_id": "RecurringInvoices.RecurringInvoiceId", "recurring_expense_id": "RecurringExpenses.RecurringExpenseId",
    "recurring_bill_id": "RecurringBills.RecurringBillId", "tag_id": "ReportingTags.TagId", "pricebook_id": "PriceLists.PricebookId",
    "journal_id": "Journals.JournalId", "fixed_asset_id": "FixedAssets.FixedAssetId", "fixed_asset_type_id": "FixedAssetTypes.FixedAssetTypeId",
    "employee_id": "Employees.EmployeeId", "retainerinvoice_id": "RetainerInvoices.RetainerinvoiceId",
    "deliverychallan_id": "DeliveryChallans.DeliverychallanId", "sales_receipt_id": "SalesReceipts.SalesReceiptId",
    "organization_id": "Organizations.OrganizationId",
    "line_item_id": None, "purchaseorder_item_id": None, "salesorder_item_id": None, "bill_item_id": None, "pricebook_item_id": None,     # ids of lines
}


# ---- Asking the sandbox itself ----

class Books:
    """JSON from the sandbox's Zoho Books; what was asked once is kept."""

    def __init__(self, session):
        self.base = session.base + "/books/v3"
        self.token = session.properties()["OAuthAccessToken"]
        self.kept = {}

    def ask(self, path, **query):
        """The answer; None where there is nothing of that kind (404)."""
        url = path + "?" + urllib.parse.urlencode({"organization_id": ORGANIZATION, **query})
        if url not in self.kept:
            request = urllib.request.Request(self.base + url, headers={"Authorization": "Zoho-oauthtoken " + self.token})
            try:
                with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
                    self.kept[url] = json.load(answer)
            except urllib.error.HTTPError as error:
                if error.code != 404:
                    raise
                self.kept[url] = None
        return self.kept[url]

    def refuses(self, path, **query):
        """Whether the service does not accept that."""
        try:
            return self.ask(path, page=1, **query) is None
        except urllib.error.HTTPError:
            return True

    def rows(self, path, wrapper=None, **query):
        """All rows of a list, of all its pages; the one array of the answer where no wrapper is told."""
        rows, page = [], 1
        while True:
            body = self.ask(path, page=page, **query)
            rows += body[wrapper] if wrapper else next((value for value in body.values() if isinstance(value, list)), [])
            if not body.get("page_context", {}).get("has_more_page"):
                return rows
            page += 1


def listed(path, wrapper=None, **query):
    return lambda service: service.books.rows(path, wrapper, **query)


def elements(value):
    """The rows at the end of a path: an array's elements, or one object."""
    return value if isinstance(value, list) else [value] if value else []


def inner(body, wrapper):
    for name in wrapper.split("/") if wrapper else []:
        body = body.get(name) if isinstance(body, dict) else None
    return body


def each(of, member, path, wrapper, own=None, **query):
    """What is asked for each row of a list. own: as which member the rows get the id that was asked with."""
    def rows(service):
        found = []
        for parent in of(service):
            body = service.books.ask(path.replace("{}", parent[member]), **query) if "{}" in path else None
            for row in elements(inner(body, wrapper)) if body is not None else []:
                found.append({own: parent[member], **row} if own else row)
        return found
    return rows


def unite(lists, details, key):
    """Rows of a list with what the details tell of each."""
    def rows(service):
        whole = {row[key]: row for row in details(service)}
        return [{**row, **whole.get(row[key], {})} for row in lists(service)]
    return rows


# ---- The tables ----

TABLES = {}
INPUTS = {}
SOURCES = {}        # table → the path of its list, and what is always asked along


def module(name, details, path, key, wrapper=None, one=None, arrays=(), prefix=None, item=None, lists=None, without=(), **more):
    """A list, the whole of each of its rows, and the arrays in that."""
    SOURCES[name] = (path, {"filter_by": "Type.DebitNote"} if lists else {})
    lists = lists or listed(path, wrapper)
    whole = each(lists, key, (item or path) + "/{}", one)
    TABLES[name] = Table(lists, key=(pascal(key),), **more)
    TABLES[details] = Table(whole, key=(pascal(key),), references={pascal(key): f"{name}.{pascal(key)}"})
    children(prefix or details[:-len("Details")], whole, key, name, arrays)


def single(name, path, key, wrapper=None, one=None, arrays=(), prefix=None, column=None, item=None, **more):
    """One table of a list and the whole of each of its rows."""
    SOURCES[name] = (path, {})
    lists = listed(path, wrapper)
    whole = each(lists, key, (item or path) + "/{}", one)
    TABLES[name] = Table(unite(lists, whole, key), key=(column or pascal(key),), **more)
    children(prefix, whole, key, name, arrays)


CHILD_KEYS = {"line_items": "line_item_id", "comments": "comment_id"}
LINES_WITHOUT_IDS = {"BankTransactionLineItems", "CreditNoteLineItems", "JournalLineItems", "SalesReceiptLineItems"}
SHARED_KEYS = {"documents": "document_id", "contact_persons_associated": "contact_person_id", "tags": "tag_id", "entity_tags": "tag_id",
               "vendor_credits": "vendor_credit_id", "purchaseorders": "purchaseorder_id", "imported_transactions": "imported_transaction_id",
               "criterion": "criteria_id", "target_accounts": "target_account_id"}


def children(prefix, whole, key, parent, arrays):
    """arrays: members, or "member=Table"."""
    for array in arrays:
        member, _, name = array.partition("=")
        below(name or prefix + pascal(member), lambda service, member=member: [
            {key: row[key], **one} for row in whole(service) for one in elements(row[member])], key, parent, member)


def below(name, rows, key, parent, member="", own=None, **more):
    keys = () if name in LINES_WITHOUT_IDS else (pascal(own),) if own else (pascal(CHILD_KEYS[member]),) if member in CHILD_KEYS else \
        (pascal(key), pascal(SHARED_KEYS[member])) if member in SHARED_KEYS else ()
    references = {pascal(key): f"{parent}.{more.pop('column', pascal(key))}", **more.pop("references", {})}
    TABLES[name] = Table(rows, key=keys, references=references, **more)


def comments(prefix, parent, path, key, array="comments"):
    rows = each(TABLES[parent].raw, key, path + "/{}/comments", array, key)
    TABLES[prefix + "Comments"] = Table(rows, key=("CommentId",), references={pascal(key): f"{parent}.{pascal(key)}"})


def define():
    taxes = "line_items custom_fields tags taxes".split()
    module("Contacts", "ContactDetails", "/contacts", "contact_id", one="contact", arrays=["opening_balances", "custom_fields"])
    contacts = TABLES["Contacts"].raw
    TABLES["CustomerContacts"] = Table(each(contacts, "contact_id", "/contacts/{}/contactpersons", "contact_persons", "contact_id"),
                                       key=("CustomerContactId",), names={"contact_person_id": "CustomerContactId"})
    TABLES["ContactAddresses"] = Table(each(contacts, "contact_id", "/contacts/{}/address", "addresses", "contact_id"), key=("AddressId",))
    comments("Contact", "Contacts", "/contacts", "contact_id", "contact_comments")
    TABLES["ContactRefunds"] = Table(each(contacts, "contact_id", "/contacts/{}/refunds", "creditnote_refunds", "contact_id"), key=("CreditnoteRefundId",))
    TABLES["ContactUnusedRetainerPayments"] = Table(each(contacts, "contact_id", "/contacts/{}/receivables/unusedretainerpayments",
                                                         "unused_credits_receivable", "contact_id"), key=())
    module("Items", "ItemDetails", "/items", "item_id", one="item", arrays=["item_tax_preferences=ItemTaxPreferences", "locations=ItemLocations"])
    lists = listed("/pricebooks")
    TABLES["PriceLists"] = Table(lists, key=("PricebookId",))
    below("PriceListItems", lambda service: [{"pricebook_id": book["pricebook_id"], **one} for book in lists(service) for one in book["pricebook_items"]],
          "pricebook_id", "PriceLists", own="pricebook_item_id")
    module("Estimates", "EstimateDetails", "/estimates", "estimate_id", one="estimate", arrays=["contact_persons_associated", *taxes])
    comments("Estimate", "Estimates", "/estimates", "estimate_id")
    module("SalesOrders", "SalesOrderDetails", "/salesorders", "salesorder_id", one="salesorder",
           arrays=["contact_persons_associated", "sub_statuses", "custom_fields", "line_items", "tags"])
    comments("SalesOrder", "SalesOrders", "/salesorders", "salesorder_id")
    module("Invoices", "InvoiceDetails", "/invoices", "invoice_id", one="invoice", arrays=["contact_persons_associated", *taxes])
    invoices = TABLES["Invoices"].raw
    comments("Invoice", "Invoices", "/invoices", "invoice_id")
    TABLES["InvoicePayments"] = Table(each(invoices, "invoice_id", "/invoices/{}/payments", "payments", "invoice_id"), key=("InvoicePaymentId",))
    TABLES["InvoiceAppliedCredits"] = Table(each(invoices, "invoice_id", "/invoices/{}/creditsapplied", "credits", "invoice_id"),
                                            key=("CreditnotesInvoiceId",))
    module("CustomerDebitNotes", "CustomerDebitNoteDetails", "/invoices", "invoice_id", one="invoice", arrays=taxes,
           lists=listed("/invoices", filter_by="Type.DebitNote"))
    module("RetainerInvoices", "RetainerInvoiceDetails", "/retainerinvoices", "retainerinvoice_id", one="retainerinvoice",
           arrays=["contact_persons_associated", *taxes])
    comments("RetainerInvoice", "RetainerInvoices", "/retainerinvoices", "retainerinvoice_id")
    module("RecurringInvoices", "RecurringInvoiceDetails", "/recurringinvoices", "recurring_invoice_id", one="recurring_invoice",
           arrays=["contact_persons_associated", "tags", "line_items"])
    comments("RecurringInvoice", "RecurringInvoices", "/recurringinvoices", "recurring_invoice_id")
    TABLES["RecurringInvoiceHistory"] = Table(each(TABLES["RecurringInvoices"].raw, "recurring_invoice_id", "/recurringinvoices/{}/invoices",
                                                   "invoice_history", "recurring_invoice_id"), key=())
    module("CreditNotes", "CreditNoteDetails", "/creditnotes", "creditnote_id", one="creditnote", arrays=["contact_persons_associated", *taxes])
    notes = TABLES["CreditNotes"].raw
    comments("CreditNote", "CreditNotes", "/creditnotes", "creditnote_id")
    TABLES["CreditNoteInvoices"] = Table(each(notes, "creditnote_id", "/creditnotes/{}/invoices", "invoices_credited", "creditnote_id"),
                                         key=("CreditnoteInvoiceId",), names={"credited_amount": "Credited_amount"})
    TABLES["CreditNoteRefunds"] = Table(listed("/creditnotes/refunds"), key=("CreditnoteRefundId",))
    TABLES["CreditNoteRefundDetails"] = Table(each(listed("/creditnotes/refunds"), "creditnote_refund_id", "/creditnotes/refunds/{}", "creditnote_refund"),
                                              key=("CreditnoteRefundId",), references={"CreditnoteRefundId": "CreditNoteRefunds.CreditnoteRefundId"})
    module("CustomerPayments", "CustomerPaymentDetails", "/customerpayments", "payment_id", one="payment", arrays=["invoices", "tags", "custom_fields"])
    refunds = each(TABLES["CustomerPayments"].raw, "payment_id", "/customerpayments/{}/refunds", "payment_refunds", "payment_id")
    TABLES["CustomerPaymentsRefund"] = Table(refunds, key=("PaymentRefundId",), references={"PaymentId": "CustomerPayments.PaymentId"})
    module("SalesReceipts", "SalesReceiptDetails", "/salesreceipts", "sales_receipt_id", one="salesreceipt", arrays=["tags", "line_items"])
    module("DeliveryChallans", "DeliveryChallanDetails", "/deliverychallans", "deliverychallan_id", one="deliverychallan", arrays=["line_items"])
    module("PurchaseOrders", "PurchaseOrderDetails", "/purchaseorders", "purchaseorder_id", one="purchaseorder",
           arrays=["documents", "contact_persons_associated", "line_items", "acquisition_vat_summary", "reverse_charge_vat_summary", "custom_fields", "tags"])
    comments("PurchaseOrder", "PurchaseOrders", "/purchaseorders", "purchaseorder_id")
    module("Bills", "BillDetails", "/bills", "bill_id", one="bill",
           arrays=["documents", "purchaseorders=BillPurchaseOrders", "acquisition_vat_summary", "reverse_charge_vat_summary", "vendor_credits", *taxes])
    comments("Bill", "Bills", "/bills", "bill_id")
    TABLES["BillPayments"] = Table(each(TABLES["Bills"].raw, "bill_id", "/bills/{}/payments", "payments", "bill_id"), key=("BillPaymentId",))
    module("RecurringBills", "RecurringBillDetails", "/recurringbills", "recurring_bill_id", one="recurring_bill", item="/recurring_bills",
           arrays=["line_items", "custom_fields", "acquisition_vat_summary", "reverse_charge_vat_summary", "tags"])
    comments("RecurringBill", "RecurringBills", "/recurringbills", "recurring_bill_id")
    module("Expenses", "ExpenseDetails", "/expenses", "expense_id", one="expense", arrays=["acquisition_vat_summary", "reverse_charge_vat_summary", "tags"])
    comments("Expense", "Expenses", "/expenses", "expense_id")
    TABLES["Employees"] = Table(listed("/employees"), key=("EmployeeId",))
    module("RecurringExpenses", "RecurringExpenseDetails", "/recurringexpenses", "recurring_expense_id", one="recurring_expense",
           arrays=["acquisition_vat_summary", "reverse_charge_vat_summary", "tags"])
    comments("RecurringExpense", "RecurringExpenses", "/recurringexpenses", "recurring_expense_id")
    TABLES["RecurringExpenseHistory"] = Table(each(TABLES["RecurringExpenses"].raw, "recurring_expense_id", "/recurringexpenses/{}/expenses",
                                                   "expensehistory", "recurring_expense_id"), key=())
    module("VendorCredits", "VendorCreditDetails", "/vendorcredits", "vendor_credit_id", one="vendor_credit",
           arrays=["tags", "line_items", "acquisition_vat_summary", "reverse_charge_vat_summary", "documents", "custom_fields"])
    comments("VendorCredit", "VendorCredits", "/vendorcredits", "vendor_credit_id")
    TABLES["VendorCreditBills"] = Table(each(TABLES["VendorCredits"].raw, "vendor_credit_id", "/vendorcredits/{}/bills", "bills_credited", "vendor_credit_id"),
                                        key=("VendorCreditBillId",))
    TABLES["VendorCreditRefund"] = Table(listed("/vendorcredits/refunds"), key=("VendorCreditRefundId",))
    module("VendorPayments", "VendorPaymentDetails", "/vendorpayments", "payment_id", one="vendorpayment", arrays=["bills", "custom_fields", "tags"])
    refunds_out = each(TABLES["VendorPayments"].raw, "payment_id", "/vendorpayments/{}/refunds", "vendorpayment_refunds", "payment_id")
    TABLES["VendorPaymentsRefund"] = Table(refunds_out, key=("VendorpaymentRefundId",), references={"PaymentId": "VendorPayments.PaymentId"})
    for name, parent, ids, path, wrapper in (
            ("VendorCreditRefundDetails", listed("/vendorcredits/refunds"), ("vendor_credit_id", "vendor_credit_refund_id"), "/vendorcredits/{}/refunds/{}",
             "vendor_credit_refund"),
            ("CustomerPaymentsRefundDetails", refunds, ("payment_id", "payment_refund_id"), "/customerpayments/{}/refunds/{}", "payment_refund"),
            ("VendorPaymentsRefundDetails", refunds_out, ("payment_id", "vendorpayment_refund_id"), "/vendorpayments/{}/refunds/{}", "vendorpayment_refund")):
        TABLES[name] = Table(lambda service, parent=parent, ids=ids, path=path, wrapper=wrapper: [
            {ids[0]: row[ids[0]], **one} for row in parent(service)
            for one in elements(service.books.ask(path.replace("{}", row[ids[0]], 1).replace("{}", row[ids[1]]))[wrapper])], key=(pascal(ids[1]),),
            references={pascal(ids[1]): f"{name[:-len('Details')]}.{pascal(ids[1])}"})
    banking()
    books_of_the_accountant()
    more_of_the_accountant()
    projects()
    settings()
    reports()


    SOURCES.update({"PriceLists": ("/pricebooks", {}), "CreditNoteRefunds": ("/creditnotes/refunds", {}), "VendorCreditRefund": ("/vendorcredits/refunds", {})})
    INPUTS["RecurringInvoiceHistory", "SearchText"] = Input(["INV"], lambda row, values: True)


def banking():
    single("BankAccounts", "/bankaccounts", "account_id", one="bankaccount")
    statements = each(listed("/bankaccounts"), "account_id", "/bankaccounts/{}/statement/lastimported", "statement", "account_id")
    TABLES["BankAccountLastImportedStatement"] = Table(statements, key=("StatementId",), references={"AccountId": "BankAccounts.AccountId"})
    TABLES["BankAccountLastImportedStatementTransactions"] = Table(
        lambda service: [{"account_id": row["account_id"], "statement_id": row["statement_id"], **one} for row in statements(service) for one in row["transactions"]],
        key=("TransactionId",), references={"AccountId": "BankAccounts.AccountId", "StatementId": "BankAccountLastImportedStatement.StatementId"})
    single("BankRules", "/bankaccounts/rules", "rule_id", one="rule", prefix="BankRule", arrays=["target_accounts", "accounts", "criterion=BankRuleCriterions"])
    single("BankTransactions", "/banktransactions", "transaction_id", one="banktransaction", prefix="BankTransaction",
           arrays=["documents", "imported_transactions=BankTransactionImportedTransaction", "tags", "line_items"])
    TABLES["BankMatchingTransactions"] = Table(
        each(listed("/banktransactions"), "transaction_id", "/banktransactions/uncategorized/{}/match", "matching_transactions", "statement_transaction_id"),
        key=(), references={"StatementTransactionId": "BankTransactions.TransactionId"})
    for name, value, keep in (("Contact", "Back\\slash GmbH", lambda row, values: row["contact_name"] == values[0]),
                              ("ShowAllTransactions", "true", lambda row, values: True)):
        INPUTS["BankMatchingTransactions", name] = Input([value], keep)


def books_of_the_accountant():
    single("ChartOfAccounts", "/chartofaccounts", "account_id", one="chart_of_account", prefix="ChartOfAccount", arrays=["custom_fields"])
    accounts = listed("/chartofaccounts")
    TABLES["ChartOfAccountTransactions"] = Table(lambda service: [
        {"chart_account_id": account["account_id"], **row} for account in accounts(service)
        for row in service.books.rows("/chartofaccounts/accounttransactions", account_id=account["account_id"])], key=("CategorizedTransactionId",),
        names={"transaction_date": "Date"}, references={"ChartAccountId": "ChartOfAccounts.AccountId"})
    single("Journals", "/journals", "journal_id", one="journal", prefix="Journal", arrays=["line_items", "taxes", "custom_fields", "tags"])
    TABLES["JournalCredits"] = Table(each(listed("/journals"), "journal_id", "/journals/{}/credits", "credits", "journal_id"), key=())
    recurring = listed("/recurringjournals")
    TABLES["RecurringJournals"] = Table(recurring, key=("RecurringJournalId",), names={"journal_id": "RecurringJournalId"})
    for name, value, query in (("RecurringJournalFilter", "Status.Active", {"filter_by": "Status.Active"}), ("AccountId", "4600202700000023000", {"account_id": "4600202700000023000"})):
        INPUTS["RecurringJournals", name] = Input([value], rows=lambda service, _, query=query: service.books.rows("/recurringjournals", **query))
    for array in ("line_items", "taxes", "custom_fields", "tags"):
        TABLES["RecurringJournal" + pascal(array)] = Table(
            lambda service, array=array: [{"recurring_journal_id": row["journal_id"], **one} for row in recurring(service) for one in row[array]], key=(),
            references={"RecurringJournalId": "RecurringJournals.RecurringJournalId"})
    TABLES["RecurringJournalJournals"] = Table(each(recurring, "journal_id", "/recurringjournals/{}/journals", "journals", "recurring_journal_id"),
                                               key=("JournalId",), references={"RecurringJournalId": "RecurringJournals.RecurringJournalId"})


def more_of_the_accountant():
    for name, array in (("TransactionJournals", ""), ("TransactionJournalLineItems", "/line_items")):
        TABLES[name] = Table(lambda service, array=array: [
            {"transaction_id": first_invoice(service), **row} for row in elements(inner(service.books.ask(
                f"/transactions/{first_invoice(service)}/journals", entity_type="invoice"), "journal" + array))], key=())
        INPUTS[name, "ReportBasis"] = Input(["accrual"], lambda row, values: True)
        INPUTS[name, "EntityType"] = Input(["invoice"], lambda row, values: True)
    single("BaseCurrencyAdjustments", "/basecurrencyadjustment", "base_currency_adjustment_id", one="data", prefix="BaseCurrencyAdjustment", arrays=["accounts"])
    named = {"CurrencyId": ADJUSTMENT["currency_id"], "AdjustmentDate": datetime.date(2024, 5, 1), "ExchangeRate": 1.5}
    TABLES["AccountDetailsBaseCurrencyAdjustment"] = Table(
        lambda service: elements(service.books.ask("/basecurrencyadjustment/accounts", **ADJUSTMENT)["data"]), key=(), where={**named, "Notes": "x"})
    TABLES["AccountDetailsBaseCurrencyAdjustmentAccounts"] = Table(
        lambda service: service.books.ask("/basecurrencyadjustment/accounts", **ADJUSTMENT)["data"]["accounts"], key=(), where={**named, "Notes": "x"})
    TABLES["BaseCurrencyAdjustmentContacts"] = Table(
        lambda service: service.books.ask("/basecurrencyadjustment/contacts", account_id="4600202700000006000", **ADJUSTMENT)["contacts"], key=(),
        where={**named, "AccountId": "4600202700000006000"})
    for name, values in (("AccountDetailsBaseCurrencyAdjustmentAccounts", {**named, "Notes": "x"}),
                         ("BaseCurrencyAdjustmentContacts", {**named, "AccountId": "4600202700000006000"})):
        for column, value in values.items():
            INPUTS[name, column] = Input([value], lambda row, values: True)
    balance = lambda service: service.books.ask("/settings/openingbalances")["opening_balance"]
    TABLES["OpeningBalances"] = Table(lambda service: [balance(service)], key=("OpeningBalanceId",))
    below("OpeningBalanceAccounts", lambda service: [{"opening_balance_id": balance(service)["opening_balance_id"], **row} for row in balance(service)["accounts"]],
          "opening_balance_id", "OpeningBalances", own="account_split_id")
    accounts = listed("/chartofaccounts")
    TABLES["OpeningBalanceTransactions"] = Table(lambda service: [
        {"account_id": account["account_id"], **row} for account in accounts(service)
        for row in service.books.ask("/openingbalances/transactions", account_id=account["account_id"])["transactions"]], key=())
    entries = lambda service, **query: [
        {**row, "booked_account_id": row["account_id"], "account_id": account["account_id"]} for account in accounts(service)
        for row in register(service, account["account_id"], **query)]
    TABLES["RegisterTransactions"] = Table(entries, key=(), where={"FromDate": datetime.date(2024, 1, 1)})
    since = {"filter_by": "TransactionDate.CustomDate", "from_date": "2024-01-01", "to_date": TODAY}
    TABLES["RegisterTransactions"].raw = lambda service: entries(service, **since)
    for name, value, query in (("RegisterFilter", "CustomDate", {}), ("FromDate", datetime.date(2024, 6, 1), {"from_date": "2024-06-01"}),
                               ("ToDate", datetime.date(2024, 6, 30), {"to_date": "2024-06-30"}), ("CashBased", True, {"cash_based": "true"})):
        INPUTS["RegisterTransactions", name] = Input([value], rows=lambda service, _, query=query: entries(service, **{**since, **query}))
    history = each(accounts, "account_id", "/registers/{}/bulkhistory", "bulk_actions_history", "account_id")
    TABLES["RegisterBulkHistory"] = Table(history, key=("BulkActionId",))
    TABLES["RegisterBulkHistoryDetails"] = Table(lambda service: [
        service.books.ask(f"/registers/{row['account_id']}/bulkhistory/{row['bulk_action_id']}")["bulk_action_details"] for row in history(service)],
        key=("BulkActionId",), references={"BulkActionId": "RegisterBulkHistory.BulkActionId"}, without=("transactions",))
    TABLES["RegisterBulkHistoryTransactions"] = Table(lambda service: [
        {"account_id": row["account_id"], "bulk_action_id": row["bulk_action_id"], **one} for row in history(service)
        for one in service.books.ask(f"/registers/{row['account_id']}/bulkhistory/{row['bulk_action_id']}")["bulk_action_details"]["transactions"]], key=(),
        references={"BulkActionId": "RegisterBulkHistory.BulkActionId"})
    TABLES["RegisterBudgetVsActuals"] = Table(each(accounts, "account_id", "/registers/{}/budgetvsactuals", "register_budget_vs_actual", "account_id"), key=())
    for name, value in (("BudgetId", "1"), ("TransactionDate", "ThisYear"), ("FromDate", datetime.date(2024, 1, 1)), ("ToDate", datetime.date(2024, 6, 30)), ("CashBased", True),
                        ("Period", "monthly")):
        INPUTS["RegisterBudgetVsActuals", name] = Input([value], lambda row, values: True)
    INPUTS["OpeningBalanceTransactions", "OpeningBalanceDate"] = Input([datetime.date(2023, 1, 1)], lambda row, values: row["transaction_date"] == "2023-01-01")
    TABLES["TransactionLocks"] = Table(listed("/transactionlocks"), key=("TransactionLockId",))
    module("FixedAssets", "FixedAssetDetails", "/fixedassets", "fixed_asset_id", one="fixed_asset", arrays=["tags", "comments", "custom_fields"])
    assets = TABLES["FixedAssets"].raw
    TABLES["FixedAssetHistory"] = Table(each(assets, "fixed_asset_id", "/fixedassets/{}/history", "asset_history", "fixed_asset_id"), key=())
    TABLES["FixedAssetForecast"] = Table(each(assets, "fixed_asset_id", "/fixedassets/{}/forecast", "data", "fixed_asset_id"), key=())
    TABLES["FixedAssetTypes"] = Table(listed("/fixedassettypes"), key=("FixedAssetTypeId",))


# What nothing here has a value for, or only values that are too short to be a pattern.
UNPROVEN = {("Journals", "EntryNumber"): "too short", **{("RecurringBills", column): "none" for column in (
    "GstTreatment", "VatTreatment", "PricebookId", "PricebookName", "Terms")}, ("RecurringInvoices", "EndDate"): "none"}
ADJUSTMENT = {"currency_id": "4600200200000001000", "adjustment_date": "2024-05-01", "exchange_rate": "1.5", "notes": "x"}


def first_invoice(service):
    return service.books.rows("/invoices")[0]["invoice_id"]


def register(service, account, **query):
    rows, page = [], 1
    while True:
        body = service.books.ask(f"/registers/{account}/transactions", page=page, **query)
        around = {name: body["register_transactions"][name] for name in ("account_type", "gl_closing_balance")}
        rows += [{**around, **row} for row in body["register_transactions"]["account_transactions"]]
        if not body.get("page_context", {}).get("has_more_page"):
            return rows
        page += 1


def projects():
    single("Projects", "/projects", "project_id", one="project")
    lists = listed("/projects")
    for name, path, wrapper, key in (("Users", "users", "users", "user_id"), ("Comments", "comments", "comments", ""),
                                     ("Invoices", "invoices", "invoices", "invoice_id"), ("Tasks", "tasks", "tasks", "task_id")):
        rows = each(lists, "project_id", "/projects/{}/" + path, wrapper, "project_id")
        TABLES["Project" + name] = Table(rows, key=("ProjectId", pascal(key)) if key else ("CommentId",), references={"ProjectId": "Projects.ProjectId"})
    single("TimeEntries", "/projects/timeentries", "time_entry_id", one="time_entry", kinds={
        "BeginTime": "string", "EndTime": "string", "LogTime": "string"})
    TABLES["RunningTimer"] = Table(lambda service: elements(service.books.ask("/projects/timeentries/runningtimer/me")["time_entry"]), key=("TimeEntryId",),
                                   kinds={"BeginTime": "string", "EndTime": "string", "LogTime": "string"})
    single("Tasks", "/tasks", "task_id", one="task", prefix="Task",
           arrays=["owners", "documents", "custom_fields", "comments", "dependencies", "entity_tags"])
    TABLES["TaskEntityTags"].key = ()


def settings():
    single("Currencies", "/settings/currencies", "currency_id", one="currency")
    TABLES["ExchangeRates"] = Table(each(listed("/settings/currencies"), "currency_id", "/settings/currencies/{}/exchangerates", "exchange_rates", "currency_id"),
                                    key=("ExchangeRateId",))
    INPUTS["ExchangeRates", "FromDate"] = Input([datetime.date(2024, 1, 1)], rows=asked_for_rates(from_date="2024-01-01"))
    INPUTS["ExchangeRates", "IsCurrentDate"] = Input([True], rows=asked_for_rates(is_current_date="true"))
    taxes = listed("/settings/taxes")
    single("Taxes", "/settings/taxes", "tax_id", one="tax")
    groups = lambda service: [service.books.ask(f"/settings/taxgroups/{row['tax_id']}")["tax_group"] for row in taxes(service) if row["tax_type"] == "tax_group"]
    TABLES["TaxGroups"] = Table(groups, key=("TaxGroupId",), references={"TaxGroupId": "Taxes.TaxId"})
    TABLES["TaxGroupTaxes"] = Table(lambda service: [{"tax_group_id": row["tax_group_id"], **one} for row in groups(service) for one in row["taxes"]], key=(),
                                    references={"TaxGroupId": "Taxes.TaxId"})
    single("TaxAuthorities", "/settings/taxauthorities", "tax_authority_id", one="tax_authority")
    single("TaxExemptions", "/settings/taxexemptions", "tax_exemption_id", one="tax_exemption")
    single("Users", "/users", "user_id", one="user")
    TABLES["CurrentUser"] = Table(lambda service: [service.books.ask("/users/me")["user"]], key=("UserId",))
    TABLES["Locations"] = Table(listed("/locations"), key=("LocationId",))
    modules = listed("/settings/modules")
    TABLES["CustomModules"] = Table(modules, key=("ModuleId",))
    records = lambda service: [{"module_api_name": row["module_api_name"], **one} for row in modules(service)
                               for one in service.books.rows(f"/{row['module_api_name']}")]
    TABLES["CustomModuleRecords"] = Table(records, key=("ModuleRecordId",))
    UNPROVEN["CustomModules", "PortalType"] = "no module here is in a portal"
    asked = lambda service, **query: [{"module_api_name": row["module_api_name"], **one} for row in modules(service)
                                      for one in service.books.rows(f"/{row['module_api_name']}", **query)]
    INPUTS["CustomModuleRecords", "CustomModuleRecordFilter"] = Input(["Status.Active"], rows=lambda service, _: asked(service, filter_by="Status.Active"))
    INPUTS["CustomModuleRecords", "SearchText"] = Input(["a"], rows=lambda service, _: asked(service, search_text="a"))
    INPUTS["CustomModuleRecords", "CustomviewId"] = Input(["1"], lambda row, values: True)
    whole = lambda service: [service.books.ask(f"/{row['module_api_name']}/{row['module_record_id']}")["module_record"] for row in records(service)]
    TABLES["CustomModuleRecordDetails"] = Table(whole, key=("ModuleRecordId",), references={"ModuleRecordId": "CustomModuleRecords.ModuleRecordId"})
    TABLES["CustomModuleFields"] = Table(lambda service: [
        {"module_api_name": row["module_api_name"], "module_record_id": row["module_record_id"], **one} for row in whole(service) for one in row["module_fields"]],
        key=(), references={"ModuleRecordId": "CustomModuleRecords.ModuleRecordId"})
    tags = listed("/reportingtags")
    TABLES["ReportingTags"] = Table(tags, key=("TagId",))
    options = lambda service: [(row, service.books.ask("/reportingtags/options", tag_id=row["tag_id"])) for row in tags(service)]
    TABLES["ReportingTagOptions"] = Table(lambda service: [{"tag_id": row["tag_id"], **one} for row, body in options(service) for one in body["options"]],
                                          key=("TagOptionId",), names={"option_id": "TagOptionId"})
    TABLES["ReportingTagDetails"] = Table(lambda service: [
        {name: value for name, value in body.items() if name not in ("code", "message", "options", "dependent_tags", "page_context")} for _, body in options(service)],
        key=("TagId",), references={"TagId": "ReportingTags.TagId"})
    TABLES["ReportingTagDependents"] = Table(lambda service: [{"tag_id": row["tag_id"], **one} for row, body in options(service) for one in body["dependent_tags"]],
                                             key=())
    TABLES["ReportingTagAllOptions"] = Table(each(tags, "tag_id", "/reportingtags/{}/options/all", "results", "tag_id"), key=())
    TABLES["Templates"] = Table(lambda service: [{"entity": entity, **row} for entity in ENTITIES for row in service.books.ask(f"/{entity}/templates")["templates"]],
                                key=("TemplateId",))
    organizations = lambda service: service.books.ask("/organizations")["organizations"]
    TABLES["Organizations"] = Table(organizations, key=("OrganizationId",), references={"CurrencyId": None})
    TABLES["OrganizationDetails"] = Table(lambda service: [service.books.ask("/organizations/" + row["organization_id"])["organization"]
                                                           for row in organizations(service)], key=("OrganizationId",),
                                          references={"OrganizationId": "Organizations.OrganizationId", "CurrencyId": None})


def asked_for_rates(**query):
    return lambda service, _: [{"currency_id": row["currency_id"], **rate} for row in service.books.rows("/settings/currencies")
                               for rate in service.books.ask(f"/settings/currencies/{row['currency_id']}/exchangerates", **query)["exchange_rates"]]


ENTITIES = "creditnotes deliverychallans estimates invoices purchaseorders retainerinvoices salesorders".split()


# ---- The reports ----

def report(path, *wrapper, **query):
    """The rows of a report: behind the last of the members."""
    def rows(service, **more):
        found, page = [], 1
        while True:
            body = service.books.ask("/reports/" + path, page=page, **{**query, **more})
            level = [body]
            for member in wrapper:
                level = [one for outer in level for one in elements(outer.get(member))]
            found += level
            if not body.get("page_context", {}).get("has_more_page"):
                return found
            page += 1
    return rows


def branches(rows, above=()):
    """The lines of a tree, with what stands above each."""
    for row in rows:
        names = above + (row,)
        yield {**{member: value for member, value in row.items() if member != "account_transactions"}, "level": len(names),
               **{f"{title}_name": names[depth]["name"] if depth < len(names) else None for depth, title in enumerate(LEVELS)},
               **{f"{title}_total": names[depth].get("total") if depth < len(names) else None for depth, title in enumerate(LEVELS)}}
        yield from branches(row.get("account_transactions") or [], names)


LEVELS = ("balance_type", "sub_balance_type", "account_transaction_type")
TREES = (("ProfitsAndLossesReport", "profitandloss", "profit_and_loss"), ("BalanceSheetsReport", "balancesheet", "balance_sheet"),
         ("CashFlowReport", "cashflow", "cash_flow"), ("MovementOfEquityReport", "movementofequity", "movement_of_equity"))
# table, path, members that lead to its rows, how its periods are called, the list whose rows it has
REPORTS = (
    ("GeneralLedgerReport", "generalledger", "generalledger", "TransactionDate"),
    ("AccountTransactionsReport", "accounttransaction", "account_transactions account_transactions", "TransactionDate"),
    ("SalesByCustomerReport", "salesbycustomer", "sales", "InvoiceDate"), ("SalesByItemReport", "salesbyitem", "sales", "InvoiceDate"),
    ("SalesBySalespersonReport", "salesbysalesperson", "sales", "InvoiceDate"),
    ("InvoiceDetailsReport", "invoicedetails", "invoice_details invoices", "InvoiceDate", "Invoices"),
    ("EstimateDetailsReport", "estimatedetails", "estimate_details estimates", "EstimateDate", "Estimates"),
    ("SalesOrderDetailsReport", "salesorderdetails", "salesorder_details salesorders", "SalesOrderDate", "SalesOrders"),
    ("DeliveryChallanDetailsReport", "deliverychallandetails", "delivery_challan_details deliverychallans", "ChallanDate", "DeliveryChallans"),
    ("CreditNoteDetailsReport", "creditnotedetails", "credit_note_details creditnotes", "CreditNotesDate", "CreditNotes"),
    ("BillDetailsReport", "billdetails", "bill_details bills", "BillDate", "Bills"),
    ("VendorCreditDetailsReport", "vendorcreditdetails", "vendor_credit_details vendor_credits", "VendorCreditDate", "VendorCredits"),
    ("PurchaseOrderDetailsReport", "purchaseorderdetails", "purchase_order_details purchaseorders", "PODate", "PurchaseOrders"),
    ("RecurringInvoiceDetailsReport", "recurringinvoicedetails", "recurring_invoice_details recurring_invoices", "InvoiceDate", "RecurringInvoices"),
    ("RefundHistoryReport", "refundhistory", "refund_history creditnote_refunds", "RefundDate", "CreditNoteRefunds"),
    ("TimesheetDetailsReport", "timesheetdetails", "timesheet_details time_entries", "Date", "TimeEntries"),
    ("CustomerBalancesReport", "customerbalances", "customerbalances", None), ("VendorBalancesReport", "vendorbalances", "vendorbalances", None),
    ("ARAgingSummaryReport", "aragingsummary", "ar_aging_summary invoiceagingsummary", None),
    ("APAgingSummaryReport", "apagingsummary", "ap_aging_summary billagingsummary", None),
    ("ARAgingDetailsReport", "aragingdetails", "invoiceaging", None), ("TaxSummaryReport", "taxsummary", "tax", "InvoiceDate"),
    ("CustomerBalanceSummaryReport", "customerbalancesummary", "customer_balance_summary", None),
    ("VendorBalanceSummaryReport", "vendorbalancesummary", "vendor_balance_summary", None),
    ("ExpensesByCategoryReport", "expensesbycategory", "expenses", "ExpenseDate"), ("ExpensesByEmployeeReport", "expensesbyemployee", "expenses", "ExpenseDate"),
    ("ExpensesByProjectReport", "expensesbyproject", "expenses", "ExpenseDate"), ("ProjectPerformanceSummaryReport", "projectsummary", "projects", "Date"),
    ("InventorySummaryReport", "inventorysummary", "inventory", None), ("InventoryValuationReport", "inventoryvaluation", "inventory_valuation", None),
    ("ActivityLogsReport", "activitylogs", "activity_logs", None),
)
PERIOD = {"from_date": "2024-01-01", "to_date": "2024-12-31"}


def reports():
    def add(name, rows, field, **more):
        asked = {**PERIOD, "filter_by": field + ".CustomDate"} if field else {}
        where = {"FromDate": datetime.date(2024, 1, 1), "ToDate": datetime.date(2024, 12, 31)} if field else {}
        TABLES[name] = Table(lambda service: list(rows(service, **asked)), key=(), where=where, **more)
        if field:
            for column, member, value in (("FromDate", "from_date", datetime.date(2024, 3, 1)), ("ToDate", "to_date", datetime.date(2024, 6, 30))):
                INPUTS[name, column] = Input([value], rows=lambda service, values, member=member: list(rows(service, **{**asked, member: values[0].isoformat()})))
            INPUTS[name, "TransactionDate"] = Input(["CustomDate"], rows=lambda service, _: list(rows(service, **asked)))
            INPUTS[name, "CashBased"] = Input([True], rows=lambda service, _: list(rows(service, **{**asked, "cash_based": "true"})))
    for name, path, wrapper in TREES:
        rows = report(path, wrapper, **({"is_hierarchy_report": "true"} if path == "cashflow" else {}))
        add(name, lambda service, rows=rows, **more: branches(rows(service, **more)), "TransactionDate")
    trial = report("trialbalance", "trialbalance", "account_transactions")
    add("TrialBalanceReport", lambda service, **more: [{"account_type": kind["account_type"], **row} for kind in trial(service, **more)
                                                       for row in kind["account_transactions"]], "TransactionDate")
    for name, path, wrapper, field, *lists in REPORTS:
        like = TABLES[lists[0]] if lists else None
        references = {like.key[0]: f"{lists[0]}.{like.key[0]}"} if like else {}
        add(name, report(path, *wrapper.split()), field, references={"EmployeeId": None, **references},
            **({"names": like.names, "kinds": like.kinds, "never": tuple(NEVER.get(lists[0], "").split())} if like else {}))
        NEVER[name] = NEVER.get(lists[0], "") if like else NEVER.get(name, "")
    for name, column, parameter, value in (("APAgingSummaryReport", "ReportDate", "report_date", datetime.date(2024, 6, 30)), ("APAgingSummaryReport", "IntervalRange", "interval_range", 10),
                                           ("APAgingSummaryReport", "NumberOfColumns", "number_of_columns", 3), ("ARAgingSummaryReport", "ReportDate", "report_date", datetime.date(2024, 6, 30)),
                                           ("ARAgingSummaryReport", "IntervalRange", "interval_range", 10), ("ARAgingSummaryReport", "NumberOfColumns", "number_of_columns", 3),
                                           ("VendorBalancesReport", "ReportDate", "report_date", datetime.date(2024, 6, 30))):
        rows = next(report(path, *wrapper.split()) for table, path, wrapper, *_ in REPORTS if table == name)
        INPUTS[name, column] = Input([value], rows=lambda service, _, rows=rows, parameter=parameter, value=value: rows(service, **{parameter: str(value)}))


TODAY = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
# Columns of members that were seen in practice only, and that the sandbox does not send.
NEVER = {
    "GeneralLedgerReport": "AccountCode AccountGroup Depth ProjectId", "TaskCustomFields": "Value", "TransactionLocks": "ActiveLockSummary",
    "Contacts": "CustomFields",
    "CustomerDebitNoteDetails": "Contact ContactPersonsDetails CustomerCustomFieldHash CustomerCustomFields CustomerDefaultBillingAddress "
        "LockDetails PaymentDiscount Salesorders UnusedRetainerPayments",
    "CustomerDebitNotes": "BillingAddress ShippingAddress",
    "EstimateDetails": "CustomerDefaultBillingAddress PaymentOptions",
    "ExpenseDetails": "ImportedTransactions LineItems Location",
    "Expenses": "CustomFieldsList",
    "InvoiceDetails": "Contact ContactPersonsDetails CustomerCustomFieldHash CustomerCustomFields CustomerDefaultBillingAddress LockDetails "
        "PaymentDiscount Salesorders UnusedRetainerPayments",
    "Invoices": "BillingAddress ShippingAddress",
    "ItemDetails": "CustomFields Documents PackageDetails PreferredVendors SalesChannels Tags Warehouses",
    "Items": "Documents ItemTaxPreferences LineItems PackageDetails PreferredVendors PriceBrackets SalesChannels Tags Warehouses",
    "Journals": "Documents",
    "PurchaseOrderDetails": "ContactPersons",
    "PurchaseOrders": "AcquisitionVatSummary BillingAddress ContactPersons DeliveryAddress Documents ReverseChargeVatSummary Taxes",
    "SalesOrderDetails": "BillingAddress ContactPersons ShippingAddress Taxes",
    "SalesOrders": "BillingAddress ContactPersons Documents LineItems ShippingAddress Taxes",
}


# ---- The rules of this service ----

def flat(members):
    """billing_address.city is BillingAddressCity, and billing_address.address BillingAddress."""
    names = members[:-1] if members[-1] == "address" and members[-2].endswith("address") else members
    return "".join(map(pascal, names))


AMOUNT = re.compile(r"(Amount|Total|Balance|Rate|Price|Quantity|Charge|ChargeTax|OfTax|OfDiscount|Adjustment|Percent|Percentage|Stock|Level|Distance|Width|Height|Credits|"
                    r"Debit|Credit|Bcy|Fcy|OnHand|Reading|AssetValue|DepValue|StartValue|SalvageValue|DepreciatedValue|CurrentValue|AccumulatedValue|AmountPaid)$")
FLAG = re.compile(r"(^|.*[a-z])(Is|Has|Can)[A-Z]|StopReminderUntilPaymentExpectedDate")


def kind(column, values):
    """Ids and what is made to be read are texts; an amount may be a number in one row and a text in the next."""
    there = [value for value in values if value not in (None, "", [], {})]
    if re.search(r"(^|[a-z])Id$", column) or column in ("Discount", "PricebookDiscount", "Type", "Value") or column.endswith("Formatted"):
        return "string"
    if column in ("RemindersSent", "Level"):
        return "integer"
    if FLAG.match(column):
        return "boolean"
    if there and all(isinstance(value, (int, float)) and not isinstance(value, bool) or re.fullmatch(r"-?\d+(\.\d+)?", str(value)) for value in there):
        if column.endswith("Number"):
            return "string"
        if AMOUNT.search(column) or any(isinstance(value, float) for value in there):
            return "double"
        if any(isinstance(value, int) for value in there):
            return "integer"
    return None


# What filter_by can be asked for: the first of these that has rows, and not all of them where there is a choice.
VIEWS = """Status.Active Status.Inactive Status.Paid Status.Open Status.Sent Status.Draft Status.Overdue Status.Closed Status.Invoiced Status.Accepted Status.Billable
    Status.Unbilled Status.Uncategorized Status.Categorized Status.Returned Status.Delivered Status.Stopped Status.Void Status.Fulfilled Status.PendingDelivery
    AccountType.Expense AccountType.Income PaymentMode.Cash PaymentMode.Check Date.ThisYear JournalDate.ThisYear Currencies.ExcludeBaseCurrency
    Status.Completed Status.Overdue Status.Open Task.Overdue Status.Customer Type.Sales Type.Purchase Status.All Date.All""".split()


def values_of(value, member):
    """Whatever a member of that name has, however deep."""
    if isinstance(value, list):
        for one in value:
            yield from values_of(one, member)
    elif isinstance(value, dict):
        for name, one in value.items():
            if name == member and isinstance(one, (str, int, float)) and one != "":
                yield str(one)
            yield from values_of(one, member)


def candidates(service, table, column, parameter):
    """Texts that the parameter may be asked with."""
    rows = TABLES[table].raw(service)
    if parameter == "filter_by":
        return VIEWS
    if parameter == "search_text":
        return [text for name in ("customer_name", "vendor_name", "name", "reference_number", "account_name", "contact_name", "entry_number", "task_name")
                for text in list(values_of(rows, name))[:1]]
    whole = TABLES.get(table[:-1] + "Details") or TABLES.get({"SalesReceipts": "SalesReceiptDetails"}.get(table))
    details = whole.raw(service) if whole else rows
    names = [parameter, parameter.rstrip("s"), re.sub(r"_(start|end|before|after)$", "", parameter), *ALIASES.get(parameter, ())]
    return [text for name in names for text in dict.fromkeys(values_of(details, name))][:60]


ALIASES = {"created_by": ("created_by_id",), "contact_ids": ("contact_id",), "client_ids": ("client_id",), "currency": ("currency_code",), "address": ("address",),
           "journal_entity_type": ("entity_type",), "transaction_status": ("status",), "branch_ids": ("location_id",), "item_name": ("name",), "item_description": ("description",)}


def find_inputs(service):
    """What each input of a list yields: its rows when the service itself is asked, with a value that some rows have."""
    for table, columns in declared(service).items():
        if table not in SOURCES:
            continue
        path, query = SOURCES[table]
        every = len(TABLES[table].raw(service))
        for column, is_input, filters in columns:
            if not is_input or (table, column) in INPUTS:
                continue
            parameter, found = filters[0]["parameter"], None
            for text in candidates(service, table, column, parameter):
                if service.books.refuses(path, **{**query, parameter: text}):
                    continue
                rows = service.books.rows(path, **{**query, parameter: text})
                if rows and (found is None or len(rows) < every):
                    found = text
                    if len(rows) < every:
                        break
            if found is None:
                service.unproven[table, column] = "no row here has a value for it"
            else:
                INPUTS[table, column] = Input([typed(column, parameter, found)], rows=asked_again(table, path, query, parameter, found))


def typed(column, parameter, text):
    """As what the value of an input is bound."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return datetime.date.fromisoformat(text)
    return {"true": True, "false": False}.get(text, text)


def asked_again(table, path, query, parameter, text):
    """The rows of the table among those that the list has then."""
    key = next(iter(TABLES[table].key))
    def rows(service):
        member = next(name for name, value in service.books.rows(path, **query)[0].items() if TABLES[table].names.get(name, pascal(name)) == key)
        ids = {row[member] for row in service.books.rows(path, **{**query, parameter: text})}
        return [row for row in TABLES[table].raw(service) if row[member] in ids]
    return lambda service, _: rows(service)


def service_of(session, **more):
    service = Service(session, "zohobooks", TABLES, REFERENCES, INPUTS, flat=flat, kind=kind, nothing=("",), no_columns=r"cf_\w+|custom_field_hash", **more)
    service.books = Books(session)
    service.unproven.update(UNPROVEN)
    for name in ("TransactionJournals", "TransactionJournalLineItems"):
        TABLES[name].where = {"TransactionId": first_invoice(service), "EntityType": "invoice"}
    find_inputs(service)
    for name, columns in NEVER.items():
        TABLES[name].never = tuple(columns.split())
    for name, table in TABLES.items():      # the end of a key's name tells nothing
        if len(table.key) == 1:
            table.references.setdefault(table.key[0], None)
    return service


def every_table():
    define()
    with Session("--rows", ROWS, play="zohobooks") as session:
        run_tables(service_of(session))


if __name__ == "__main__":
    run(every_table)
