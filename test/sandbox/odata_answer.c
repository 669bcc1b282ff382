/* Addresses and options. */
#include "test/sandbox/odata_answer.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "test/sandbox/odata_apply.h"

struct asking {
    const struct shop *shop;
    int version;
    const struct odata_ways *ways;
    const struct request *request;
    struct answer *answer;
    struct shop_writer writer;
    char base[80];
    struct odata_fault fault;
    char *body;
    size_t length;
};

void odata_fail(int version, const struct odata_ways *ways, unsigned status, const char *message, struct answer *answer)
{
    json_t *text = version < 4 ? json_pack("{ssss}", "lang", "en", "value", message) : json_string(message);

    if (ways->quirks & QUIRK_STUMBLES) {
        json_decref(text);
        answer_text(answer, 500, "text/plain", "undefined is not a function\n");
        return;
    }
    answer_json(answer, status, json_pack("{s{ssso}}", version == 3 ? "odata.error" : "error", "code", "E1", "message", text));
}

static bool fail(struct asking *asking, unsigned status, const char *message)
{
    if (!asking->fault.status) {
        asking->fault.status = status;
        snprintf(asking->fault.message, sizeof asking->fault.message, "%s", message);
    }
    return false;
}

static const char *option(const struct asking *asking, const char *name)
{
    return request_query(asking->request, name);
}

static bool is_refused(struct asking *asking)
{
    static const struct { const char *option; unsigned bit; } options[] = {
        {"$filter", REFUSE_FILTER}, {"$select", REFUSE_SELECT}, {"$orderby", REFUSE_ORDERBY}, {"$top", REFUSE_TOP}, {"$skip", REFUSE_SKIP},
        {"$expand", REFUSE_EXPAND}, {"$apply", REFUSE_APPLY}, {"$search", REFUSE_SEARCH},
    };
    char message[80];

    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
        if (option(asking, options[i].option) && (asking->ways->refuse & options[i].bit)) {
            snprintf(message, sizeof message, "The query option %s is not allowed", options[i].option);
            return !fail(asking, options[i].bit == REFUSE_APPLY || options[i].bit == REFUSE_SEARCH ? 501 : 400, message);
        }
    if (asking->version < 4 && option(asking, "$search"))
        return !fail(asking, 400, "There is no query option $search");
    return false;
}

static bool accepts(const struct asking *asking, const char *word)
{
    const char *accept = request_header(asking->request, "accept");
    return accept && strstr(accept, word);
}

/* Whether the answer is Atom; *fits: it is a form that there is. */
static bool is_atom(struct asking *asking, bool *fits)
{
    bool atom = asking->version < 4 && accepts(asking, "atom");

    *fits = true;
    if ((asking->ways->quirks & QUIRK_ONLY_ATOM) && !atom)
        *fits = fail(asking, 415, "Only Atom");
    else if ((asking->ways->refuse & REFUSE_EXACT) && accepts(asking, "IEEE754"))
        *fits = fail(asking, 406, "Not acceptable");
    return atom;
}

/* What is asked of the rows themselves. */

static struct odata_unknown unknown(const struct asking *asking)
{
    return (struct odata_unknown){.in = asking->ways->refuse & REFUSE_IN, .functions = asking->ways->refuse & REFUSE_FUNCTIONS,
                                   .calculations = asking->ways->refuse & REFUSE_CALCULATIONS, .terms = asking->ways->refuse & REFUSE_TERMS};
}

static bool contains_word(const json_t *row, const char *word)
{
    const char *name = json_string_value(json_object_get(row, "Name"));
    return name && strcasestr(name, word);
}

static bool is_found(const json_t *row, const char *words)
{
    char *copy = text_copy(words), *rest = NULL;
    bool found = true;

    for (char *word = strtok_r(copy, " \"", &rest); word; word = strtok_r(NULL, " \"", &rest))
        found = found && contains_word(row, word);
    free(copy);
    return found;
}

/* Those of the rows that $filter and $search leave: a new array; NULL when they can not be understood. */
static json_t *filtered(struct asking *asking, const struct shop_type *type, json_t *rows)
{
    const char *text = option(asking, "$filter"), *search = option(asking, "$search");
    const struct odata_unknown words = unknown(asking);
    struct shop_filter *filter = text ? shop_filter_open(asking->shop, type, asking->version, &words, text, &asking->fault) : NULL;
    json_t *kept = json_array(), *row;
    size_t i;

    if (text && !filter) {
        json_decref(kept);
        return NULL;
    }
    json_array_foreach(rows, i, row)
        if ((!filter || shop_filter_holds(filter, row)) && (!search || is_found(row, search)))
            json_array_append(kept, row);
    shop_filter_close(filter);
    return kept;
}

