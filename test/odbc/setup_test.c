/* Proves the setup library: every property with its default and allowed values, and data sources added, changed and removed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <odbcinst.h>
#include <odbcinstext.h>

#include "base/name.h"
#include "base/property.h"

typedef int get_properties(HODBCINSTPROPERTY last);
typedef BOOL config_dsn(HWND window, WORD request, LPCSTR driver, LPCSTR attributes);

static void *library;
static get_properties *properties_of;
static config_dsn *configure;
static char folder[] = "/tmp/restodbc-setup-XXXXXX";

static void *entry(const char *name)
{
    void *found = dlsym(library, name);
    assert_non_null(found);
    return found;
}

static int open_library(void **state)
{
    char path[400];
    void *symbol;

    (void)state;
    library = dlopen("./.libs/librestodbcS.so", RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        print_error("%s\n", dlerror());
        return -1;
    }
    symbol = entry("ODBCINSTGetProperties");
    memcpy(&properties_of, &symbol, sizeof symbol);
    symbol = entry("ConfigDSN");
    memcpy(&configure, &symbol, sizeof symbol);
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/odbcinst.ini", folder);
    FILE *file = fopen(path, "w");
    if (!file)
        return -1;
    char here[300];
    fprintf(file, "[RestODBC]\nDriver=%s/.libs/librestodbc.so\nSetup=%s/.libs/librestodbcS.so\n", getcwd(here, sizeof here), here);
    fclose(file);
    setenv("ODBCSYSINI", folder, 1);
    snprintf(path, sizeof path, "%s/odbc.ini", folder);
    setenv("ODBCINI", path, 1);
    return 0;
}

static int close_library(void **state)
{
    char path[400];

    (void)state;
    snprintf(path, sizeof path, "%s/odbc.ini", folder);
    unlink(path);
    snprintf(path, sizeof path, "%s/odbcinst.ini", folder);
    unlink(path);
    rmdir(folder);
    return dlclose(library);
}

static void free_list(HODBCINSTPROPERTY first)
{
    while (first) {
        HODBCINSTPROPERTY next = first->pNext;
        free(first->aPromptData);
        free(first->pszHelp);
        if (first->szName[0])
            free(first);
        first = next;
    }
}

static bool has_word(const char *words, const char *word)
{
    const char *at = strstr(words, word);
    return at && (at == words || at[-1] == ' ') && (at[strlen(word)] == ' ' || !at[strlen(word)]);
}

static void every_property_is_listed(void **state)
{
    ODBCINSTPROPERTY head = {0};
    HODBCINSTPROPERTY at;
    int i = PROPERTY_PROVIDER;

    (void)state;
    assert_int_equal(properties_of(&head), 1);
    for (at = head.pNext; at; at = at->pNext, i++) {
        const struct property_info *info = property_info((enum property)i);
        assert_string_equal(at->szName, info->name);
        assert_string_equal(at->szValue, info->standard ? info->standard : "");
        assert_non_null(at->pszHelp);
        assert_memory_equal(at->pszHelp, info->description, strlen(info->description));
        if (info->secret)
            assert_int_equal(at->nPromptType, ODBCINST_PROMPTTYPE_TEXTEDIT_PASSWORD);
        if (info->kind != PROPERTY_CHOICE && info->kind != PROPERTY_BOOLEAN) {
            assert_null(at->aPromptData);
            continue;
        }
        assert_int_equal(at->nPromptType, ODBCINST_PROMPTTYPE_LISTBOX);
        size_t words = 0, letters = 0;
        for (; at->aPromptData[words]; words++) {
            letters += strlen(at->aPromptData[words]) + 1;
            assert_true(has_word(info->kind == PROPERTY_BOOLEAN ? "true false" : info->choices, at->aPromptData[words]));
        }
        assert_int_equal(letters, strlen(info->kind == PROPERTY_BOOLEAN ? "true false" : info->choices) + 1);
    }
    assert_int_equal(i, PROPERTY_COUNT);
    free_list(head.pNext);
}

static void the_installer_lists_them_too(void **state)
{
    HODBCINSTPROPERTY first = NULL;
    char driver[] = "RestODBC";
    int found = 0;

    (void)state;
    assert_int_equal(ODBCINSTConstructProperties(driver, &first), ODBCINST_SUCCESS);
    for (HODBCINSTPROPERTY at = first; at; at = at->pNext)
        found += strcmp(at->szName, "InitiateOAuth") == 0 || strcmp(at->szName, "Verbosity") == 0;
    assert_int_equal(found, 2);
    ODBCINSTDestructProperties(&first);
}

/* What odbc.ini says; read from the file, because the installer's own reading may come from its cache. */
static const char *stored(const char *dsn, const char *name)
{
    static char line[400];
    char section[100];
    bool inside = false;
    FILE *file = fopen(getenv("ODBCINI"), "r");

    snprintf(section, sizeof section, "[%s]", dsn);
    while (file && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '[')
            inside = strcmp(line, section) == 0;
        size_t length = strlen(name);
        if (!inside || strncmp(line, name, length) != 0 || !strchr(" \t=", line[length]))
            continue;
        fclose(file);
        char *value = strchr(line, '=') + 1;
        return value + strspn(value, " \t");
    }
    if (file)
        fclose(file);
    return "(none)";
}

