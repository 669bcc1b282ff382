/* Connection properties: the `Name=value` pairs of a connection string or DSN. */
#ifndef BASE_PROPERTY_H
#define BASE_PROPERTY_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct buffer;
struct error;

/* Every property, in the order of the reference. The table in property.c gives each its kind, default and bounds. */
enum property {
    PROPERTY_DSN, PROPERTY_DRIVER, PROPERTY_FILEDSN, PROPERTY_SAVEFILE,     /* the driver manager's own */
    PROPERTY_PROVIDER, PROPERTY_URL, PROPERTY_SCHEMA, PROPERTY_ACCOUNT_ID, PROPERTY_PROJECT_ID, PROPERTY_ORGANIZATION_ID,
    PROPERTY_REGION, PROPERTY_ACCOUNTS_SERVER, PROPERTY_INCLUDE_CUSTOM_FIELDS, PROPERTY_PSEUDO_COLUMNS, PROPERTY_LOCATION, PROPERTY_WORKSPACE, PROPERTY_USER_DEFINED_VIEWS, PROPERTY_OTHER,
    PROPERTY_FEED_URL, PROPERTY_ODATA_VERSION, PROPERTY_DATA_FORMAT, PROPERTY_TABLES, PROPERTY_NAVIGATION_PROPERTIES_AS_VIEWS,
    PROPERTY_INCLUDE_NAVIGATION_PARENT_COLUMNS, PROPERTY_STORED_PROCEDURES_AS_VIEWS, PROPERTY_ENABLE_FOREIGN_KEY_DETECTION,
    PROPERTY_USE_SIMPLE_NAMES, PROPERTY_DECODE_XML_NAMES, PROPERTY_SUPPORTS_EXPAND, PROPERTY_EXPAND_ASTERISK, PROPERTY_MAX_SELECT_LENGTH,
    PROPERTY_MAX_FILTER_LENGTH, PROPERTY_USE_CLIENT_SIDE_PAGING, PROPERTY_SERVER_TIME_ZONE, PROPERTY_COOKIES, PROPERTY_CACHE_METADATA,
    PROPERTY_CACHE_TOLERANCE,
    PROPERTY_URI, PROPERTY_FMT, PROPERTY_INCLUDE_COLUMN_HEADERS, PROPERTY_INCLUDE_EMPTY_HEADERS, PROPERTY_QUOTE_CHARACTER,
    PROPERTY_QUOTE_ESCAPE_CHARACTER, PROPERTY_SKIP_TOP, PROPERTY_TRIM_SPACES, PROPERTY_IGNORE_BLANK_ROWS, PROPERTY_IGNORE_INCOMPLETE_ROWS,
    PROPERTY_PUSH_EMPTY_VALUES_AS_NULL, PROPERTY_NULL_VALUES, PROPERTY_MAX_CELL_LENGTH, PROPERTY_CHARSET, PROPERTY_CULTURE,
    PROPERTY_TYPE_DETECTION_SCHEME, PROPERTY_ROW_SCAN_DEPTH, PROPERTY_USE_ROW_NUMBERS, PROPERTY_EXTENDED_PROPERTIES, PROPERTY_INCLUDE_FILES,
    PROPERTY_EXCLUDE_FILES, PROPERTY_EXCLUDE_FILE_EXTENSIONS, PROPERTY_INCLUDE_SUBDIRECTORIES, PROPERTY_DIRECTORY_RETRIEVAL_DEPTH,
    PROPERTY_AGGREGATE_FILES, PROPERTY_METADATA_DISCOVERY_URI, PROPERTY_ACCESS_KEY, PROPERTY_SECRET_KEY, PROPERTY_AWS_REGION,
    PROPERTY_STORAGE_BASE_URL, PROPERTY_SSH_CLIENT_CERT, PROPERTY_SSH_CLIENT_CERT_PASSWORD, PROPERTY_SSH_SERVER_FINGERPRINT,
    PROPERTY_JSON_PATH, PROPERTY_XPATH, PROPERTY_DATA_MODEL,
    PROPERTY_AUTH_SCHEME, PROPERTY_USER, PROPERTY_PASSWORD,
    PROPERTY_INITIATE_OAUTH, PROPERTY_OAUTH_VERSION, PROPERTY_OAUTH_GRANT_TYPE, PROPERTY_OAUTH_CLIENT_ID, PROPERTY_OAUTH_CLIENT_SECRET,
    PROPERTY_OAUTH_ACCESS_TOKEN, PROPERTY_OAUTH_ACCESS_TOKEN_SECRET, PROPERTY_OAUTH_REFRESH_TOKEN, PROPERTY_OAUTH_EXPIRES_IN,
    PROPERTY_OAUTH_TOKEN_TIMESTAMP, PROPERTY_OAUTH_VERIFIER, PROPERTY_PKCE_VERIFIER, PROPERTY_AUTH_TOKEN, PROPERTY_AUTH_KEY,
    PROPERTY_OAUTH_SETTINGS_LOCATION, PROPERTY_CALLBACK_URL, PROPERTY_SCOPE, PROPERTY_STATE, PROPERTY_OAUTH_ISSUER,
    PROPERTY_OAUTH_REQUEST_TOKEN_URL, PROPERTY_OAUTH_AUTHORIZATION_URL, PROPERTY_OAUTH_ACCESS_TOKEN_URL, PROPERTY_OAUTH_REFRESH_TOKEN_URL,
    PROPERTY_OAUTH_DEVICE_AUTHORIZATION_URL, PROPERTY_OAUTH_REVOCATION_URL, PROPERTY_OAUTH_PARAMS,
    PROPERTY_SIGN_METHOD, PROPERTY_CERT, PROPERTY_CERT_PASSWORD,
    PROPERTY_OAUTH_JWT_CERT, PROPERTY_OAUTH_JWT_CERT_TYPE, PROPERTY_OAUTH_JWT_CERT_PASSWORD, PROPERTY_OAUTH_JWT_ISSUER,
    PROPERTY_OAUTH_JWT_SUBJECT, PROPERTY_OAUTH_JWT_AUDIENCE, PROPERTY_OAUTH_JWT_PUBLIC_KEY_ID, PROPERTY_OAUTH_JWT_VALIDITY_TIME,
    PROPERTY_SSL_SERVER_CERT,
    PROPERTY_PROXY_SERVER, PROPERTY_PROXY_PORT, PROPERTY_PROXY_AUTH_SCHEME, PROPERTY_PROXY_USER, PROPERTY_PROXY_PASSWORD,
    PROPERTY_TIMEOUT, PROPERTY_PAGESIZE, PROPERTY_MAX_ROWS, PROPERTY_MAX_CONCURRENT_REQUESTS, PROPERTY_USER_AGENT, PROPERTY_CUSTOM_HEADERS,
    PROPERTY_CUSTOM_URL_PARAMS, PROPERTY_RETRY_MAX, PROPERTY_CACHE_LOCATION,
    PROPERTY_CONNECT_ON_OPEN,
    PROPERTY_LOGFILE, PROPERTY_VERBOSITY,
    PROPERTY_COUNT
};

