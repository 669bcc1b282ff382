/* Reads rules by recursive descent, one function for each strength of binding. */
#include "test/sandbox/zoho_rule.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    struct zoho_arena *arena;
    struct zoho_names *names;
    const char *at;
    const struct zoho_line *line;
};

static const struct { const char *name; size_t least, most; } functions[CALLS] = {
    [CALL_PICK] = {"pick", 1, 64},            /* one of its arguments */
    [CALL_INT] = {"int", 2, 2},               /* a whole number from … to */
    [CALL_MONEY] = {"money", 2, 2},           /* likewise, with two decimals */
    [CALL_MAYBE] = {"maybe", 2, 2},           /* the second in so many percent of the rows, else '' */
    [CALL_ANY] = {"any", 1, 3},               /* the id of a row of the table; of one whose member has this value */
    [CALL_WORD] = {"word", 1, 1},             /* one of a list */
    [CALL_DATE] = {"date", 2, 2},             /* a day, so many days from today */
    [CALL_CYCLE] = {"cycle", 1, 64},         /* its arguments in turn, by the innermost number */
    [CALL_KEY] = {"key", 0, 0},              /* the object's own id */
    [CALL_ROW] = {"row", 2, 2},              /* the id of the table's row with this number, which may be too large */
    [CALL_PART] = {"part", 3, 3},            /* the id of an element: array, the row's id, number, which may be too large */
    [CALL_ROWS] = {"rows", 1, 1},            /* how many the table has */
    [CALL_COUNT] = {"count", 1, 1},          /* how many elements the object's array has */
    [CALL_SUM] = {"sum", 2, 2},              /* of a rule over the elements of the object's array */
    [CALL_BY] = {"by", 2, 2},                /* the second, its random parts by the value of the first in place of the row */
    [CALL_TITLE] = {"title", 1, 1},          /* what the row with this id is called */
    [CALL_PLUS] = {"plus", 2, 2},            /* a day and a number of days */
    [CALL_DAYS] = {"days", 2, 2},            /* from the first day to the second */
    [CALL_MOMENT] = {"moment", 2, 2},        /* of a day, at so many seconds from midnight */
    [CALL_TODAY] = {"today", 0, 0},
    [CALL_ROUND] = {"round", 1, 1},          /* to two decimals */
    [CALL_WHOLE] = {"whole", 1, 1},          /* downwards */
    [CALL_PAD] = {"pad", 2, 2},              /* with zeros, to so many digits */
    [CALL_FIXED] = {"fixed", 2, 2},          /* as text, with so many decimals */
    [CALL_LOWER] = {"lower", 1, 1},          /* of ASCII, and without blanks */
    [CALL_LIST] = {"list", 0, 64},           /* the texts of an array; those that are '' are left out */
    [CALL_ORGANIZATION] = {"organization", 1, 1},
    [CALL_QUERY] = {"query", 1, 1},          /* a parameter of the request's path or query */
    [CALL_OTHERWISE] = {"otherwise", 2, 2},  /* the first, or the second where that is '' */
    [CALL_NUMBER] = {"number", 0, 0},               /* of the row, from 1; unlike i also in a row that a client has made */
    [CALL_NUMBER_OF] = {"number_of", 1, 1},  /* the number of the row with this id, -1 for none */
    [CALL_SWITCH] = {"switch", 1, 1},        /* how a switch of the sandbox stands */
};

static size_t slot_of(const struct zoho_names *names, const char *text, size_t length)
{
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * 1099511628211u;
    size_t slot = (size_t)(hash % (names->room * 2));
    while (names->slots[slot]) {
        const char *other = names->texts[names->slots[slot] - 1];
        if (strncmp(other, text, length) == 0 && other[length] == '\0')
            break;
        slot = (slot + 1) % (names->room * 2);
    }
    return slot;
}

static void grow(struct zoho_names *names)
{
    struct zoho_names larger = {.arena = names->arena, .count = names->count, .room = names->room ? names->room * 2 : 2048};
    larger.texts = zoho_take(names->arena, larger.room, sizeof *larger.texts);
    larger.slots = zoho_take(names->arena, larger.room * 2, sizeof *larger.slots);
    for (size_t i = 0; i < names->count; i++) {
        larger.texts[i] = names->texts[i];
        larger.slots[slot_of(&larger, names->texts[i], strlen(names->texts[i]))] = (unsigned)i + 1;
    }
    *names = larger;
}

