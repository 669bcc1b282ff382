#include "providers/csv/listing.h"

#include <string.h>
#include <strings.h>

#include "base/error.h"

enum { SHOWN = 120 };

struct word {
    const char *text;
    size_t length;
};

struct entry {
    const char *name;
    size_t length;
    bool folder, other;               /* other: a device, a pipe, a socket */
};

/* The next word of a line; at its end one of length 0. */
static struct word next_word(const char **at, const char *end)
{
    while (*at < end && (**at == ' ' || **at == '\t'))
        (*at)++;
    struct word word = {*at, 0};
    while (*at < end && **at != ' ' && **at != '\t')
        (*at)++;
    word.length = (size_t)(*at - word.text);
    return word;
}

/* Whether a word has a form: 9 stands for a digit, a for a letter, everything else for itself. */
static bool has_form(struct word word, const char *form)
{
    if (word.length != strlen(form))
        return false;
    for (size_t i = 0; i < word.length; i++) {
        char c = word.text[i];
        bool digit = c >= '0' && c <= '9', letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (form[i] == '9' ? !digit : form[i] == 'a' ? !letter : c != form[i])
            return false;
    }
    return true;
}

static bool is_any_form(struct word word, const char *const *forms)
{
    for (; *forms; forms++)
        if (has_form(word, *forms))
            return true;
    return false;
}

static bool is_month(struct word word)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

    for (size_t i = 0; word.length == 3 && i < sizeof months - 1; i += 3)
        if (strncasecmp(word.text, months + i, 3) == 0)
            return true;
    return false;
}

/* One blank stands between what is told of a file and its name, which may begin with more. */
static bool take_name(const char *at, const char *end, struct entry *entry)
{
    entry->name = at + 1;
    entry->length = at < end ? (size_t)(end - at) - 1 : 0;
    return entry->length > 0;
}

/* -rw-r--r--   1 anna users   34 Jan  5 10:00 name; owner and group may be of several words, or be left out. The moment ends it. */
static bool read_unix(const char *line, const char *end, struct entry *entry)
{
    static const char *const days[] = {"9", "99", NULL}, *const times[] = {"99:99", "9:99", "9999", NULL}, *const clocks[] = {"99:99", "99:99:99", NULL};
    const char *at = line;
    struct word rights = next_word(&at, end), before = rights, word;

    if (rights.length < 10 || rights.text != line || !strchr("-dlbcpsD", *line))
        return false;
    entry->folder = *line == 'd';
    entry->other = strchr("bcpsD", *line) != NULL;
    while ((word = next_word(&at, end)).length) {
        const char *behind = at;
        struct word second = next_word(&behind, end), third = next_word(&behind, end);
        bool sized = before.text[before.length - 1] >= '0' && before.text[before.length - 1] <= '9';
        bool named = sized && is_month(word) && is_any_form(second, days) && is_any_form(third, times);
        bool iso = sized && has_form(word, "9999-99-99") && is_any_form(second, clocks);
        if (named || iso)
            return take_name(named ? behind : second.text + second.length, end, entry);
        before = word;
    }
    return false;
}

/* 01-05-24  10:00AM       <DIR>          name */
static bool read_dos(const char *line, const char *end, struct entry *entry)
{
    static const char *const dates[] = {"99-99-99", "99-99-9999", "9999-99-99", NULL}, *const times[] = {"99:99aa", "99:99", NULL};
    const char *at = line;

    if (!is_any_form(next_word(&at, end), dates) || !is_any_form(next_word(&at, end), times))
        return false;
    struct word size = next_word(&at, end);
    entry->folder = has_form(size, "<DIR>");
    if (!size.length || (!entry->folder && strspn(size.text, "0123456789,.") < size.length))
        return false;
    while (entry->folder && at + 1 < end && at[1] == ' ')
        at++; /* they stand in columns */
    return take_name(at, end, entry);
}

/* "total 12", as ls begins. */
static bool is_heading(const char *line, const char *end)
{
    const char *at = line;
    struct word first = next_word(&at, end);
    return first.length == 0 || has_form(first, "total");
}

static bool is_dots(const struct entry *entry)
{
    return (entry->length == 1 || entry->length == 2) && memcmp(entry->name, "..", entry->length) == 0;
}

/* name -> where it leads */
static void cut_link(const char *line, struct entry *entry)
{
    for (size_t i = 0; *line == 'l' && i + 4 < entry->length; i++)
        if (memcmp(entry->name + i, " -> ", 4) == 0)
            entry->length = i;
}

bool csv_listing_tell(const char *text, size_t length, csv_listing_teller *tell, void *context, struct error *err)
{
    const char *end = text + length;

    while (text < end) {
        const char *stop = memchr(text, '\n', (size_t)(end - text)), *line = text;
        struct entry entry = {0};
        text = stop ? stop + 1 : end;
        stop = stop ? stop : end;
        if (stop > line && stop[-1] == '\r')
            stop--;
        if (is_heading(line, stop))
            continue;
        if (!read_unix(line, stop, &entry) && !read_dos(line, stop, &entry))
            return error_set(err, "08S01", "The list of files has a line of unknown form: %.*s", (int)(stop - line > SHOWN ? SHOWN : stop - line), line);
        cut_link(line, &entry);
        if (!entry.other && !is_dots(&entry) && !tell(context, entry.name, entry.length, entry.folder, err))
            return false;
    }
    return true;
}
