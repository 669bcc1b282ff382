/* The setup library, librestodbcS.so: what the DSN tools of unixODBC ask to know the properties of a data source, and what
 * SQLConfigDataSource calls to write one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <odbcinst.h>
#include <odbcinstext.h>

#include "base/error.h"
#include "base/name.h"
#include "base/property.h"

#define SEEN __attribute__((visibility("default")))

int SEEN INSTAPI ODBCINSTGetProperties(HODBCINSTPROPERTY last);
BOOL SEEN INSTAPI ConfigDSN(HWND window, WORD request, LPCSTR driver, LPCSTR attributes);

/* --- properties ------------------------------------------------------------------------------------------------------- */

/* These name the data source and the driver themselves; the tool asks for them on its own. */
static bool is_managers(enum property property)
{
    return property == PROPERTY_DSN || property == PROPERTY_DRIVER || property == PROPERTY_FILEDSN || property == PROPERTY_SAVEFILE;
}

static int prompt_of(enum property property)
{
    const struct property_info *info = property_info(property);

    if (info->kind == PROPERTY_CHOICE || info->kind == PROPERTY_BOOLEAN)
        return ODBCINST_PROMPTTYPE_LISTBOX;
    if (info->secret)
        return ODBCINST_PROMPTTYPE_TEXTEDIT_PASSWORD;
    if (property == PROPERTY_LOGFILE || property == PROPERTY_SSL_SERVER_CERT || property == PROPERTY_OAUTH_SETTINGS_LOCATION)
        return ODBCINST_PROMPTTYPE_FILENAME;
    return ODBCINST_PROMPTTYPE_TEXTEDIT;
}

/* The words, divided by spaces, as a list that ends with NULL. One block, because the installer frees it with one free(). */
static char **list_of(const char *words)
{
    size_t length = strlen(words), count = 1;
    for (const char *at = words; *at; at++)
        count += *at == ' ';
    char **list = malloc((count + 1) * sizeof *list + length + 1);
    if (!list)
        return NULL;
    char *text = memcpy(list + count + 1, words, length + 1);
    for (size_t i = 0; i < count; i++) {
        list[i] = text;
        text += strcspn(text, " ");
        if (*text)
            *text++ = '\0';
    }
    list[count] = NULL;
    return list;
}

/* What a tool shows of a property: its sentence, and the bounds of a number. */
static char *help_of(const struct property_info *info)
{
    char help[600];
    if (info->kind == PROPERTY_NUMBER)
        snprintf(help, sizeof help, "%s From %ld to %ld.", info->description, info->smallest, info->largest);
    else
        snprintf(help, sizeof help, "%s", info->description);
    return strdup(help);
}

static HODBCINSTPROPERTY property_entry(enum property property)
{
    const struct property_info *info = property_info(property);
    HODBCINSTPROPERTY entry = calloc(1, sizeof *entry);

    if (!entry)
        return NULL;
    snprintf(entry->szName, sizeof entry->szName, "%s", info->name);
    snprintf(entry->szValue, sizeof entry->szValue, "%s", info->standard ? info->standard : "");
    entry->nPromptType = prompt_of(property);
    entry->pszHelp = help_of(info);
    if (entry->nPromptType == ODBCINST_PROMPTTYPE_LISTBOX)
        entry->aPromptData = list_of(info->kind == PROPERTY_BOOLEAN ? "true false" : info->choices);
    if (!entry->pszHelp || (entry->nPromptType == ODBCINST_PROMPTTYPE_LISTBOX && !entry->aPromptData)) {
        free(entry->pszHelp);
        free(entry->aPromptData);
        free(entry);
        return NULL;
    }
    return entry;
}

/* Appends every property to the installer's list, which owns it from then on (ODBCINSTDestructProperties). */
int INSTAPI ODBCINSTGetProperties(HODBCINSTPROPERTY last)
{
    if (!last)
        return 0;
    for (int i = 0; i < PROPERTY_COUNT; i++) {
        if (is_managers((enum property)i))
            continue;
        last->pNext = property_entry((enum property)i);
        if (!last->pNext)
            return 0;
        last = last->pNext;
    }
    return 1;
}

/* --- data sources ------------------------------------------------------------------------------------------------------ */

static BOOL fail(DWORD code, const char *message)
{
    SQLPostInstallerError(code, message);
    return 0;
}