struct sorting {
    const struct shop *shop;
    const struct shop_type *type;
    char *paths[10];
    bool down[10];
    size_t count;
};

static int by_order(const void *a, const void *b, void *context)
{
    const struct sorting *sorting = context;
    enum shop_kind kind;

    for (size_t i = 0; i < sorting->count; i++) {
        const json_t *first = shop_reach(sorting->shop, sorting->type, *(json_t *const *)a, sorting->paths[i], &kind);
        const json_t *second = shop_reach(sorting->shop, sorting->type, *(json_t *const *)b, sorting->paths[i], &kind);
        int order = shop_compare(kind, first, second);
        if (order)
            return sorting->down[i] ? -order : order;
    }
    return 0;
}

static bool sort(struct asking *asking, const struct shop_type *type, json_t *rows)
{
    const char *at = option(asking, "$orderby");
    struct sorting sorting = {.shop = asking->shop, .type = type};
    size_t count = json_array_size(rows), i;
    json_t **list = at ? zeroed(count + 1, sizeof *list) : NULL, *row;
    enum shop_kind kind;
    bool known = true;

    for (char *part; at && sorting.count < 10 && (part = shop_part(&at, ',')); sorting.count++) {
        size_t length = strcspn(part, " ");
        sorting.down[sorting.count] = strcmp(part + length, " desc") == 0;
        part[length] = '\0';
        sorting.paths[sorting.count] = part;
        known = known && (shop_reach(asking->shop, type, NULL, part, &kind) || fail(asking, 400, "$orderby: there is no such property"));
    }
    if (list && known) {
        json_array_foreach(rows, i, row)
            list[i] = json_incref(row);
        qsort_r(list, count, sizeof *list, by_order, &sorting);
        json_array_clear(rows);
        for (i = 0; i < count; i++)
            json_array_append_new(rows, list[i]);
    }
    for (i = 0; i < sorting.count; i++)
        free(sorting.paths[i]);
    free(list);
    return known;
}

static void cut(json_t *rows, size_t from, size_t most)
{
    json_t *kept = json_array(), *row;
    size_t i;

    json_array_foreach(rows, i, row)
        if (i >= from && i - from < most)
            json_array_append(kept, row);
    json_array_clear(rows);
    json_array_extend(rows, kept);
    json_decref(kept);
}

/* What is written of them. */

static json_t *names(struct asking *asking, const struct shop_type *type, const char *text)
{
    json_t *list = json_array();

    for (char *part; (part = shop_part(&text, ',')); free(part))
        if (shop_property_named(type, part) || shop_navigation_named(type, part))
            json_array_append_new(list, json_string(part));
        else
            fail(asking, 400, "$select: there is no such property");
    return list;
}

struct seen {                       /* a view, and what it is made of */
    struct shop_view view;
    json_t *select, *inner_select;
    struct shop_filter *filter;
    char *filter_text;
};

static void clear(struct seen *seen)
{
    json_decref(seen->select);
    json_decref(seen->inner_select);
    shop_filter_close(seen->filter);
    free(seen->filter_text);
}

/* V4: "Products($select=ID;$filter=…)" */
static void read_nested(struct asking *asking, const struct shop_type *target, const char *text, struct seen *seen)
{
    const struct odata_unknown words = unknown(asking);
    char *inner = strndup(text, strlen(text) - 1), *part;

    if (asking->version < 4 || (asking->ways->refuse & REFUSE_NESTED))
        fail(asking, 400, "Options inside of $expand are not supported");
    for (const char *at = inner; !asking->fault.status && (part = shop_part(&at, ';')); free(part)) {
        if (strncmp(part, "$select=", 8) == 0) {
            seen->inner_select = names(asking, target, part + 8);
        } else if (strncmp(part, "$filter=", 8) == 0) {
            seen->filter_text = text_copy(part + 8);
            seen->filter = shop_filter_open(asking->shop, target, asking->version, &words, part + 8, &asking->fault);
        } else {
            fail(asking, 400, "$expand: an option is not known");
        }
    }
    free(inner);
}

