/* ftp://, ftps:// and sftp://: who signs in there, how the server is known, and what a URI names. */
#ifndef PROVIDERS_CSV_FILE_SERVER_H
#define PROVIDERS_CSV_FILE_SERVER_H

#include <stdbool.h>

struct arena;
struct error;
struct http_file_server;
struct log;
struct properties;

/* Whether a URI begins with one of the three. */
bool csv_is_file_server(const char *uri);

/* *address: of what the URI names; it ends with '/' where that is a folder, as everything is whose last part has no point. Everything is in the
 * arena; properties outlive it. False: HYC00 libcurl lacks the protocol, or AuthScheme is another's; HY000 properties that are missing; HY001. */
bool csv_file_server_open(const char *uri, const struct properties *properties, struct log *log, struct arena *arena,
                          const struct http_file_server **server, const char **address, struct error *err);

#endif
