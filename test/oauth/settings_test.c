/* Proves the settings file: what is saved comes back, and nothing else is ever taken for it or destroyed. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/cancel.h"
#include "base/error.h"
#include "oauth/base64.h"
#include "oauth/private_file.h"
#include "oauth/settings.h"

static char folder[] = "/tmp/restodbc-settings-XXXXXX";
static char path[128], key_path[140];

static const struct settings_key key = {"TSheets", "https://auth.example/token", "client", "", "secret of the client"};

static struct settings_record sample(void)
{
    return (struct settings_record){
        .grant = {.access_token = (char *)"access &=% token", .refresh_token = (char *)"refresh+token", .scope = (char *)"a b",
                  .token_secret = (char *)"token secret", .other = (char *)"{\"api_domain\":\"https://x\"}",
                  .lifetime = 3600, .issued = 1700000000, .skew = -7200},
        .pending = (char *)"device_code=x&until=1", .known = {[GIVEN_REFRESH_TOKEN] = "1234"},
    };
}

static size_t read_file(const char *name, char *out, size_t room)
{
    FILE *file = fopen(name, "r");
    if (!file)
        return 0;
    size_t length = fread(out, 1, room - 1, file);
    out[length] = '\0';
    fclose(file);
    return length;
}

static void write_file(const char *name, const char *bytes, size_t length)
{
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    fclose(file);
    chmod(name, 0600);
}

static bool save(const struct settings_key *owner, struct error *err)
{
    struct store_lock lock;
    struct settings_record record = sample();
    if (!settings_lock(path, NULL, &lock, err))
        return false;
    bool done = settings_write(path, owner, &record, err);
    settings_unlock(&lock);
    return done;
}

/* "read", "none" or the SQLSTATE. */
static const char *outcome(const struct settings_key *owner, struct error *err)
{
    struct settings_record record;
    bool found;
    *err = (struct error){0};
    if (!settings_read(path, owner, &record, &found, err))
        return err->sqlstate;
    bool whole = found && record.grant.access_token && strcmp(record.grant.access_token, "access &=% token") == 0 &&
                 record.grant.refresh_token && strcmp(record.grant.refresh_token, "refresh+token") == 0;
    settings_record_clear(&record);
    return whole ? "read" : found ? "wrong" : "none";
}

static int clean(void **state)
{
    char command[256];
    (void)state;
    snprintf(command, sizeof command, "rm -rf %s; mkdir -m 700 %s", folder, folder);
    return system(command);
}

static void what_is_saved_comes_back(void **state)
{
    struct error err;
    struct settings_record record;
    struct stat status;
    bool found;
    char text[8192];
    (void)state;
    assert_string_equal(outcome(&key, &err), "none");
    assert_true(save(&key, &err));
    assert_true(settings_read(path, &key, &record, &found, &err));
    assert_true(found);
    assert_string_equal(record.grant.access_token, "access &=% token");
    assert_string_equal(record.grant.refresh_token, "refresh+token");
    assert_string_equal(record.grant.scope, "a b");
    assert_int_equal(record.grant.lifetime, 3600);
    assert_string_equal(record.grant.token_secret, "token secret");
    assert_string_equal(record.grant.other, "{\"api_domain\":\"https://x\"}");
    assert_string_equal(record.pending, "device_code=x&until=1");
    assert_int_equal(record.grant.issued, 1700000000);
    assert_int_equal(record.grant.skew, -7200);
    assert_string_equal(record.known[GIVEN_REFRESH_TOKEN], "1234");
    assert_string_equal(record.known[GIVEN_VERIFIER], "");
    settings_record_clear(&record);

    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    read_file(path, text, sizeof text);
    assert_null(strstr(text, "token\":")); /* nothing of the tokens, their names included */
    assert_null(strstr(text, "access"));
    assert_null(strstr(text, "secret"));
    assert_non_null(strstr(text, "TSheets"));
}

/* The value of a member in the file's text. */
static void copy_member(const char *text, const char *name, char out[256])
{
    char start[32];
    snprintf(start, sizeof start, "\"%s\": \"", name);
    const char *at = strstr(text, start);
    assert_non_null(at);
    at += strlen(start);
    snprintf(out, 256, "%.*s", (int)strcspn(at, "\""), at);
}