static bool read_expand(struct asking *asking, const struct shop_type *type, struct seen *seen)
{
    const char *text = option(asking, "$expand");
    char name[80];

    if (!text)
        return true;
    size_t length = strcspn(text, "(");
    snprintf(name, sizeof name, "%.*s", (int)length, text);
    seen->view.expand = shop_navigation_named(type, name);
    if (!seen->view.expand)
        return fail(asking, 400, "$expand: there is no such navigation property");
    if (text[length])
        read_nested(asking, shop_type_named(seen->view.expand->target, false), text + length + 1, seen);
    return !asking->fault.status;
}

/* Before V4 "Category/Name" says what is written of what is inside. */
static bool read_select(struct asking *asking, const struct shop_type *type, struct seen *seen)
{
    const char *text = option(asking, "$select");
    const struct shop_navigation *expand = seen->view.expand;
    size_t length = expand ? strlen(expand->name) : 0;

    if (!text || strcmp(text, "*") == 0)
        return true;
    seen->select = json_array();
    for (char *part; (part = shop_part(&text, ',')); free(part)) {
        if (expand && strncmp(part, expand->name, length) == 0 && part[length] == '/') {
            seen->inner_select = seen->inner_select ? seen->inner_select : json_array();
            json_array_append_new(seen->inner_select, json_string(part + length + 1));
        } else if (shop_property_named(type, part) || shop_navigation_named(type, part)) {
            json_array_append_new(seen->select, json_string(part));
        } else {
            fail(asking, 400, "$select: there is no such property");
        }
    }
    return !asking->fault.status;
}

static bool read_view(struct asking *asking, const struct shop_type *type, struct seen *seen)
{
    if (!read_expand(asking, type, seen) || !read_select(asking, type, seen))
        return false;
    seen->view.select = seen->select;
    seen->view.inner_select = seen->inner_select;
    seen->view.inner_filter = seen->filter;
    seen->view.inner_filter_text = seen->filter_text;
    seen->view.inner_page = asking->ways->quirks & QUIRK_INNER_PAGES ? 2 : 0;
    return true;
}

/* Pages. */

static size_t page_size(const struct asking *asking)
{
    const char *prefer = request_header(asking->request, "prefer"), *wish = prefer ? strstr(prefer, "maxpagesize=") : NULL;
    size_t wanted = wish ? strtoul(wish + 12, NULL, 10) : 0;
    return wanted && wanted < asking->ways->page ? wanted : asking->ways->page;
}

/* The address of what comes behind: the query as it came, with another $skiptoken. From malloc. */
static char *link_to(const struct asking *asking, const char *path, size_t token)
{
    const char *query = asking->request->raw_query;
    char *copy = text_copy(query), *rest = NULL, *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);

    if (!out)
        abort();
    if (!(asking->ways->quirks & QUIRK_RELATIVE))
        fprintf(out, "%s/", asking->base);
    fprintf(out, "%s?", path);
    for (char *part = strtok_r(copy, "&", &rest); part; part = strtok_r(NULL, "&", &rest))
        if (strncmp(part, "$skiptoken=", 11) != 0 && strncmp(part, "%24skiptoken=", 13) != 0)
            fprintf(out, "%s&", part);
    fprintf(out, "%%24skiptoken=%zu", token);
    fclose(out);
    free(copy);
    return text;
}

static bool asks_for_count(const struct asking *asking)
{
    const char *count = option(asking, "$count"), *inline_count = option(asking, "$inlinecount");
    return (count && strcmp(count, "true") == 0) || (inline_count && strcmp(inline_count, "allpages") == 0);
}

static bool write_page(struct asking *asking, const struct shop_type *type, json_t *rows, const struct shop_view *view, const char *path)
{
    const char *token = option(asking, "$skiptoken");
    bool fits, atom = is_atom(asking, &fits), begins = (asking->ways->quirks & QUIRK_EMPTY_PAGE) && !token;
    size_t start = token ? strtoul(token, NULL, 10) : 0, page = begins ? 0 : page_size(asking), total = json_array_size(rows);
    char *next = begins || start + page < total ? link_to(asking, path, start + page) : NULL;
    long long count = asks_for_count(asking) ? (long long)total : -1;

    cut(rows, start, page);
    if (fits && atom)
        shop_write_atom_rows(&asking->writer, type, rows, view, next, count);
    else if (fits)
        shop_write_rows(&asking->writer, type, rows, view, next, count);
    free(next);
    return fits;
}