unsigned zoho_name(struct zoho_names *names, const char *text, size_t length)
{
    if (names->count == names->room)
        grow(names);
    size_t slot = slot_of(names, text, length);
    if (!names->slots[slot]) {
        names->texts[names->count++] = zoho_keep(names->arena, text, length);
        names->slots[slot] = (unsigned)names->count;
    }
    return names->slots[slot] - 1;
}

bool zoho_known(const struct zoho_names *names, const char *text, unsigned *name)
{
    size_t slot = names->room ? slot_of(names, text, strlen(text)) : 0;
    if (!names->room || !names->slots[slot])
        return false;
    *name = names->slots[slot] - 1;
    return true;
}

static struct zoho_rule *new_rule(struct reader *reader, enum zoho_kind kind, size_t arguments)
{
    struct zoho_rule *rule = zoho_take(reader->arena, 1, sizeof *rule);
    rule->kind = kind;
    rule->arguments = zoho_take(reader->arena, arguments, sizeof *rule->arguments);
    return rule;
}

static void add(struct zoho_rule *rule, struct zoho_rule *argument)
{
    rule->arguments[rule->count++] = argument;
}

/* Whether the next thing is this sign or word; steps over it when it is. */
static bool take(struct reader *reader, const char *sign)
{
    size_t length = strlen(sign);
    reader->at += strspn(reader->at, " ");
    if (strncmp(reader->at, sign, length) != 0)
        return false;
    if (isalpha((unsigned char)*sign) && (isalnum((unsigned char)reader->at[length]) || reader->at[length] == '_'))
        return false;
    reader->at += length;
    return true;
}

static void need(struct reader *reader, const char *sign)
{
    if (!take(reader, sign))
        zoho_wrong(reader->line, "\"%s\" should stand before \"%s\"", sign, reader->at);
}

static size_t name_length(const char *text)
{
    size_t length = 0;
    while (isalnum((unsigned char)text[length]) || text[length] == '_' || text[length] == '.')
        length++;
    return length;
}

static struct zoho_rule *read_choice(struct reader *reader);

static struct zoho_rule *read_text(struct reader *reader)
{
    struct zoho_rule *rule = new_rule(reader, RULE_TEXT, 0);
    size_t length = strcspn(reader->at, "'");
    if (!reader->at[length])
        zoho_wrong(reader->line, "a text does not end");
    rule->text = zoho_keep(reader->arena, reader->at, length);
    reader->at += length + 1;
    return rule;
}

static struct zoho_rule *read_member(struct reader *reader, enum zoho_kind kind)
{
    struct zoho_rule *rule = new_rule(reader, kind, 1);
    size_t length = name_length(reader->at);
    if (!length)
        zoho_wrong(reader->line, "a name should stand before \"%s\"", reader->at);
    rule->name = zoho_name(reader->names, reader->at, length);
    rule->text = reader->names->texts[rule->name];
    reader->at += length;
    return rule;
}

static struct zoho_rule *read_call(struct reader *reader, const char *name)
{
    int function = 0;
    while (function < CALLS && strcmp(functions[function].name, name) != 0)
        function++;
    if (function == CALLS)
        zoho_wrong(reader->line, "there is no function %s", name);

    struct zoho_rule *rule = new_rule(reader, RULE_CALL, functions[function].most);
    rule->function = (enum zoho_function)function;
    if (!take(reader, ")")) {
        do {
            if (rule->count == functions[function].most)
                zoho_wrong(reader->line, "%s has too many arguments", name);
            add(rule, read_choice(reader));
        } while (take(reader, ","));
        need(reader, ")");
    }
    if (rule->count < functions[function].least)
        zoho_wrong(reader->line, "%s has too few arguments", name);
    return rule;
}