static void every_writing_looks_different(void **state)
{
    struct error err;
    char first[8192], second[8192];
    (void)state;
    assert_true(save(&key, &err));
    read_file(path, first, sizeof first);
    assert_true(save(&key, &err));
    read_file(path, second, sizeof second);
    static const char *const fresh[] = {"salt", "nonce", "data"};
    for (size_t i = 0; i < sizeof fresh / sizeof fresh[0]; i++) {
        char before[256], after[256];
        copy_member(first, fresh[i], before);
        copy_member(second, fresh[i], after);
        assert_string_not_equal(before, after);
    }
    assert_string_equal(outcome(&key, &err), "read");
}

static void records_live_side_by_side(void **state)
{
    static const struct settings_key others[] = {
        {"TSheets", "https://other.example/token", "client", "", "secret of the client"},
        {"TSheets", "https://auth.example/token", "client", "anna", "secret of the client"},
    };
    struct error err;
    (void)state;
    assert_true(save(&key, &err));
    for (size_t i = 0; i < 2; i++)
        assert_string_equal(outcome(&others[i], &err), "none");
    for (size_t i = 0; i < 2; i++)
        assert_true(save(&others[i], &err));
    for (size_t i = 0; i < 2; i++)
        assert_string_equal(outcome(&others[i], &err), "read");
    assert_string_equal(outcome(&key, &err), "read");
}

static void a_file_belongs_to_one_provider_and_client(void **state)
{
    static const struct {
        struct settings_key key;
        const char *words;
    } cases[] = {
        {{"Basecamp", "https://auth.example/token", "client", "", "secret of the client"}, "belongs to TSheets"},
        {{"TSheets", "https://auth.example/token", "client2", "", "another secret"}, "OAuthClientId \"client\""},
    };
    struct error err;
    char before[8192], after[8192];
    (void)state;
    assert_true(save(&key, &err));
    read_file(path, before, sizeof before);
    for (size_t i = 0; i < 2; i++) {
        assert_string_equal(outcome(&cases[i].key, &err), "28000");
        assert_non_null(strstr(err.message, cases[i].words));
        assert_non_null(strstr(err.message, path));
        assert_non_null(strstr(err.message, "OAuthSettingsLocation"));
        assert_false(save(&cases[i].key, &err)); /* nor is it added to */
        assert_string_equal(err.sqlstate, "28000");
    }
    read_file(path, after, sizeof after);
    assert_string_equal(before, after);
}

static void memory_is_shared_by_its_name(void **state)
{
    static const char *const places[] = {"memory://", "memory://two", "MEMORY://two"};
    struct settings_key open_client = key;
    struct error err;
    char file[sizeof path];
    (void)state;
    memcpy(file, path, sizeof path);
    open_client.client_secret = NULL; /* its key is kept in memory, too */
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s", places[i]);
        assert_string_equal(outcome(&key, &err), "none");
        assert_true(save(i == 1 ? &open_client : &key, &err));
        assert_string_equal(outcome(i == 1 ? &open_client : &key, &err), "read");
        assert_string_equal(outcome(i == 1 ? &key : &open_client, &err), "28000");
        assert_true(settings_have_room(path, &err));
    }
    memcpy(path, file, sizeof path);
    assert_string_equal(outcome(&key, &err), "none"); /* nothing is on the disk */
}

static void another_secret_opens_nothing(void **state)
{
    struct settings_key wrong = key;
    struct error err;
    char before[8192], after[8192];
    (void)state;
    assert_true(save(&key, &err));
    read_file(path, before, sizeof before);
    wrong.client_secret = "secret of the cliens";
    assert_string_equal(outcome(&wrong, &err), "28000");
    assert_non_null(strstr(err.message, "OAuthClientSecret"));
    assert_non_null(strstr(err.message, path));
    read_file(path, after, sizeof after);
    assert_string_equal(before, after);
}

/* Moves the sealed part of one record into another: it is bound to what it belongs to. */
static void a_record_can_not_be_moved(void **state)
{
    struct settings_key other = key;
    struct error err;
    char text[8192], *found;
    (void)state;
    assert_true(save(&key, &err));
    size_t length = read_file(path, text, sizeof text);
    found = strstr(text, "\"client\"");
    assert_non_null(found);
    memcpy(found, "\"clienT\"", 8);
    write_file(path, text, length);
    other.client_id = "clienT";
    assert_string_equal(outcome(&other, &err), "28000");
    assert_non_null(strstr(err.message, "decrypted"));
}

