/* The settings file (OAuthSettingsLocation): where tokens persist across connections and processes.
 *
 * A JSON text with one record for each sign-in. What a record belongs to is readable in it; the tokens are sealed (sealed.h)
 * with the client secret, or for a client without one with the key file that stands beside it ("<file>.key"). */
#ifndef OAUTH_SETTINGS_H
#define OAUTH_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "oauth/sealed.h"
#include "oauth/state.h"
#include "oauth/store.h"

/* Which record: all strings borrowed; user "" when there is none; client_secret NULL = key file. A file belongs to one provider and one
 * client id. */
struct settings_key {
    const char *provider, *token_url, *client_id, *user;   /* token_url: what tells the authorization server, maybe its issuer */
    const char *client_secret;
};

/* What a connection string may give to begin with. */
enum settings_given { GIVEN_ACCESS_TOKEN, GIVEN_TOKEN_SECRET, GIVEN_REFRESH_TOKEN, GIVEN_VERIFIER, GIVEN_THINGS };

struct settings_record {
    struct grant grant;
    char *pending;   /* a sign-in that was begun and waits for the user, in the words of its grant; NULL = none */
    /* Fingerprints of what was given and has been made use of; "" = nothing. They tell a token or verifier left over in a DSN, all of
     * them or some, from a new one. */
    char known[GIVEN_THINGS][SEALED_FINGERPRINT];
};

void settings_record_clear(struct settings_record *record);

/* The file that OAuthSettingsLocation means: a file, a folder (OAuthSettings.txt in it), "~/…", "memory://…" (store.h), or NULL for the
 * user's own ($XDG_CONFIG_HOME or ~/.config, restodbc/<owner>/OAuthSettings.txt).
 * owner  the data source, or the provider where there is none
 * *path is whole, and the caller's to free. False: HY000. */
bool settings_path(const char *location, const char *owner, char **path, struct error *err);

/* Reads one record; needs no lock, because the file is only ever replaced as a whole.
 * *found  false when there is no file or no such record
 * False: HY000 the file is not ours alone (link, owner, mode) or not readable or of another version, 28000 it belongs to another provider
 * or client id, or can not be decrypted. It is never changed by that. */
bool settings_read(const char *path, const struct settings_key *key, struct settings_record *record, bool *found, struct error *err);

/* Keeps other processes and threads out while tokens are renewed: a lock on "<file>.lock", given up by the kernel when the process ends.
 * Makes the folder (0700) when there is none. False: HY000 not possible, HYT00 held by others for more than 30 s, HY008. */
bool settings_lock(const char *path, struct cancel *cancel, struct store_lock *lock, struct error *err);
void settings_unlock(struct store_lock *lock);

/* Whether settings_write will find room, to be asked before anything that serves only once is spent on new tokens; with the lock held.
 * False: HY000 it can not be written. */
bool settings_have_room(const char *path, struct error *err);

/* Replaces or adds a record, durably and all at once; with the lock held. Other records stay as they are. False: as for reading,
 * HY000 when it can not be written; the file is then as it was. */
bool settings_write(const char *path, const struct settings_key *key, const struct settings_record *record, struct error *err);

/* Takes a record away, likewise; it may not be there. */
bool settings_remove(const char *path, const struct settings_key *key, struct error *err);

#endif