static bool write_many(struct asking *asking, const struct shop_type *type, json_t *all, const char *path)
{
    const char *skip = option(asking, "$skip"), *top = option(asking, "$top");
    struct seen seen = {.select = NULL};
    json_t *rows = read_view(asking, type, &seen) ? filtered(asking, type, all) : NULL;
    bool done = rows && sort(asking, type, rows);

    if (done) {
        cut(rows, skip ? strtoul(skip, NULL, 10) : 0, top ? strtoul(top, NULL, 10) : (size_t)-1);
        done = write_page(asking, type, rows, &seen.view, path);
    }
    json_decref(rows);
    clear(&seen);
    return done;
}

static bool write_one(struct asking *asking, const struct shop_type *type, const json_t *row)
{
    struct seen seen = {.select = NULL};
    bool fits, atom = is_atom(asking, &fits), done = fits && read_view(asking, type, &seen);

    if (done && atom)
        shop_write_atom_row(&asking->writer, type, row, &seen.view);
    else if (done)
        shop_write_row(&asking->writer, type, row, &seen.view);
    clear(&seen);
    return done;
}

static bool write_count(struct asking *asking, const struct shop_type *type, json_t *all)
{
    json_t *rows = asking->ways->refuse & REFUSE_COUNT ? NULL : filtered(asking, type, all);

    if (!rows)
        return fail(asking, 404, "There is nothing there");
    fprintf(asking->writer.out, "\xEF\xBB\xBF%zu", json_array_size(rows));
    json_decref(rows);
    return true;
}

/* Addresses. */

/* The row of a key, "5", "5L" or "OrderID=1,Number=2"; NULL. */
static json_t *find(const struct asking *asking, const struct shop_type *type, const char *key)
{
    json_t *row;
    size_t i;

    json_array_foreach(shop_rows(asking->shop, type), i, row) {
        const char *at = key;
        bool same = true;
        for (const char *const *name = type->keys; *name && same; name++) {
            size_t length = strlen(*name);
            if (type->keys[1] && (strncmp(at, *name, length) != 0 || at[length] != '='))
                return NULL;
            char *end;
            at += type->keys[1] ? length + 1 : 0;
            long long value = strtoll(at, &end, 10);
            same = end != at && json_integer_value(json_object_get(row, *name)) == value;
            at = end + (*end == 'L');
            at += *at == ',';
        }
        if (same && !*at)
            return row;
    }
    return NULL;
}

static bool follow(struct asking *asking, const struct shop_type *type, const json_t *row, const char *name, const char *path)
{
    const struct shop_navigation *navigation = shop_navigation_named(type, name);
    const struct shop_type *target = navigation ? shop_type_named(navigation->target, false) : NULL;

    if (!navigation)
        return fail(asking, 404, "There is no such navigation property");
    json_t *rows = shop_follow(asking->shop, row, navigation);
    bool done = true;
    if (navigation->many)
        done = write_many(asking, target, rows, path);
    else if (json_array_size(rows))
        done = write_one(asking, target, json_array_get(rows, 0));
    else
        asking->fault.status = 204;
    json_decref(rows);
    return done;
}

/* Cheapest(below=@below)?@below=5.5 in V4, Cheapest?below=5.5M before it. */
static bool call(struct asking *asking, const char *path, bool twice)
{
    const char *name = twice ? "number" : "below", *text;
    const struct shop_type *product = shop_type_named("Product", false);
    char alias[20];

    snprintf(alias, sizeof alias, "@%s", name);
    text = request_query(asking->request, asking->version == 4 ? alias : name);
    if (!text)
        return fail(asking, 400, "A parameter is missing");
    if (twice) {
        const char *form = asking->version == 2 ? "{\"d\":{\"Twice\":\"%lld\"}}" : asking->version == 3 ? "{\"odata.metadata\":\"x\",\"value\":\"%lld\"}" : "{\"@odata.context\":\"x\",\"value\":%lld}";
        fprintf(asking->writer.out, form, 2 * strtoll(text, NULL, 10));
        return true;
    }
    json_t *rows = json_array(), *row;
    size_t i;
    json_array_foreach(shop_rows(asking->shop, product), i, row) {
        const char *price = json_string_value(json_object_get(row, "Price"));
        if (price && strtold(price, NULL) < strtold(text, NULL))
            json_array_append(rows, row);
    }
    bool done = write_many(asking, product, rows, path);
    json_decref(rows);
    return done;
}