static void no_changed_byte_goes_unnoticed(void **state)
{
    struct error err;
    char whole[8192], changed[8192], after[8192];
    (void)state;
    assert_true(save(&key, &err));
    size_t length = read_file(path, whole, sizeof whole);
    unsigned noticed = 0;
    for (size_t i = 0; i < length; i++) {
        if (strchr(" \n", whole[i]))
            continue; /* layout means nothing */
        memcpy(changed, whole, length + 1);
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        write_file(path, changed, length);
        const char *result = outcome(&key, &err);
        assert_string_not_equal(result, "read");
        assert_string_not_equal(result, "wrong");
        noticed += strcmp(result, "none") != 0;
        read_file(path, after, sizeof after);
        assert_string_equal(changed, after); /* left as it is */
    }
    assert_true(noticed > length / 2); /* "none" only where the record now names another server or user */
}

static void a_cut_file_is_damaged_and_stays(void **state)
{
    struct error err;
    char whole[8192], after[8192];
    (void)state;
    assert_true(save(&key, &err));
    size_t length = read_file(path, whole, sizeof whole);
    for (size_t cut = 0; cut < length - 1; cut += 7) {
        write_file(path, whole, cut);
        assert_string_equal(outcome(&key, &err), "HY000");
        assert_false(save(&key, &err)); /* nor is it written over */
        assert_string_equal(err.sqlstate, "HY000");
        assert_non_null(strstr(err.message, "left as it is"));
        assert_int_equal(read_file(path, after, sizeof after), cut);
    }
}

/* Whatever the file holds instead may be a secret, such as a token that somebody pasted. */
static void a_foreign_files_words_are_not_told(void **state)
{
    static const char *const texts[] = {"tellnoone", "{\"access_token\" \"tellnoone\"}", "{\"a\": 1, \"tellnoone"};
    struct error err;
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        write_file(path, texts[i], strlen(texts[i]));
        assert_string_equal(outcome(&key, &err), "HY000");
        assert_null(strstr(err.message, "tellno"));
        assert_non_null(strstr(err.message, "damaged"));
    }
}

static void foreign_files_are_left_alone(void **state)
{
    static const struct {
        const char *text, *words;
    } cases[] = {
        {"{\"format\": \"restodbc OAuth settings\", \"version\": 2, \"records\": []}", "version 2"},
        {"{\"format\": \"restodbc OAuth settings\", \"records\": []}", "damaged"},
        {"{\"format\": \"restodbc OAuth settings\", \"version\": 1}", "damaged"},
        {"{\"something\": \"else\"}", "not an OAuth settings file"},
        {"[]", "not an OAuth settings file"},
        {"my notes", "damaged"},
        {"", "damaged"},
    };
    struct error err;
    char after[1024];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        write_file(path, cases[i].text, strlen(cases[i].text));
        assert_string_equal(outcome(&key, &err), "HY000");
        assert_non_null(strstr(err.message, cases[i].words));
        assert_false(save(&key, &err));
        read_file(path, after, sizeof after);
        assert_string_equal(after, cases[i].text);
    }
}

static void only_ones_own_private_plain_file_is_read(void **state)
{
    static const mode_t modes[] = {0644, 0640, 0604, 0620, 0660, 0666, 0601};
    struct error err;
    char other[160];
    (void)state;
    assert_true(save(&key, &err));
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        chmod(path, modes[i]);
        assert_string_equal(outcome(&key, &err), "HY000");
        assert_non_null(strstr(err.message, "chmod 600"));
        assert_false(save(&key, &err));
    }
    chmod(path, 0600);
    assert_string_equal(outcome(&key, &err), "read");
    if (geteuid() == 0) {
        assert_int_equal(chown(path, 12345, 12345), 0);
        assert_string_equal(outcome(&key, &err), "HY000");
        assert_non_null(strstr(err.message, "12345"));
        assert_int_equal(chown(path, 0, 0), 0);
    }

    snprintf(other, sizeof other, "%s.real", path);
    assert_int_equal(rename(path, other), 0);
    assert_int_equal(symlink(other, path), 0);
    assert_string_equal(outcome(&key, &err), "HY000");
    assert_non_null(strstr(err.message, "symbolic link"));
    assert_false(save(&key, &err));
    unlink(path);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_string_equal(outcome(&key, &err), "HY000"); /* and does not hang */
}