static void sources_are_added_changed_and_removed(void **state)
{
    (void)state;
    assert_true(configure(NULL, ODBC_ADD_DSN, "RestODBC", "DSN=mine\0Provider=TSheets\0Verbosity=2\0Description=x\0"));
    assert_string_equal(stored("mine", "Driver"), "RestODBC");
    assert_string_equal(stored("mine", "Provider"), "TSheets");
    assert_string_equal(stored("mine", "Verbosity"), "2");
    assert_string_equal(stored("mine", "Description"), "x");
    assert_true(configure(NULL, ODBC_CONFIG_DSN, "RestODBC", "DSN=mine\0Driver=Other\0Verbosity=3\0Provider=\0"));
    assert_string_equal(stored("mine", "Verbosity"), "3");
    assert_string_equal(stored("mine", "Provider"), "(none)");
    assert_string_equal(stored("mine", "Driver"), "RestODBC");
    assert_true(configure(NULL, ODBC_REMOVE_DSN, "RestODBC", "DSN=mine\0"));
    assert_string_equal(stored("mine", "Driver"), "(none)");
}

/* SQLConfigDataSource of the installer finds the library by Setup= and calls it. */
static void the_installer_reaches_it(void **state)
{
    (void)state;
    assert_true(SQLConfigDataSource((HWND)1, ODBC_ADD_DSN, "RestODBC", "DSN=theirs\0Pagesize=50\0"));
    assert_string_equal(stored("theirs", "Pagesize"), "50");
    assert_true(SQLConfigDataSource((HWND)1, ODBC_REMOVE_DSN, "RestODBC", "DSN=theirs\0"));
    assert_string_equal(stored("theirs", "Pagesize"), "(none)");
}

static void what_is_wrong_is_told_and_nothing_is_written(void **state)
{
    static const struct { WORD request; const char *attributes; DWORD code; const char *told; } cases[] = {
        {ODBC_ADD_DSN, "DSN=bad\0Verbosity=9\0", ODBC_ERROR_INVALID_KEYWORD_VALUE, "Verbosity"},
        {ODBC_ADD_DSN, "DSN=bad\0InitiateOAuth=MAYBE\0", ODBC_ERROR_INVALID_KEYWORD_VALUE, "InitiateOAuth"},
        {ODBC_ADD_DSN, "DSN=bad\0Nonsense=1\0", ODBC_ERROR_INVALID_KEYWORD_VALUE, "Nonsense"},
        {ODBC_ADD_DSN, "DSN=bad\0Provider\0", ODBC_ERROR_INVALID_KEYWORD_VALUE, "="},
        {ODBC_ADD_DSN, "DSN=bad\0URL=a\nDriver=b\0", ODBC_ERROR_INVALID_KEYWORD_VALUE, "line"},
        {ODBC_ADD_DSN, "Provider=TSheets\0", ODBC_ERROR_INVALID_DSN, "DSN"},
        {ODBC_ADD_DSN, "DSN=b[a]d\0", ODBC_ERROR_INVALID_DSN, "DSN"},
        {ODBC_CONFIG_DSN, "DSN=bad\0Verbosity=2\0", ODBC_ERROR_INVALID_DSN, "no data source"},
        {ODBC_REMOVE_DSN, "DSN=bad\0", ODBC_ERROR_INVALID_DSN, "no data source"},
        {77, "DSN=bad\0", ODBC_ERROR_INVALID_REQUEST_TYPE, "request"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        DWORD code = 0;
        char message[600] = "";
        WORD length = 0;
        assert_false(configure(NULL, cases[i].request, "RestODBC", cases[i].attributes));
        bool told = false;
        for (WORD at = 1; SQLInstallerError(at, &code, message, sizeof message, &length) == SQL_SUCCESS; at++)
            told = told || code == cases[i].code;
        if (!told)
            fail_msg("%s: %u %s", cases[i].attributes, (unsigned)code, message);
        assert_string_equal(stored("bad", "Driver"), "(none)");
        assert_string_equal(stored("bad", "Verbosity"), "(none)");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_property_is_listed),
        cmocka_unit_test(the_installer_lists_them_too),
        cmocka_unit_test(sources_are_added_changed_and_removed),
        cmocka_unit_test(the_installer_reaches_it),
        cmocka_unit_test(what_is_wrong_is_told_and_nothing_is_written),
    };
    return cmocka_run_group_tests(tests, open_library, close_library);
}
