/* Reports of accounts: what their entries of a period, or until its end, come to. */
#include <stdlib.h>
#include <string.h>

#include "test/sandbox/zoho_json.h"
#include "test/sandbox/zoho_report.h"

/* An account with its sums. */
struct account {
    const char *id, *name, *type;
    double debit, credit;
    bool moved;                     /* it has entries at all */
};

struct accounts {
    struct account *all;
    size_t count;
    bool non_zero;                  /* only those are shown */
};

static const char *member_text(const struct zoho_at *at, const char *member)
{
    unsigned name;
    return zoho_known(&at->books->schema.names, member, &name) ? zoho_as_text(at->books, zoho_member(at, name)) : "";
}

static double member_number(const struct zoho_at *at, const char *member)
{
    unsigned name;
    double number = 0;
    if (zoho_known(&at->books->schema.names, member, &name))
        zoho_as_number(zoho_member(at, name), &number);
    return number;
}

/* All accounts with what the entries in the window come to; on a cash basis only what is paid counts. */
static struct accounts accounts_of(struct zoho_call *call, const struct zoho_report_form *form, const struct zoho_window *window)
{
    struct zoho_books *books = call->books;
    const struct zoho_table *table = zoho_table(&books->schema, "chartofaccounts"), *ledger = zoho_table(&books->schema, "ledger");
    const char *cash = request_query(call->request, "cash_based"), *rows = request_query(call->request, "show_rows");
    struct accounts accounts = {.count = zoho_rows(books, call->organization, table)};

    accounts.non_zero = rows && strcmp(rows, "non_zero") == 0;
    accounts.all = zoho_take(&books->scratch, accounts.count, sizeof *accounts.all);
    for (size_t a = 0; a < accounts.count; a++) {
        struct zoho_at at = zoho_row(books, call->organization, table, a);
        accounts.all[a] = (struct account){zoho_id(&at), member_text(&at, "account_name"), member_text(&at, "account_type"), 0, 0, false};
    }
    for (size_t e = 0, entries = zoho_rows(books, call->organization, ledger); e < entries; e++) {
        struct zoho_at at = zoho_row(books, call->organization, ledger, e), account;
        struct zoho_mark mark = zoho_mark(&books->scratch);
        int64_t day;
        bool counts = zoho_day(member_text(&at, "date"), &day) && day <= window->to && (form->until || day >= window->from);
        if (counts && cash && strcmp(cash, "true") == 0)
            counts = strcmp(member_text(&at, "transaction_type"), "expense") == 0 ||
                     strcmp(member_text(&at, "transaction_status"), "paid") == 0;
        if (counts && zoho_find(books, call->organization, member_text(&at, "account_id"), &account) && account.i < accounts.count) {
            accounts.all[account.i].debit += member_number(&at, "debit_amount");
            accounts.all[account.i].credit += member_number(&at, "credit_amount");
            accounts.all[account.i].moved = true;
        }
        zoho_release(&books->scratch, mark);
    }
    return accounts;
}

/* Whether what comes in on the credit side makes the account more. */
static bool of_credit(const char *type)
{
    static const char *const types[] = {"income", "other_income", "accounts_payable", "other_current_liability", "credit_card",
                                        "long_term_liability", "other_liability", "equity"};
    for (size_t t = 0; t < sizeof types / sizeof types[0]; t++)
        if (strcmp(types[t], type) == 0)
            return true;
    return false;
}

static bool of_earnings(const char *type)
{
    return strcmp(type, "income") == 0 || strcmp(type, "other_income") == 0 || strcmp(type, "cost_of_goods_sold") == 0 ||
           strcmp(type, "expense") == 0 || strcmp(type, "other_expense") == 0;
}

static double balance_of(const struct account *account)
{
    return of_credit(account->type) ? account->credit - account->debit : account->debit - account->credit;
}

/* The sign with which the node counts the account type: 1, -1, or 0 when it does not. */
static int sign_in(const char *types, const char *type)
{
    size_t length = strlen(type);
    for (const char *at = types; *at; at += strspn(at, " ")) {
        size_t word = strcspn(at, " ");
        int sign = *at == '-' ? -1 : 1;
        if (word == length + (sign < 0) && strncmp(at + (sign < 0), type, length) == 0)
            return sign;
        at += word;
    }
    return 0;
}

static void write_leaf(FILE *out, const char *name, const char *id, double total)
{
    fputs("{\"name\":", out);
    zoho_write_text(out, name);
    fputs(",\"total_label\":\"\",\"total\":", out);
    fprintf(out, "%.2f,\"previous_values\":[],\"previous_total\":\"\",\"account_id\":\"%s\",\"account_transactions\":[]}",
            total + 0.0, id);
}