static void a_client_without_secret_has_a_key_file(void **state)
{
    struct settings_key open_client = key;
    struct error err;
    struct stat status;
    char text[200];
    (void)state;
    open_client.client_secret = NULL;
    assert_true(save(&open_client, &err));
    assert_string_equal(outcome(&open_client, &err), "read");
    assert_int_equal(stat(key_path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_true(save(&open_client, &err)); /* the key stays the same */
    assert_string_equal(outcome(&open_client, &err), "read");

    size_t length = read_file(key_path, text, sizeof text);
    text[0] ^= 1;
    write_file(key_path, text, length);
    assert_string_equal(outcome(&open_client, &err), "28000");
    unlink(key_path);
    assert_string_equal(outcome(&open_client, &err), "28000");
    assert_non_null(strstr(err.message, key_path));
}

static void finds_the_file_meant(void **state)
{
    char *found = NULL, expected[300];
    struct error err;
    (void)state;
    setenv("HOME", "/home/anna", 1);
    unsetenv("XDG_CONFIG_HOME");
    static const struct {
        const char *location, *file;
    } cases[] = {
        {NULL, "/home/anna/.config/restodbc/time/OAuthSettings.txt"},
        {"", "/home/anna/.config/restodbc/time/OAuthSettings.txt"},
        {"memory://", "memory://"},
        {"Memory://x/", "Memory://x/"},
        {"~/x/y", "/home/anna/x/y"},
        {"/not/there/", "/not/there/OAuthSettings.txt"},
        {"/not/there", "/not/there"},
        {"/tmp", "/tmp/OAuthSettings.txt"},
        {"/not/~/there", "/not/~/there"},
        {"here.txt", "/usr/here.txt"},
        {"./not/here/", "/usr/./not/here/OAuthSettings.txt"},
        {"~", "/home/anna/OAuthSettings.txt"},
        {"~/", "/home/anna/OAuthSettings.txt"},
    };
    char *here = get_current_dir_name();
    assert_int_equal(chdir("/usr"), 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (!settings_path(cases[i].location, "time", &found, &err))
            fail_msg("%s", err.message);
        assert_string_equal(found, cases[i].file);
        free(found);
    }
    setenv("XDG_CONFIG_HOME", folder, 1);
    static const struct {
        const char *owner, *path;
    } owners[] = {
        {"TSheets", "TSheets"}, {"My hours, 2024", "My hours, 2024"}, {"..", "%2E."}, {".", "%2E"}, {"a/../b", "a%2F..%2Fb"},
        {"100%", "100%25"}, {"B\xC3\xBCro", "B\xC3\xBCro"}, {"a\nb\\", "a%0Ab%5C"},
    };
    for (size_t i = 0; i < sizeof owners / sizeof owners[0]; i++) {
        assert_true(settings_path(NULL, owners[i].owner, &found, &err));
        snprintf(expected, sizeof expected, "%s/restodbc/%s/OAuthSettings.txt", folder, owners[i].path);
        assert_string_equal(found, expected);
        free(found);
    }
    /* What would make a strange folder here of something that is meant otherwise. */
    static const char *const strange[] = {"memory:x", "memory:/x", "file:///tmp/x", "https://x.example/y", "~anna/x", "~anna"};
    for (size_t i = 0; i < sizeof strange / sizeof strange[0]; i++) {
        assert_false(settings_path(strange[i], "time", &found, &err));
        assert_non_null(strstr(err.message, "OAuthSettingsLocation"));
    }
    assert_int_equal(chdir(folder), 0);
    assert_int_equal(rmdir(folder), 0);
    assert_false(settings_path("here.txt", "time", &found, &err)); /* there is no here */
    assert_non_null(strstr(err.message, "OAuthSettingsLocation"));
    assert_int_equal(chdir(here), 0);
    free(here);
}

static void makes_private_folders(void **state)
{
    char deep[200];
    struct stat status;
    struct error err;
    struct store_lock lock;
    (void)state;
    snprintf(deep, sizeof deep, "%s/a/b/OAuthSettings.txt", folder);
    assert_true(settings_lock(deep, NULL, &lock, &err));
    settings_unlock(&lock);
    snprintf(deep, sizeof deep, "%s/a", folder);
    assert_int_equal(stat(deep, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0700);
    assert_false(settings_lock("/proc/nowhere/file", NULL, &lock, &err));
    assert_string_equal(err.sqlstate, "HY000");
}

static void the_lock_waits_and_can_be_cancelled(void **state)
{
    const char *const places[] = {path, "memory://lock"};
    struct error err;
    struct cancel cancel;
    struct store_lock lock, second;
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        assert_true(settings_lock(places[i], NULL, &lock, &err));
        cancel_init(&cancel);
        cancel.deadline = clock_milliseconds() + 100;
        assert_false(settings_lock(places[i], &cancel, &second, &err));
        assert_string_equal(err.sqlstate, "HYT00");
        pid_t child = fork();
        if (child == 0) /* what its parent is about does not concern a child's memory, but the file is one */
            _exit(settings_lock(places[i], &cancel, &second, &err) == (i == 1) ? 0 : 1);
        int status;
        waitpid(child, &status, 0);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        settings_unlock(&lock);
        settings_unlock(&lock); /* once is enough */
        cancel.deadline = 0;
        assert_true(settings_lock(places[i], &cancel, &second, &err));
        settings_unlock(&second);
        cancel_clear(&cancel);
    }
}

/* kill -9 at any point of the writing leaves the old file or the new one. */
static void a_killed_writer_leaves_a_whole_file(void **state)
{
    struct error err;
    (void)state;
    assert_true(save(&key, &err));
    for (int i = 0; i < 40; i++) {
        pid_t writer = fork();
        if (writer == 0) {
            for (;;)
                if (!save(&key, &err))
                    _exit(1);
        }
        struct timespec moment = {0, (i * 37 % 20 + 1) * 1000000L};
        nanosleep(&moment, NULL);
        kill(writer, SIGKILL);
        int status;
        waitpid(writer, &status, 0);
        assert_true(WIFSIGNALED(status)); /* it did not end by itself, with an error */
        assert_string_equal(outcome(&key, &err), "read");
    }
    assert_true(save(&key, &err)); /* neither lock nor leftover stands in the way */
}

static void base64_is_strict(void **state)
{
    static const char *const bad[] = {"QQ", "QQ=", "QR==", "QUJ=", "Q===", "QQ==QQ==", "QQ-_", "QQ\n=", "===="};
    static const struct {
        const char *text, *bytes;
    } good[] = {{"", ""}, {"Zg==", "f"}, {"Zm8=", "fo"}, {"Zm9v", "foo"}, {"Zm9vYmFy", "foobar"}}; /* RFC 4648 10 */
    unsigned char out[16];
    size_t length;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(base64_decode(bad[i], out, sizeof out, &length));
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct buffer text;
        buffer_init(&text, 100);
        assert_true(base64_decode(good[i].text, out, sizeof out, &length));
        assert_int_equal(length, strlen(good[i].bytes));
        assert_memory_equal(out, good[i].bytes, length);
        assert_true(base64_encode(&text, good[i].bytes, length));
        assert_string_equal(buffer_text(&text), good[i].text);
        buffer_clear(&text);
    }
    assert_false(base64_decode("Zm9vYmFy", out, 5, &length));
}

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/OAuthSettings.txt", folder);
    snprintf(key_path, sizeof key_path, "%s.key", path);
    return 0;
}