/* PROPERTY_FLAGS: pairs of their own, `Pushdown=0`, divided by commas or semicolons; choices are the names that take 0 or 1. Other names
 * are variables of a provider, and take any text. */
enum property_kind { PROPERTY_TEXT, PROPERTY_NUMBER, PROPERTY_BOOLEAN, PROPERTY_CHOICE, PROPERTY_FLAGS };

struct property_info {
    const char *name;
    const char *alias;           /* another accepted name (UID for User, PWD for Password), or NULL */
    enum property_kind kind;
    bool secret;                 /* never logged, never in the completed connection string unless the caller gave it */
    const char *standard;        /* the default; NULL = none */
    const char *choices;         /* PROPERTY_CHOICE: "OFF REFRESH GETANDREFRESH"; PROPERTY_FLAGS: their names */
    long smallest, largest;      /* PROPERTY_NUMBER */
    const char *description;     /* one sentence, for the reference page and the error messages */
};

const struct property_info *property_info(enum property property);

/* A pair whose name the driver does not know: scripts may. */
struct property_pair {
    char *name, *value;
};

enum { PROPERTY_UNKNOWN = 64 /* the most that are kept */ };

struct properties {
    char *values[PROPERTY_COUNT];       /* NULL = not set */
    bool in_string[PROPERTY_COUNT];     /* came with the connection string: wins over the DSN, may be echoed back */
    struct property_pair unknown[PROPERTY_UNKNOWN]; /* of equal names the first */
    size_t unknown_count;
};