/* The leaves of a node, and their sum as the node counts them. */
static double write_leaves(FILE *out, const struct accounts *accounts, const char *types, const char **between)
{
    double total = 0, earnings = 0;
    for (size_t a = 0; a < accounts->count; a++) {
        const struct account *account = &accounts->all[a];
        int sign = sign_in(types, account->type);
        double balance = balance_of(account);
        earnings += of_earnings(account->type) ? account->credit - account->debit : 0;
        if (!sign || (accounts->non_zero && balance == 0))
            continue;
        fputs(*between, out);
        write_leaf(out, account->name, account->id, balance);
        *between = ",";
        total += sign * balance;
    }
    if (sign_in(types, "earnings")) {
        fputs(*between, out);
        write_leaf(out, "Current Year Earnings", "", earnings);
        *between = ",";
        total += earnings;
    }
    return total;
}

/* Node n with everything below it; *next gets the node behind that. */
static double write_node(FILE *out, const struct zoho_report_form *form, size_t n, const struct accounts *accounts, double carried,
                         size_t *next)
{
    const struct zoho_node *node = &form->nodes[n];
    const char *between = "";
    double total = node->carried ? carried : 0;

    fputs("{\"name\":", out);
    zoho_write_text(out, node->title);
    fputs(",\"account_transactions\":[", out);
    total += write_leaves(out, accounts, node->types, &between);
    for (*next = n + 1; *next < form->node_count && form->nodes[*next].level > node->level;) {
        fputs(between, out);
        total += write_node(out, form, *next, accounts, 0, next);
        between = ",";
    }
    fputs("],\"total_label\":", out);
    fprintf(out, "\"Total for %s\"", node->title);
    fprintf(out, ",\"total\":%.2f,\"previous_values\":[],\"previous_total\":\"\"}", total + 0.0);
    return total;
}

static void write_tree(FILE *out, const struct zoho_report_form *form, const struct accounts *accounts)
{
    double carried = 0;
    for (size_t n = 0, next; n < form->node_count; n = next) {
        if (n)
            fputc(',', out);
        carried = write_node(out, form, n, accounts, carried, &next);
    }
}

/* One group for each account type, in the order in which they first come. */
static void write_trial(FILE *out, const struct accounts *accounts)
{
    fputs("{\"account_transactions\":[", out);
    for (size_t a = 0, groups = 0; a < accounts->count; a++) {
        const char *type = accounts->all[a].type, *between = "";
        size_t first = 0;
        while (strcmp(accounts->all[first].type, type) != 0)
            first++;
        if (first != a)
            continue;
        fprintf(out, "%s{\"account_type\":\"%s\",\"account_transactions\":[", groups++ ? "," : "", type);
        for (size_t b = a; b < accounts->count; b++) {
            const struct account *account = &accounts->all[b];
            double net = account->debit - account->credit;
            if (strcmp(account->type, type) != 0 || (accounts->non_zero && net == 0))
                continue;
            fprintf(out, "%s{\"name\":", between);
            zoho_write_text(out, account->name);
            fprintf(out, ",\"account_id\":\"%s\",\"net_debit_total\":%.2f,\"net_credit_total\":%.2f}", account->id, net > 0 ? net : 0.0,
                    net < 0 ? -net : 0.0);
            between = ",";
        }
        fputs("]}", out);
    }
    fputs("]}", out);
}

static void write_ledger(FILE *out, const struct accounts *accounts)
{
    const char *between = "";
    for (size_t a = 0; a < accounts->count; a++) {
        const struct account *account = &accounts->all[a];
        if (accounts->non_zero && !account->moved)
            continue;
        fprintf(out, "%s{\"name\":", between);
        zoho_write_text(out, account->name);
        fprintf(out, ",\"account_id\":\"%s\",\"account_type\":\"%s\",\"opening_balance\":0.00,\"debit_total\":%.2f,\"credit_total\":%.2f,"
                "\"balance\":%.2f,\"closing_balance\":%.2f}", account->id, account->type, account->debit, account->credit,
                account->debit - account->credit, account->debit - account->credit);
        between = ",";
    }
}

void zoho_report_accounts(struct zoho_call *call, const struct zoho_report_form *form, const struct zoho_window *window)
{
    struct accounts accounts = accounts_of(call, form, window);
    struct zoho_body body;

    zoho_body_open(&body);
    fprintf(body.out, ",\"%s\":[", form->wrapper);
    if (form->kind == REPORT_TREE)
        write_tree(body.out, form, &accounts);
    else if (form->kind == REPORT_TRIAL)
        write_trial(body.out, &accounts);
    else
        write_ledger(body.out, &accounts);
    fputc(']', body.out);
    zoho_body_close(&body, call->answer, 200);
}
