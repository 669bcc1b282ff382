/* Files on servers: by HTTP with any AuthScheme, in S3 and what speaks it, by FTP and SFTP. */
#ifndef PROVIDERS_CSV_REMOTE_H
#define PROVIDERS_CSV_REMOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct buffer;
struct cancel;
struct credential;
struct csv_remote;
struct csv_stream;
struct error;
struct http_client;
struct log;
struct properties;

/* The AuthSchemes of addresses; the first is the one of a connection that names a user, or names none. */
#define CSV_SCHEMES_OF_USER "Basic Digest NTLM Negotiate OAuth Bearer None"
#define CSV_SCHEMES "None Basic Digest NTLM Negotiate OAuth Bearer"

/* Whether a URI is an address at all: it begins with http://, https://, s3://, ftp://, ftps:// or sftp://. */
bool csv_is_remote(const char *uri);

/* What asks and signs, where somebody has it already: the scripts beside the files. */
struct csv_access {
    struct http_client *http;
    struct credential *credential;
    bool signs;                   /* requests carry the credential */
};

/* Opens the HTTP client and what signs requests, unless access brings them: it outlives what is opened, as properties and log do. False: HY000 a URI that is none, a scheme that libcurl lacks,
 * contradictory properties; those of credential_open and credential_connect. */
bool csv_remote_open(const char *uri, const struct properties *properties, struct log *log, const struct csv_access *access, struct cancel *cancel,
                     struct csv_remote **remote, struct error *err);
void csv_remote_close(struct csv_remote *remote);

/* NULL where the AuthScheme has none. */
struct credential *csv_remote_credential(const struct csv_remote *remote);

/* Whether the URI is a folder, whose files can be listed; whether it is one below which paths lead to files. */
bool csv_remote_lists(const struct csv_remote *remote);
bool csv_remote_is_folder(const struct csv_remote *remote);

/* Tells every file below the URI by its path from there, at most so many folders deep (-1: any number).
 * False: those of requests, and of tell. */
typedef bool csv_remote_teller(void *context, const char *path, struct error *err);
bool csv_remote_list(struct csv_remote *remote, int64_t depth, csv_remote_teller *tell, void *context, struct cancel *cancel, struct error *err);

/* The address of a path below the URI, "" for the URI itself; in the arena. NULL when out of memory. */
const char *csv_remote_address(const struct csv_remote *remote, const char *path, struct arena *arena);

/* Asks for a file and reads it as it comes. name: for messages, outlives the stream. False: those of requests; 42S02 there is no such file. */
bool csv_remote_get(struct csv_remote *remote, const char *address, const char *name, struct cancel *cancel, struct csv_stream **stream,
                    struct error *err);


#endif