static struct zoho_rule *read_simple(struct reader *reader)
{
    struct zoho_rule *rule;
    static const struct { const char *word; enum zoho_kind kind; double number; } words[] = {
        {"true", RULE_FLAG, 1}, {"false", RULE_FLAG, 0}, {"i", RULE_ROW, 0}, {"j", RULE_ELEMENT, 0}, {"n", RULE_SIZE, 0},
        {"m", RULE_ROWS, 0},
    };

    if (take(reader, "(")) {
        rule = read_choice(reader);
        need(reader, ")");
        return rule;
    }
    if (take(reader, "'"))
        return read_text(reader);
    if (take(reader, "^"))
        return read_member(reader, RULE_UP);
    if (isdigit((unsigned char)*reader->at)) {
        char *end;
        rule = new_rule(reader, RULE_NUMBER, 0);
        rule->number = strtod(reader->at, &end);
        reader->at = end;
        return rule;
    }
    for (size_t w = 0; w < sizeof words / sizeof words[0]; w++)
        if (name_length(reader->at) == strlen(words[w].word) && take(reader, words[w].word)) {
            rule = new_rule(reader, words[w].kind, 0);
            rule->number = words[w].number;
            return rule;
        }
    size_t length = name_length(reader->at);
    if (reader->at[length] == '(') {
        const char *name = zoho_keep(reader->arena, reader->at, length);
        reader->at += length + 1;
        return read_call(reader, name);
    }
    return read_member(reader, RULE_MEMBER);
}

static struct zoho_rule *read_followed(struct reader *reader)
{
    struct zoho_rule *rule = read_simple(reader);
    while (take(reader, "->")) {
        struct zoho_rule *follow = read_member(reader, RULE_FOLLOW);
        add(follow, rule);
        rule = follow;
    }
    return rule;
}

static struct zoho_rule *read_signed(struct reader *reader)
{
    bool negate = take(reader, "-");
    if (!negate && !take(reader, "not"))
        return read_followed(reader);
    struct zoho_rule *rule = new_rule(reader, negate ? RULE_NEGATE : RULE_NOT, 1);
    add(rule, read_signed(reader));
    return rule;
}

/* The strongest last; of each level the longer signs first. */
static const struct { int level; const char *sign; enum zoho_operator operator; } operators[] = {
    {0, "or", OP_OR}, {1, "and", OP_AND},
    {2, "==", OP_EQUAL}, {2, "!=", OP_UNEQUAL}, {2, "<=", OP_MOST}, {2, ">=", OP_LEAST}, {2, "<", OP_LESS}, {2, ">", OP_MORE},
    {3, "&", OP_JOIN}, {4, "+", OP_ADD}, {4, "-", OP_SUBTRACT}, {5, "*", OP_MULTIPLY}, {5, "/", OP_DIVIDE}, {5, "%", OP_REST},
};

static struct zoho_rule *read_binary(struct reader *reader, int level)
{
    struct zoho_rule *left = level > 5 ? read_signed(reader) : read_binary(reader, level + 1);

    for (size_t o = 0; o < sizeof operators / sizeof operators[0] && level <= 5; o++) {
        if (operators[o].level != level || !take(reader, operators[o].sign))
            continue;
        struct zoho_rule *rule = new_rule(reader, RULE_BINARY, 2);
        rule->operator = operators[o].operator;
        add(rule, left);
        add(rule, read_binary(reader, level + 1));
        left = rule;
        o = (size_t)-1;     /* again from the first sign */
    }
    return left;
}

static struct zoho_rule *read_choice(struct reader *reader)
{
    struct zoho_rule *rule = read_binary(reader, 0);
    if (!take(reader, "?"))
        return rule;
    struct zoho_rule *choose = new_rule(reader, RULE_CHOOSE, 3);
    add(choose, rule);
    add(choose, read_choice(reader));
    need(reader, ":");
    add(choose, read_choice(reader));
    return choose;
}

struct zoho_rule *zoho_rule_read(struct zoho_arena *arena, struct zoho_names *names, const char *text, const struct zoho_line *line)
{
    struct reader reader = {arena, names, text, line};
    struct zoho_rule *rule = read_choice(&reader);
    reader.at += strspn(reader.at, " ");
    if (*reader.at)
        zoho_wrong(line, "nothing should stand at \"%s\"", reader.at);
    return rule;
}