static bool write_documents(struct asking *asking, const char *path, bool *done)
{
    *done = true;
    if (strcmp(path, "$metadata") == 0) {
        shop_write_metadata(asking->writer.out, asking->version, asking->ways->quirks & QUIRK_APPLY);
    } else if (!path[0]) {
        fprintf(asking->writer.out, "{\"value\":[");
        for (size_t i = 0; i < SHOP_TYPES; i++)
            fprintf(asking->writer.out, "%s{\"name\":\"%s\",\"url\":\"%s\"}", i ? "," : "", shop_types[i].set, shop_types[i].set);
        fprintf(asking->writer.out, "]}");
    } else if (strncmp(path, "Twice", 5) == 0 || strncmp(path, "Cheapest", 8) == 0) {
        *done = call(asking, path, path[0] == 'T');
    } else {
        return false;
    }
    return true;
}

static bool write_answer(struct asking *asking, const char *path)
{
    char set[80], key[160] = "";
    bool done;

    if (write_documents(asking, path, &done))
        return done;
    size_t length = strcspn(path, "(/");
    snprintf(set, sizeof set, "%.*s", (int)length, path);
    const struct shop_type *type = shop_type_named(set, true);
    const char *rest = path + length, *end = *rest == '(' ? shop_closing(rest) : NULL;
    if (!type || (*rest == '(' && !end))
        return fail(asking, 404, "There is nothing there");
    if (is_refused(asking))
        return false;
    if (!end && strcmp(rest, "/$count") == 0)
        return write_count(asking, type, shop_rows(asking->shop, type));
    if (!end && option(asking, "$apply")) {
        const struct odata_unknown words = unknown(asking);
        return asking->version == 4 ? shop_apply(&asking->writer, type, option(asking, "$apply"), &words, &asking->fault) : fail(asking, 400, "There is no $apply");
    }
    if (!end)
        return *rest ? fail(asking, 404, "There is nothing there") : write_many(asking, type, shop_rows(asking->shop, type), path);
    snprintf(key, sizeof key, "%.*s", (int)(end - rest - 1), rest + 1);
    if ((asking->ways->refuse & REFUSE_KEY) && !end[1])
        return fail(asking, 405, "There is no access by key");
    const json_t *row = find(asking, type, key);
    if (!row)
        return fail(asking, 404, "There is no such row");
    return end[1] == '/' ? follow(asking, type, row, end + 2, path) : write_one(asking, type, row);
}

static const char *type_of(const struct asking *asking, const char *path)
{
    bool metadata = strcmp(path, "$metadata") == 0;

    if (strstr(path, "/$count"))
        return "text/plain";
    return metadata ? "application/xml" : asking->body[0] == '<' ? "application/atom+xml" : "application/json;charset=utf-8";
}

void odata_answer(const struct shop *shop, int version, const struct odata_ways *ways, const char *path, const struct request *request, struct answer *answer)
{
    struct asking asking = {.shop = shop, .version = version, .ways = ways, .request = request, .answer = answer};

    snprintf(asking.base, sizeof asking.base, "%s/odata%d", request->base, version);
    asking.writer = (struct shop_writer){.out = open_memstream(&asking.body, &asking.length), .shop = shop, .version = version,
                                         .exact = accepts(&asking, "IEEE754Compatible=true"), .base = asking.base};
    if (!asking.writer.out)
        abort();
    bool done = write_answer(&asking, path);
    fclose(asking.writer.out);
    if (asking.fault.status == 204) {
        answer_bytes(answer, 204, NULL, text_copy(""), 0);
    } else if (!done) {
        odata_fail(version, ways, asking.fault.status ? asking.fault.status : 400, asking.fault.message, answer);
    } else if ((ways->quirks & QUIRK_BROKEN) && asking.length > 60 && asking.body[0] == '{') {
        char *text;
        size_t length;
        FILE *out = open_memstream(&text, &length);
        if (!out)
            abort();
        fprintf(out, "%.*s,{\"error\":{\"code\":\"77\",\"message\":\"Time is up\"}}", (int)asking.length - 40, asking.body);
        fclose(out);
        answer_bytes(answer, 200, "application/json", text, length);
    } else {
        answer_bytes(answer, 200, type_of(&asking, path), asking.body, asking.length);
        return;
    }
    free(asking.body);
}