void properties_init(struct properties *properties);

/* Frees all, wiping the secrets. */
void properties_clear(struct properties *properties);

/* Makes a copy, which properties_clear frees. False: out of memory, HY001; *copy is empty then. */
bool properties_copy(struct properties *copy, const struct properties *properties, struct error *err);

/* Sets one property whatever it was before; NULL takes it away. False: HY000 as for reading. */
bool properties_override(struct properties *properties, enum property property, const char *value, struct error *err);

/* The property of this name. False: there is none. */
bool properties_find(const char *name, enum property *property);

/* What was not taken and why; called with a sentence for each 01S00. May be NULL. */
typedef void property_warning(void *context, const char *message);

/* Reads a connection string: `name=value` pairs divided by ';', values with special characters in braces with '}}'
 * for '}' (ODBC reference, SQLDriverConnect). The first of two equal names wins. Unknown names go to warn.
 * False: HY000 naming property, value and what is allowed; 01S00-worthy things are warnings, not errors;
 * an unclosed brace or a missing '=' is an error that tells the position. */
bool properties_read_string(struct properties *properties, const char *text, size_t length,
                            property_warning *warn, void *context, struct error *err);

/* Whether it could be the name of a property. Anything else that stands in a name's place may be the rest of a secret whose value was cut
 * at a ';' or a line's end, and is not to be shown. */
bool property_name_may_be(const char *name, size_t length);

/* Sets one property from a DSN or an attribute, unless it is set already. Unknown name: *known false (and true returned). */
bool properties_set(struct properties *properties, const char *name, const char *value, bool in_string, bool *known,
                    struct error *err);

/* What a property is about: "OAuth", "Proxy"… Static. */
const char *property_category(enum property property);

/* The value, or its default, or NULL. */
const char *properties_text(const struct properties *properties, enum property property);
long properties_number(const struct properties *properties, enum property property);
bool properties_flag(const struct properties *properties, enum property property);

/* Whether a PROPERTY_CHOICE has this value (case ignored). */
bool properties_choice(const struct properties *properties, enum property property, const char *choice);

/* The value of a property by its name, or its default, or NULL; also when there is no such property. */
const char *properties_named(const struct properties *properties, const char *name);

/* One flag of PROPERTY_OTHER, by name; standard where it is not given. */
bool properties_other(const struct properties *properties, const char *name, bool standard);

/* What PROPERTY_OTHER gives to a name that is no flag of the driver's own, in the arena; NULL where it gives nothing. */
const char *properties_other_text(const struct properties *properties, const char *name, struct arena *arena);

/* Those names, by their number; false when there are no more. */
enum { PROPERTY_OTHER_NAME = 32 };
bool properties_other_name(const struct properties *properties, size_t number, char name[PROPERTY_OTHER_NAME]);

/* Appends the completed connection string: what is set, in reading order DSN or Driver first; secrets only where in_string. */
void properties_print(const struct properties *properties, struct buffer *out);

#endif
