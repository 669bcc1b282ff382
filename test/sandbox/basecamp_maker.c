/* Words in many scripts, with what breaks careless readers, and the records made of them. */
#include "test/sandbox/basecamp_maker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/sandbox/moment.h"
#include "test/sandbox/pick.h"

#define COUNT(array) (sizeof (array) / sizeof (array)[0])

static const char *const people[] = {
    "Ada Løvelace", "Jürgen Müller", "Zoë O'Brian", "李 明", "Анна Петрова", "Zoe\u0308 Decomposed", "José de la Cruz", "Ann \"Nan\" Smith",
    "Robin \U0001F98A Fox", "Back\\slash Bo", "Max 100%_er", "Øyvind Ångström", "小林 花", "María Strauß", "نور الدين", "Ἀριάδνη Κρης",
    "Null Person", "Sam <script>",
};
static const char *const jobs[] = {"Designer", "Entwicklerin", "プログラマー", "Ops & Support", "", "CEO"};
static const char *const projects[] = {
    "Relaunch \U0001F680", "Büro-Umzug", "研究計画", "R&D <lab>", "Q1, \"Budget\"", "Étude de marché", "Проект А", "50% done_",
    "A very long name of a project that nobody would ever put into a column of a sensible width", "Support",
};
static const char *const lists[] = {
    "Vorbereitung", "Launch list", "買い物", "Bugs; urgent", "Nice-to-have", "Étape 1", "\U0001F4E6 Shipping", "Follow-up",
};
static const char *const tasks[] = {
    "Write the copy", "Rechnung prüfen", "校正する", "Call \"Bob\" back", "Buy milk & eggs", "Fix bug \\#42", "100% _testen_", "Déployer",
    "Позвонить клиенту", "two words\tand a tab", "null", "Pick a colour \U0001F3A8", "don't forget", "e\u0301 is not é", "-1",
};
static const char *const subjects[] = {
    "Kickoff", "Ergebnisse vom Montag", "来週の予定", "Re: Re: Budget", "What's next?", "Note à tous", "\U0001F389 Done!", "Minutes; draft",
};
static const char *const texts[] = {
    "Looks good to me.", "Können wir das auf morgen verschieben?", "了解です。", "He said \"no\" \\ twice", "two\nlines", "\U0001F44D\U0001F3FD",
    "<b>bold?</b> & more", "Ça marche – merci…", "", "Спасибо",
};
static const char *const htmls[] = {
    "<div>All set for <strong>launch</strong>.</div>", "<div>Das Büro ist <em>fertig</em> &amp; offen.</div>",
    "<ul><li>一つ</li><li>二つ</li></ul>", "<div>See <a href=\"https://example.com/?a=1&amp;b=2\">this</a></div>",
    "<div>Line one<br>Line \"two\"</div>", "<div>\U0001F469\u200D\U0001F4BB and \U0001F1E9\U0001F1EA</div>",
};
static const char *const files[] = {
    "logo.png", "Übersicht 2026.pdf", "報告書.docx", "photo (1).jpg", "budget & plan.xlsx", "clip.mp4", "voice.mp3", "it's.txt",
};
static const char *const meetings[] = {
    "Team Meeting", "Frühstück", "打ち合わせ", "Review \"Sprint 7\"", "Off-site", "Déjeuner",
};
static const char *const questions[] = {
    "What did you work on today?", "Was hat diese Woche gut geklappt?", "今週の目標は？", "Anything in your way?",
};
static const char *const boosts[] = {"\U0001F44F", "Yay!", "Toll", "+1", "すごい", "Bravo \U0001F389"};

static const struct { const char *const *all; size_t count; bool numbered; } vocabulary[] = {
    [WORDS_PEOPLE] = {people, COUNT(people), true}, [WORDS_JOBS] = {jobs, COUNT(jobs), false},
    [WORDS_PROJECTS] = {projects, COUNT(projects), true}, [WORDS_LISTS] = {lists, COUNT(lists), true},
    [WORDS_TASKS] = {tasks, COUNT(tasks), true}, [WORDS_SUBJECTS] = {subjects, COUNT(subjects), true},
    [WORDS_TEXTS] = {texts, COUNT(texts), false}, [WORDS_HTML] = {htmls, COUNT(htmls), false},
    [WORDS_FILES] = {files, COUNT(files), false}, [WORDS_MEETINGS] = {meetings, COUNT(meetings), true},
    [WORDS_QUESTIONS] = {questions, COUNT(questions), false}, [WORDS_BOOSTS] = {boosts, COUNT(boosts), false},
};