static int remove_folder(void **state)
{
    char command[64];
    (void)state;
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_is_saved_comes_back, clean),
        cmocka_unit_test_setup(every_writing_looks_different, clean),
        cmocka_unit_test_setup(records_live_side_by_side, clean),
        cmocka_unit_test_setup(a_file_belongs_to_one_provider_and_client, clean),
        cmocka_unit_test_setup(memory_is_shared_by_its_name, clean),
        cmocka_unit_test_setup(another_secret_opens_nothing, clean),
        cmocka_unit_test_setup(a_record_can_not_be_moved, clean),
        cmocka_unit_test_setup(no_changed_byte_goes_unnoticed, clean),
        cmocka_unit_test_setup(a_cut_file_is_damaged_and_stays, clean),
        cmocka_unit_test_setup(a_foreign_files_words_are_not_told, clean),
        cmocka_unit_test_setup(foreign_files_are_left_alone, clean),
        cmocka_unit_test_setup(only_ones_own_private_plain_file_is_read, clean),
        cmocka_unit_test_setup(a_client_without_secret_has_a_key_file, clean),
        cmocka_unit_test_setup(finds_the_file_meant, clean),
        cmocka_unit_test_setup(makes_private_folders, clean),
        cmocka_unit_test_setup(the_lock_waits_and_can_be_cancelled, clean),
        cmocka_unit_test_setup(a_killed_writer_leaves_a_whole_file, clean),
        cmocka_unit_test(base64_is_strict),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
