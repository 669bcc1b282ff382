#include "providers/csv/culture.h"

#include <stddef.h>
#include <string.h>

/* Of one language, the country that the language alone stands for comes first. */
static const struct csv_culture cultures[] = {
    {"en-US", '.', ',', "M/d/yyyy"},    {"en-AU", '.', ',', "d/M/yyyy"},    {"en-CA", '.', ',', "yyyy-M-d"},   {"en-GB", '.', ',', "d/M/yyyy"},
    {"en-IE", '.', ',', "d/M/yyyy"},    {"en-IN", '.', ',', "d-M-yyyy"},    {"en-NZ", '.', ',', "d/M/yyyy"},   {"en-ZA", ',', ' ', "yyyy/M/d"},
    {"de-DE", ',', '.', "d.M.yyyy"},    {"de-AT", ',', ' ', "d.M.yyyy"},    {"de-CH", '.', '\'', "d.M.yyyy"},  {"fr-FR", ',', ' ', "d/M/yyyy"},
    {"fr-BE", ',', ' ', "d/M/yyyy"},    {"fr-CA", ',', ' ', "yyyy-M-d"},    {"fr-CH", ',', ' ', "d.M.yyyy"},   {"es-ES", ',', '.', "d/M/yyyy"},
    {"es-AR", ',', '.', "d/M/yyyy"},    {"es-MX", '.', ',', "d/M/yyyy"},    {"it-IT", ',', '.', "d/M/yyyy"},   {"it-CH", '.', '\'', "d.M.yyyy"},
    {"pt-BR", ',', '.', "d/M/yyyy"},    {"pt-PT", ',', ' ', "d/M/yyyy"},    {"nl-NL", ',', '.', "d-M-yyyy"},   {"nl-BE", ',', '.', "d/M/yyyy"},
    {"da-DK", ',', '.', "d-M-yyyy"},    {"nb-NO", ',', ' ', "d.M.yyyy"},    {"nn-NO", ',', ' ', "d.M.yyyy"},   {"sv-SE", ',', ' ', "yyyy-M-d"},
    {"fi-FI", ',', ' ', "d.M.yyyy"},    {"is-IS", ',', '.', "d.M.yyyy"},    {"pl-PL", ',', ' ', "d.M.yyyy"},   {"cs-CZ", ',', ' ', "d.M.yyyy"},
    {"sk-SK", ',', ' ', "d. M. yyyy"},  {"hu-HU", ',', ' ', "yyyy. M. d."}, {"ro-RO", ',', '.', "d.M.yyyy"},   {"bg-BG", ',', ' ', "d.M.yyyy"},
    {"hr-HR", ',', '.', "d. M. yyyy."}, {"sl-SI", ',', '.', "d. M. yyyy"},  {"et-EE", ',', ' ', "d.M.yyyy"},   {"lv-LV", ',', ' ', "d.M.yyyy"},
    {"lt-LT", ',', ' ', "yyyy-M-d"},    {"el-GR", ',', '.', "d/M/yyyy"},    {"tr-TR", ',', '.', "d.M.yyyy"},   {"ru-RU", ',', ' ', "d.M.yyyy"},
    {"uk-UA", ',', ' ', "d.M.yyyy"},    {"he-IL", '.', ',', "d.M.yyyy"},    {"ja-JP", '.', ',', "yyyy/M/d"},   {"zh-CN", '.', ',', "yyyy/M/d"},
    {"zh-TW", '.', ',', "yyyy/M/d"},    {"ko-KR", '.', ',', "yyyy-M-d"},    {"vi-VN", ',', '.', "d/M/yyyy"},   {"id-ID", ',', '.', "d/M/yyyy"},
};

static char plain(char letter)
{
    return letter == '_' ? '-' : letter >= 'A' && letter <= 'Z' ? (char)(letter | 0x20) : letter;
}

const struct csv_culture *csv_culture_find(const char *name)
{
    for (size_t i = 0; *name && i < sizeof cultures / sizeof cultures[0]; i++) {
        const char *known = cultures[i].name;
        size_t at = 0;
        while (name[at] && known[at] && plain(name[at]) == plain(known[at]))
            at++;
        if (!name[at] && (!known[at] || (at == 2 && known[at] == '-')))
            return &cultures[i];
    }
    return NULL;
}