char *words_at(enum words words, size_t n)
{
    size_t count = vocabulary[words].count, round = n / count;
    const char *word = vocabulary[words].all[n % count];
    size_t room = strlen(word) + 24;
    char *text;

    if (round == 0 || !vocabulary[words].numbered)
        return text_copy(word);
    text = zeroed(room, 1);
    snprintf(text, room, "%s %zu", word, round + 1);
    return text;
}

json_t *words_json(enum words words, size_t n)
{
    char *text = words_at(words, n);
    json_t *json = json_string(text);
    free(text);
    return json;
}

struct maker maker_begin(struct account *account, const struct kind *kind)
{
    struct maker maker = {.account = account, .store = account->store};
    maker.people = (struct record **)store_all(account->store, kind, &maker.people_count);
    return maker;
}

unsigned maker_pick(const struct maker *maker, unsigned what, unsigned bound)
{
    return pick(what, maker->serial, (uint64_t)maker->account->id % 251, bound);      /* no two accounts alike */
}

struct record *maker_add(struct maker *maker, const char *kind, struct record *parent, json_t *members)
{
    enum { DAY = 86400, LATEST = 3600, LONGEST = 120 * DAY, LONGEST_EDIT = 9 * DAY };
    struct record *record = store_add(maker->store, kind, parent, members);
    int64_t now = maker->store->now, oldest = now - 200LL * DAY * 1000;
    int64_t after = parent && parent->created > oldest ? parent->created : oldest;
    int64_t span = (now - after) / 1000 - LATEST;

    record->creator = maker->people[maker_pick(maker, 1, (unsigned)maker->people_count)];
    if (span > 0) {
        record->created = after + 1000LL * maker_pick(maker, 2, span < LONGEST ? (unsigned)span : LONGEST) + maker_pick(maker, 3, 1000);
        span = maker_pick(maker, 4, 3) ? (now - record->created) / 1000 : 0;
        record->updated = record->created + 1000LL * maker_pick(maker, 5, span < LONGEST_EDIT ? (unsigned)span : LONGEST_EDIT);
    } else {
        record->created = record->updated = after;
    }
    maker->serial++;
    return record;
}

json_t *maker_people(const struct maker *maker, unsigned what, unsigned most)
{
    json_t *ids = json_array();
    unsigned count = maker_pick(maker, what, most + 1), first = maker_pick(maker, what + 1, (unsigned)maker->people_count);

    for (unsigned i = 0; i < count && i < maker->people_count; i++)
        json_array_append_new(ids, json_integer(maker->people[(first + i) % maker->people_count]->id));
    return ids;
}

json_t *maker_day(int64_t days_from_today)
{
    char text[DAY_TEXT];
    day_write(BASECAMP_TODAY_DAY + days_from_today, text);
    return json_string(text);
}

json_t *maker_date(const struct maker *maker, unsigned what, int before, int after)
{
    if (maker_pick(maker, what, 3) == 0)
        return json_null();
    return maker_day((int64_t)maker_pick(maker, what + 1, (unsigned)(before + after + 1)) - before);
}

json_t *maker_html(const struct maker *maker, unsigned what)
{
    enum { LONG_TEXT = 6000 };
    unsigned kind = maker_pick(maker, what, 24);

    if (kind < 5)
        return json_string("");
    if (kind > 5)
        return words_json(WORDS_HTML, maker_pick(maker, what + 1, 100));

    static const char piece[] = "<div>Ein langer Absatz – ausführlich…</div>";      /* past any buffer that one binds at first */
    char *text = zeroed(LONG_TEXT + sizeof piece, 1);
    for (size_t used = 0; used < LONG_TEXT; used += sizeof piece - 1)
        memcpy(text + used, piece, sizeof piece - 1);
    json_t *json = json_string(text);
    free(text);
    return json;
}