/* Splits "name=value"; false without a name or '='. */
static bool split(const char *pair, char name[64], const char **value)
{
    size_t length = strcspn(pair, "=");
    if (!length || length >= 64 || pair[length] != '=')
        return false;
    memcpy(name, pair, length);
    name[length] = '\0';
    *value = pair + length + 1;
    return true;
}

/* Looks at every pair of the list, which ends with an empty one, before anything is written. */
static BOOL check_attributes(const char *attributes, char dsn[256])
{
    struct properties properties;
    struct error err = {0};
    BOOL fine = 1;

    dsn[0] = '\0';
    properties_init(&properties);
    for (const char *pair = attributes; fine && pair && *pair; pair += strlen(pair) + 1) {
        char name[64];
        const char *value;
        bool known;
        if (!split(pair, name, &value)) {
            fine = fail(ODBC_ERROR_INVALID_KEYWORD_VALUE, "An attribute has no name or no '='");
        } else if (strpbrk(value, "\r\n")) {
            fine = fail(ODBC_ERROR_INVALID_KEYWORD_VALUE, "A value has more than one line");
        } else if (name_equal(name, "DSN")) {
            if (strlen(value) >= 256)
                fine = fail(ODBC_ERROR_INVALID_DSN, "The name of the data source is too long");
            else
                memcpy(dsn, value, strlen(value) + 1);
        } else if (!properties_set(&properties, name, value, true, &known, &err)) {
            fine = fail(ODBC_ERROR_INVALID_KEYWORD_VALUE, err.message);
        } else if (!known && !name_equal(name, "Description")) {
            snprintf(err.message, sizeof err.message, "There is no connection property %s", name);
            fine = fail(ODBC_ERROR_INVALID_KEYWORD_VALUE, err.message);
        }
    }
    properties_clear(&properties);
    if (fine && (!*dsn || !SQLValidDSN(dsn)))
        return fail(ODBC_ERROR_INVALID_DSN, "DSN= must name the data source, without the characters []{}(),;?*=!@\\");
    return fine;
}

static BOOL write_attributes(const char *dsn, const char *attributes)
{
    for (const char *pair = attributes; pair && *pair; pair += strlen(pair) + 1) {
        char name[64];
        const char *value;
        if (!split(pair, name, &value) || name_equal(name, "DSN") || name_equal(name, "Driver"))
            continue;
        /* An empty value takes the entry away, so that the default holds. */
        if (!SQLWritePrivateProfileString(dsn, name, *value ? value : NULL, "odbc.ini"))
            return fail(ODBC_ERROR_REQUEST_FAILED, "odbc.ini can not be written");
    }
    return 1;
}

static bool is_source(const char *dsn)
{
    char driver[1024];
    return SQLGetPrivateProfileString(dsn, "Driver", "", driver, sizeof driver, "odbc.ini") > 0;
}

/* Adds, changes or removes a data source (installer API reference, ConfigDSN). There are no dialogs: the window is not looked at. */
BOOL INSTAPI ConfigDSN(HWND window, WORD request, LPCSTR driver, LPCSTR attributes)
{
    char dsn[256];

    (void)window;
    if (request < ODBC_ADD_DSN || request > ODBC_REMOVE_SYS_DSN)
        return fail(ODBC_ERROR_INVALID_REQUEST_TYPE, "The request is none of adding, changing and removing a data source");
    if (!check_attributes(attributes, dsn))
        return 0;
    if (request != ODBC_ADD_DSN && request != ODBC_ADD_SYS_DSN && !is_source(dsn))
        return fail(ODBC_ERROR_INVALID_DSN, "There is no data source of this name");
    switch (request) {
    case ODBC_REMOVE_DSN:
    case ODBC_REMOVE_SYS_DSN:
        return SQLRemoveDSNFromIni(dsn) ? 1 : fail(ODBC_ERROR_REMOVE_DSN_FAILED, "The data source can not be removed");
    case ODBC_ADD_DSN:
    case ODBC_ADD_SYS_DSN:
        if (!driver || !*driver)
            return fail(ODBC_ERROR_INVALID_NAME, "No driver was named");
        if (!SQLWriteDSNToIni(dsn, driver))
            return fail(ODBC_ERROR_REQUEST_FAILED, "odbc.ini can not be written");
        return write_attributes(dsn, attributes);
    default:
        return write_attributes(dsn, attributes);
    }
}
