#include "base/property.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/name.h"
#include "base/space.h"

enum { LONGEST_NAME = 40 };

static const struct property_info table[PROPERTY_COUNT] = {
    [PROPERTY_DSN] = {.name = "DSN", .description = "The data source whose properties in odbc.ini are used."},
    [PROPERTY_DRIVER] = {.name = "Driver", .description = "The driver's name in odbcinst.ini; its own Provider= counts when none is given."},
    [PROPERTY_FILEDSN] = {.name = "FILEDSN", .description = "Read by the driver manager."},
    [PROPERTY_SAVEFILE] = {.name = "SAVEFILE", .description = "Read by the driver manager."},

    [PROPERTY_PROVIDER] = {.name = "Provider", .description = "The service to query, by the name of its definition."},
    [PROPERTY_URL] = {.name = "URL", .description = "Base address of the service, in place of the one that its definition names."},
    [PROPERTY_SCHEMA] = {.name = "Schema", .description = "Which of the service's schemas is used, where it has several."},
    [PROPERTY_ACCOUNT_ID] = {.name = "AccountId", .description = "The account to use, for services where one sign-in opens several."},
    [PROPERTY_PROJECT_ID] = {.name = "ProjectId", .description = "The project whose rows a table has when a query names none; * = of all projects."},
    [PROPERTY_ORGANIZATION_ID] = {.name = "OrganizationId", .description = "The organization to use, for services where one sign-in opens several."},
    [PROPERTY_REGION] = {.name = "Region", .description = "The data centre that has the account: US, EU, IN and so on, as the service has them."},
    [PROPERTY_ACCOUNTS_SERVER] = {.name = "AccountsServer", .description = "The address at which one signs in, for services with several data centres."},
    [PROPERTY_INCLUDE_CUSTOM_FIELDS] = {.name = "IncludeCustomFields", .kind = PROPERTY_BOOLEAN, .standard = "false",
                                        .description = "Shows the fields that the account has defined for itself as columns."},
    [PROPERTY_PSEUDO_COLUMNS] = {.name = "PseudoColumns",
                                 .description = "Inputs that are shown among the columns: Table=Input, *=* for all."},
    [PROPERTY_LOCATION] = {.name = "Location", .description = "A folder of definitions that are looked at before the installed ones; of scripts, with CSV, JSON and XML."},
    [PROPERTY_WORKSPACE] = {.name = "Workspace",
                            .description = "A SQLite file, or :memory:, in which tables, views and indexes of your own can be made."},
    [PROPERTY_USER_DEFINED_VIEWS] = {.name = "UserDefinedViews",
                                     .description = "A JSON file of views: {\"Name\": {\"query\": \"SELECT …\"}}."},
    [PROPERTY_OTHER] = {.name = "Other", .kind = PROPERTY_FLAGS, .choices = "Pushdown ClientInBody StrictTypes",
                        .description = "Rarely needed switches. Pushdown=0: the service is asked only for what its tables can not be read without. "
                                       "ClientInBody=1: client id and secret go to the token endpoint as form fields. "
                                       "StrictTypes=1: a cell of a file that does not fit its column is an error, no NULL with a warning. "
                                       "Name=value: sets the variable of that name in the service's definition. Several are divided by commas."},

    [PROPERTY_URI] = {.name = "URI", .description = "A file, folder or archive, or the http(s) or s3 address of one; the present folder when not set."},
    [PROPERTY_FMT] = {.name = "FMT", .standard = "CsvDelimited",
                      .description = "What stands between cells: CsvDelimited, TabDelimited, or the character itself; FixedLength as Schema.ini tells."},
    [PROPERTY_INCLUDE_COLUMN_HEADERS] = {.name = "IncludeColumnHeaders", .kind = PROPERTY_BOOLEAN, .standard = "true",
                                         .description = "The first row has the names of the columns; else they are Col1, Col2 and so on."},
    [PROPERTY_INCLUDE_EMPTY_HEADERS] = {.name = "IncludeEmptyHeaders", .kind = PROPERTY_BOOLEAN, .standard = "false",
                                        .description = "Shows columns that the first row has no name for."},
    [PROPERTY_QUOTE_CHARACTER] = {.name = "QuoteCharacter", .alias = "QuoteChar", .standard = "\"",
                                  .description = "What cells are quoted with; None: nothing."},
    [PROPERTY_QUOTE_ESCAPE_CHARACTER] = {.name = "QuoteEscapeCharacter", .standard = "\"",
                                         .description = "What stands before a quote within quotes: another quote, or a character such as \\."},
    [PROPERTY_SKIP_TOP] = {.name = "SkipTop", .kind = PROPERTY_NUMBER, .standard = "0", .smallest = 0, .largest = INT_MAX,
                           .description = "Lines at the top of a file that are passed over."},
    [PROPERTY_TRIM_SPACES] = {.name = "TrimSpaces", .kind = PROPERTY_BOOLEAN, .standard = "false",
                              .description = "Takes spaces and tabs off the ends of cells; what is quoted stays."},
    [PROPERTY_IGNORE_BLANK_ROWS] = {.name = "IgnoreBlankRows", .kind = PROPERTY_BOOLEAN, .standard = "false",
                                    .description = "Empty lines are no rows; else their cells are all empty."},
    [PROPERTY_IGNORE_INCOMPLETE_ROWS] = {.name = "IgnoreIncompleteRows", .kind = PROPERTY_BOOLEAN, .standard = "false",
                                         .description = "Leaves out rows with fewer cells than columns; else the missing ones are NULL."},
    [PROPERTY_PUSH_EMPTY_VALUES_AS_NULL] = {.name = "PushEmptyValuesAsNull", .kind = PROPERTY_BOOLEAN, .standard = "true",
                                            .description = "Empty cells are NULL; else empty strings, where their column is one."},
    [PROPERTY_NULL_VALUES] = {.name = "NullValues", .description = "Texts that mean NULL, divided by commas: NULL,NA,-."},
    [PROPERTY_MAX_CELL_LENGTH] = {.name = "MaxCellLength", .kind = PROPERTY_NUMBER, .standard = "-1", .smallest = -1, .largest = 1 << 30,
                                  .description = "The most bytes that a cell may have; -1 = 64 MiB."},
    [PROPERTY_CHARSET] = {.name = "Charset", .standard = "UTF-8",
                          .description = "The character set of files that begin with no byte order mark, as iconv calls it: windows-1252, ISO-8859-1, UTF-16LE."},
    [PROPERTY_CULTURE] = {.name = "Culture", .description = "How files write numbers and dates: de-DE, en-GB and so on; as ISO has them when not set."},
    [PROPERTY_TYPE_DETECTION_SCHEME] = {.name = "TypeDetectionScheme", .kind = PROPERTY_CHOICE, .standard = "RowScan", .choices = "RowScan ColumnFormat None",
                                        .description = "How types are found: RowScan, by the first rows; ColumnFormat, by the names: Total:decimal(10,2); "
                                                       "None: all are strings."},
    [PROPERTY_ROW_SCAN_DEPTH] = {.name = "RowScanDepth", .alias = "ColumnCount", .kind = PROPERTY_NUMBER, .standard = "100", .smallest = -1,
                                 .largest = INT_MAX, .description = "Rows that are looked at for the types; 0 or -1 = all."},
    [PROPERTY_USE_ROW_NUMBERS] = {.name = "UseRowNumbers", .kind = PROPERTY_BOOLEAN, .standard = "false",
                                  .description = "Adds a column RowNumber, which is the table's key."},
    [PROPERTY_EXTENDED_PROPERTIES] = {.name = "ExtendedProperties",
                                      .description = "As Jet takes them: HDR=Yes;FMT=Delimited(;). Properties that are set themselves win, Schema.ini over both."},
    [PROPERTY_INCLUDE_FILES] = {.name = "IncludeFiles", .standard = "CSV,TXT,TAB",
                                .description = "Which files of a folder are tables: extensions, NOEXT for none, patterns as sales*.csv, divided by commas."},
    [PROPERTY_EXCLUDE_FILES] = {.name = "ExcludeFiles", .description = "Which of them are not, likewise."},
    [PROPERTY_EXCLUDE_FILE_EXTENSIONS] = {.name = "ExcludeFileExtensions", .kind = PROPERTY_BOOLEAN, .standard = "false",
                                          .description = "Names of tables are those of the files without extension."},
    [PROPERTY_INCLUDE_SUBDIRECTORIES] = {.name = "IncludeSubdirectories", .kind = PROPERTY_BOOLEAN, .standard = "false",
                                         .description = "Files in folders within the folder are tables too: folder_file.csv."},
    [PROPERTY_DIRECTORY_RETRIEVAL_DEPTH] = {.name = "DirectoryRetrievalDepth", .kind = PROPERTY_NUMBER, .standard = "-1", .smallest = -1, .largest = INT_MAX,
                                            .description = "How many folders deep they are looked for; -1 = any number."},
    [PROPERTY_AGGREGATE_FILES] = {.name = "AggregateFiles", .kind = PROPERTY_BOOLEAN, .standard = "false",
                                  .description = "All files of the folder are one table, AggregatedFiles."},
    [PROPERTY_ACCESS_KEY] = {.name = "AccessKey", .alias = "AWSAccessKey", .description = "Of s3://: the identifier of the key that requests are signed with."},
    [PROPERTY_SECRET_KEY] = {.name = "SecretKey", .alias = "AWSSecretKey", .secret = true, .description = "The secret of that key."},
    [PROPERTY_AWS_REGION] = {.name = "AWSRegion", .standard = "us-east-1", .description = "Of s3://: the region that the bucket is in."},
    [PROPERTY_STORAGE_BASE_URL] = {.name = "StorageBaseURL",
                                   .description = "The address of a storage that speaks S3, with buckets as its first folders; Amazon's when not set."},
    [PROPERTY_SSH_CLIENT_CERT] = {.name = "SSHClientCert", .description = "Of sftp://: the file of the private key to sign in with."},
    [PROPERTY_SSH_CLIENT_CERT_PASSWORD] = {.name = "SSHClientCertPassword", .secret = true, .description = "What that file is encrypted with."},
    [PROPERTY_SSH_SERVER_FINGERPRINT] = {.name = "SSHServerFingerprint",
                                         .description = "Of sftp://: SHA256:… of the server's key; when not set, ~/.ssh/known_hosts has it."},
    [PROPERTY_METADATA_DISCOVERY_URI] = {.name = "MetadataDiscoveryURI",
                                         .description = "The file that tells its columns; the first one when not set."},

    [PROPERTY_FEED_URL] = {.name = "FeedURL", .description = "The address of one entity set, in place of URL: only its table and views are shown."},
    [PROPERTY_ODATA_VERSION] = {.name = "ODataVersion", .kind = PROPERTY_CHOICE, .standard = "AUTO", .choices = "AUTO 2.0 3.0 4.0 4.01",
                                .description = "The version of OData to speak, where the metadata tells it wrongly."},
    [PROPERTY_DATA_FORMAT] = {.name = "DataFormat", .kind = PROPERTY_CHOICE, .choices = "JSON ATOM",
                              .description = "The form of the rows; JSON when not set, and Atom where the service has no JSON."},
    [PROPERTY_TABLES] = {.name = "Tables", .description = "The only tables and views to show, divided by commas."},
    [PROPERTY_NAVIGATION_PROPERTIES_AS_VIEWS] = {.name = "NavigationPropertiesAsViews", .kind = PROPERTY_BOOLEAN, .standard = "true",
                                                 .description = "Shows what entities lead to as views Parent_Property."},
    [PROPERTY_INCLUDE_NAVIGATION_PARENT_COLUMNS] = {.name = "IncludeNavigationParentColumns", .kind = PROPERTY_BOOLEAN, .standard = "false",
                                                    .description = "Those views have all columns of the parent, not only its key."},
    [PROPERTY_STORED_PROCEDURES_AS_VIEWS] = {.name = "StoredProceduresAsViews", .kind = PROPERTY_BOOLEAN, .standard = "false",
                                             .description = "Shows functions that yield entities as views too, with their parameters as inputs."},
    [PROPERTY_ENABLE_FOREIGN_KEY_DETECTION] = {.name = "EnableForeignKeyDetection", .kind = PROPERTY_BOOLEAN, .standard = "false",
                                               .description = "Guesses references from the names of properties, where the metadata tells none."},
    [PROPERTY_USE_SIMPLE_NAMES] = {.name = "UseSimpleNames", .kind = PROPERTY_BOOLEAN, .standard = "false",
                                   .description = "Names of tables and columns have only letters, digits and underscores."},
    [PROPERTY_DECODE_XML_NAMES] = {.name = "DecodeXMLNames", .kind = PROPERTY_BOOLEAN, .standard = "false",
                                   .description = "Shows _x0020_ in names as the character that it stands for."},
    [PROPERTY_SUPPORTS_EXPAND] = {.name = "SupportsExpand", .kind = PROPERTY_BOOLEAN, .standard = "true",
                                  .description = "Whether the service can put what entities lead to inside of them; else each parent is asked."},
    [PROPERTY_EXPAND_ASTERISK] = {.name = "ExpandAsterisk", .kind = PROPERTY_BOOLEAN, .standard = "false",
                                  .description = "Names every column to the service also where all are wanted."},
    [PROPERTY_MAX_SELECT_LENGTH] = {.name = "MaxSelectLength", .kind = PROPERTY_NUMBER, .standard = "-1", .smallest = -1, .largest = 1000000,
                                    .description = "Bytes of $select at most, else all columns are asked for; 0 = never, -1 = no bound."},
    [PROPERTY_MAX_FILTER_LENGTH] = {.name = "MaxFilterLength", .kind = PROPERTY_NUMBER, .standard = "1500", .smallest = 0, .largest = 1000000,
                                    .description = "Bytes of $filter at most: longer lists are split over several requests."},
    [PROPERTY_USE_CLIENT_SIDE_PAGING] = {.name = "UseClientSidePaging", .kind = PROPERTY_BOOLEAN, .standard = "false",
                                         .description = "Asks for pages by $top and $skip, where the service makes none of its own."},
    [PROPERTY_SERVER_TIME_ZONE] = {.name = "ServerTimeZone", .description = "The offset of moments without one, as +02:00; they are left as they are when not set."},
    [PROPERTY_COOKIES] = {.name = "Cookies", .secret = true, .description = "Cookies to send: name=value; name=value."},
    [PROPERTY_CACHE_METADATA] = {.name = "CacheMetadata", .kind = PROPERTY_BOOLEAN, .standard = "false",
                                 .description = "Keeps the service's metadata in a file, so that it need not be sent at each connect."},
    [PROPERTY_CACHE_TOLERANCE] = {.name = "CacheTolerance", .kind = PROPERTY_NUMBER, .standard = "600", .smallest = 0, .largest = INT_MAX,
                                  .description = "Seconds that they are used without asking the service whether they still hold."},

    [PROPERTY_JSON_PATH] = {.name = "JSONPath", .description = "Where the rows are in the JSON at URI: $.people; the outermost array of objects when not set."},
    [PROPERTY_XPATH] = {.name = "XPath", .description = "Likewise in the XML at URI: /root/people/person."},
    [PROPERTY_DATA_MODEL] = {.name = "DataModel", .kind = PROPERTY_CHOICE, .standard = "Document", .choices = "Document FlattenedDocuments Relational",
                             .description = "What becomes of objects within rows that are lists: JSON in a column, or FlattenedDocuments: a row for each of "
                                            "the innermost, with the columns of what is around it; Relational: tables of their own."},

    [PROPERTY_AUTH_SCHEME] = {.name = "AuthScheme", .kind = PROPERTY_CHOICE, .choices = "OAuth OAuthPKCE OAuthPassword OAuthClient OAuthJWT Bearer Basic Digest NTLM Negotiate None",
                              .description = "How requests are authenticated; the service's own way when not set."},
    [PROPERTY_USER] = {.name = "User", .alias = "UID", .description = "User name, for Basic and its kin; also tells apart the sign-ins of one settings file."},
    [PROPERTY_PASSWORD] = {.name = "Password", .alias = "PWD", .secret = true, .description = "The user's password."},

    [PROPERTY_INITIATE_OAUTH] = {.name = "InitiateOAuth", .kind = PROPERTY_CHOICE, .standard = "OFF", .choices = "OFF REFRESH GETANDREFRESH",
                                 .description = "OFF: use the token given. REFRESH: keep it fresh in the settings file. "
                                                "GETANDREFRESH: also sign in with the browser when there is none."},
    [PROPERTY_OAUTH_VERSION] = {.name = "OAuthVersion", .kind = PROPERTY_CHOICE, .choices = "1.0 2.0",
                                .description = "Which OAuth; the service's own when not set."},
    [PROPERTY_OAUTH_GRANT_TYPE] = {.name = "OAuthGrantType", .kind = PROPERTY_CHOICE, .choices = "CODE PASSWORD CLIENT JWT DEVICE",
                                   .description = "How tokens are got in OAuth 2.0: CODE, with a browser; DEVICE, at another device; PASSWORD, "
                                                  "with User and Password; CLIENT, for the application itself; JWT, with its key."},
    [PROPERTY_OAUTH_CLIENT_ID] = {.name = "OAuthClientId", .description = "The client id of your registered application."},
    [PROPERTY_OAUTH_CLIENT_SECRET] = {.name = "OAuthClientSecret", .secret = true, .description = "Its client secret."},
    [PROPERTY_OAUTH_ACCESS_TOKEN] = {.name = "OAuthAccessToken", .secret = true, .description = "An access token to use."},
    [PROPERTY_OAUTH_ACCESS_TOKEN_SECRET] = {.name = "OAuthAccessTokenSecret", .secret = true,
                                            .description = "The secret that belongs to OAuthAccessToken in OAuth 1.0."},
    [PROPERTY_OAUTH_REFRESH_TOKEN] = {.name = "OAuthRefreshToken", .secret = true, .description = "A refresh token to renew it with."},
    [PROPERTY_OAUTH_EXPIRES_IN] = {.name = "OAuthExpiresIn", .kind = PROPERTY_NUMBER, .smallest = 0, .largest = INT_MAX,
                                   .description = "Seconds that OAuthAccessToken lives, from OAuthTokenTimestamp on."},
    [PROPERTY_OAUTH_TOKEN_TIMESTAMP] = {.name = "OAuthTokenTimestamp", .kind = PROPERTY_NUMBER, .smallest = 0, .largest = LONG_MAX,
                                        .description = "When OAuthAccessToken was issued, in seconds or milliseconds since 1970."},
    [PROPERTY_OAUTH_VERIFIER] = {.name = "OAuthVerifier", .secret = true,
                                 .description = "The code that the service gave after a sign-in on another machine."},
    [PROPERTY_PKCE_VERIFIER] = {.name = "PKCEVerifier", .secret = true,
                                .description = "The PKCEVerifier that came with the authorization URL of that sign-in, where it is needed."},
    [PROPERTY_AUTH_TOKEN] = {.name = "AuthToken", .secret = true,
                             .description = "The AuthToken that came with the authorization URL of that sign-in, in OAuth 1.0."},
    [PROPERTY_AUTH_KEY] = {.name = "AuthKey", .secret = true, .description = "The AuthKey that came with it."},
    [PROPERTY_OAUTH_SETTINGS_LOCATION] = {.name = "OAuthSettingsLocation",
                                          .description = "The encrypted file in which tokens persist, or memory:// for as long as the "
                                                         "process lives; a file for each data source when not set."},
    [PROPERTY_CALLBACK_URL] = {.name = "CallbackURL", .standard = "http://localhost:33333",
                               .description = "The redirect URI registered for your application."},
    [PROPERTY_SCOPE] = {.name = "Scope", .description = "Permissions to ask for, in place of the service's usual ones."},
    [PROPERTY_STATE] = {.name = "State", .description = "The state that the authorization URL carries; a random one when not set."},
    [PROPERTY_OAUTH_ISSUER] = {.name = "OAuthIssuer",
                               .description = "The authorization server, asked for the endpoints that are not set (RFC 8414)."},
    [PROPERTY_OAUTH_REQUEST_TOKEN_URL] = {.name = "OAuthRequestTokenURL",
                                          .description = "Where OAuth 1.0 gets request tokens, in place of the definition's."},
    [PROPERTY_OAUTH_AUTHORIZATION_URL] = {.name = "OAuthAuthorizationURL", .description = "Where the user signs in, in place of the definition's."},
    [PROPERTY_OAUTH_ACCESS_TOKEN_URL] = {.name = "OAuthAccessTokenURL", .description = "Where codes are exchanged for tokens, likewise."},
    [PROPERTY_OAUTH_REFRESH_TOKEN_URL] = {.name = "OAuthRefreshTokenURL", .description = "Where tokens are renewed, likewise; the former when not set."},
    [PROPERTY_OAUTH_DEVICE_AUTHORIZATION_URL] = {.name = "OAuthDeviceAuthorizationURL",
                                                 .description = "Where the sign-in at another device begins, likewise."},
    [PROPERTY_OAUTH_REVOCATION_URL] = {.name = "OAuthRevocationURL", .description = "Where tokens are taken back, likewise."},
    [PROPERTY_OAUTH_PARAMS] = {.name = "OAuthParams",
                               .description = "Further parameters of the authorization URL and of requests for tokens: a=b&c=d."},
    [PROPERTY_SIGN_METHOD] = {.name = "SignMethod", .kind = PROPERTY_CHOICE,
                              .choices = "HMAC-SHA1 HMAC-SHA256 RSA-SHA1 RSA-SHA256 PLAINTEXT",
                              .description = "How OAuth 1.0 signs requests; the service's own way, else HMAC-SHA1, when not set."},
    [PROPERTY_CERT] = {.name = "Cert", .secret = true,
                       .description = "The private key that RSA-SHA1 signs with: a PFX or PEM file, or PEM text."},
    [PROPERTY_CERT_PASSWORD] = {.name = "CertPassword", .secret = true, .description = "The password of that file."},
    [PROPERTY_OAUTH_JWT_CERT] = {.name = "OAuthJWTCert", .secret = true,
                                 .description = "The private key of the JWT grant: a file, or the key itself, as OAuthJWTCertType says."},
    [PROPERTY_OAUTH_JWT_CERT_TYPE] = {.name = "OAuthJWTCertType", .kind = PROPERTY_CHOICE,
                                      .choices = "PEMKEY_FILE PEMKEY_BLOB PFXFILE PFXBLOB GOOGLEJSON GOOGLEJSONBLOB",
                                      .description = "What OAuthJWTCert is; seen by its look when not set."},
    [PROPERTY_OAUTH_JWT_CERT_PASSWORD] = {.name = "OAuthJWTCertPassword", .secret = true, .description = "Its password."},
    [PROPERTY_OAUTH_JWT_ISSUER] = {.name = "OAuthJWTIssuer",
                                   .description = "Who the JWT is from; the service account of OAuthJWTCert, else OAuthClientId, when not set."},
    [PROPERTY_OAUTH_JWT_SUBJECT] = {.name = "OAuthJWTSubject", .description = "Whose data it is about; the issuer's when not set."},
    [PROPERTY_OAUTH_JWT_AUDIENCE] = {.name = "OAuthJWTAudience",
                                     .description = "Who it is for, divided by spaces; the token endpoint when not set."},
    [PROPERTY_OAUTH_JWT_PUBLIC_KEY_ID] = {.name = "OAuthJWTPublicKeyId", .description = "How the service calls the key, its kid."},
    [PROPERTY_OAUTH_JWT_VALIDITY_TIME] = {.name = "OAuthJWTValidityTime", .kind = PROPERTY_NUMBER, .standard = "300", .smallest = 1,
                                          .largest = 86400, .description = "Seconds that the JWT is good for."},

    [PROPERTY_SSL_SERVER_CERT] = {.name = "SSLServerCert",
                                  .description = "Which certificates of servers are accepted in place of those that the system trusts: authorities, as "
                                                 "a PEM file or its text; or the SHA-256 or SHA-1 fingerprint of the server's own certificate, or "
                                                 "sha256//… of its public key, several divided by semicolons."},

    [PROPERTY_PROXY_SERVER] = {.name = "ProxyServer", .description = "Host name of a proxy; with socks5h:// or socks5:// before it of a SOCKS proxy, with https:// of one over TLS."},
    [PROPERTY_PROXY_PORT] = {.name = "ProxyPort", .kind = PROPERTY_NUMBER, .standard = "80", .smallest = 1, .largest = 65535,
                             .description = "Its port."},
    [PROPERTY_PROXY_AUTH_SCHEME] = {.name = "ProxyAuthScheme", .kind = PROPERTY_CHOICE, .choices = "BASIC DIGEST NONE NTLM NEGOTIATE", .standard = "BASIC",
                                    .description = "How one signs in to it; NEGOTIATE: by the ticket of kinit, NONE: not at all, whatever ProxyUser is."},
    [PROPERTY_PROXY_USER] = {.name = "ProxyUser", .description = "User name for the proxy."},
    [PROPERTY_PROXY_PASSWORD] = {.name = "ProxyPassword", .secret = true, .description = "Password for the proxy."},

    [PROPERTY_TIMEOUT] = {.name = "Timeout", .kind = PROPERTY_NUMBER, .standard = "60", .smallest = 0, .largest = 86400,
                          .description = "Seconds that a request may go without any progress; 0 = no bound."},
    [PROPERTY_PAGESIZE] = {.name = "Pagesize", .kind = PROPERTY_NUMBER, .standard = "0", .smallest = 0, .largest = INT_MAX,
                           .description = "Rows to ask for in one request; 0 = as many as the service allows."},
    [PROPERTY_MAX_ROWS] = {.name = "MaxRows", .kind = PROPERTY_NUMBER, .standard = "0", .smallest = -1, .largest = LONG_MAX,
                           .description = "The most rows that a query yields; 0 or -1 = no bound."},
    [PROPERTY_MAX_CONCURRENT_REQUESTS] = {.name = "MaxConcurrentRequests", .kind = PROPERTY_NUMBER, .standard = "8", .smallest = 1, .largest = 64,
                                          .description = "The most requests of one statement under way at once; the service's own limit if that is lower."},
    [PROPERTY_USER_AGENT] = {.name = "UserAgent", .standard = "restodbc", .description = "What the driver calls itself to the service."},
    [PROPERTY_CUSTOM_HEADERS] = {.name = "CustomHeaders", .secret = true,
                                 .description = "Header fields to send with each request: Name: value, divided by line breaks or |."},
    [PROPERTY_CUSTOM_URL_PARAMS] = {.name = "CustomUrlParams", .description = "Parameters that the address of each request has: a=b&c=d."},
    [PROPERTY_RETRY_MAX] = {.name = "RetryMax", .kind = PROPERTY_NUMBER, .standard = "4", .smallest = 0, .largest = 20,
                            .description = "How often a request is sent again after a refusal that may pass."},
    [PROPERTY_CACHE_LOCATION] = {.name = "CacheLocation",
                                 .description = "A folder for answers of the service, so that unchanged ones are not sent again; when not set they are kept "
                                                "in memory, and metadata in restodbc in the user's cache folder."},
    [PROPERTY_CONNECT_ON_OPEN] = {.name = "ConnectOnOpen", .kind = PROPERTY_BOOLEAN, .standard = "false",
                                  .description = "Ask the service something at connect, so that a wrong token shows at once."},

    [PROPERTY_LOGFILE] = {.name = "Logfile", .description = "A file that is written to; nothing is logged when not set."},
    [PROPERTY_VERBOSITY] = {.name = "Verbosity", .kind = PROPERTY_NUMBER, .standard = "1", .smallest = 1, .largest = 5,
                            .description = "1 queries and errors, 2 requests, 3 headers, 4 bodies, 5 ODBC calls."},
};

const struct property_info *property_info(enum property property)
{
    return &table[property];
}

const char *property_category(enum property property)
{
    static const struct { enum property last; const char *category; } categories[] = { /* in the order of the enumeration */
        {PROPERTY_SAVEFILE, "Data source"},    {PROPERTY_OTHER, "Service"},     {PROPERTY_CACHE_TOLERANCE, "OData"},
        {PROPERTY_SSH_SERVER_FINGERPRINT, "CSV"}, {PROPERTY_DATA_MODEL, "JSON and XML"}, {PROPERTY_PASSWORD, "Authentication"},
        {PROPERTY_OAUTH_JWT_VALIDITY_TIME, "OAuth"}, {PROPERTY_SSL_SERVER_CERT, "TLS"}, {PROPERTY_PROXY_PASSWORD, "Proxy"},
        {PROPERTY_CONNECT_ON_OPEN, "Transport"},
    };
    for (size_t i = 0; i < sizeof categories / sizeof categories[0]; i++)
        if (property <= categories[i].last)
            return categories[i].category;
    return "Log";
}

void properties_init(struct properties *properties)
{
    *properties = (struct properties){0};
}

static void wipe(char *text)
{
    if (text)
        explicit_bzero(text, strlen(text));
    free(text);
}

void properties_clear(struct properties *properties)
{
    for (int i = 0; i < PROPERTY_COUNT; i++)
        wipe(properties->values[i]);
    for (size_t i = 0; i < properties->unknown_count; i++) {
        wipe(properties->unknown[i].name);
        wipe(properties->unknown[i].value);
    }
    properties_init(properties);
}

static bool find(const char *name, size_t length, enum property *property)
{
    for (int i = 0; i < PROPERTY_COUNT; i++)
        if (name_equal_length(name, length, table[i].name) || (table[i].alias && name_equal_length(name, length, table[i].alias))) {
            *property = (enum property)i;
            return true;
        }
    return false;
}

static bool is_flag(const char *value, bool *flag)
{
    static const char *const yes[] = {"true", "yes", "1", "on"}, *const no[] = {"false", "no", "0", "off"};
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++) {
        if (name_equal(value, yes[i]) || name_equal(value, no[i])) {
            *flag = name_equal(value, yes[i]);
            return true;
        }
    }
    return false;
}

/* One pair of a list of flags. */
struct pair {
    const char *name, *value;
    size_t name_length, value_length;
};

/* The next pair of a list. False at its end; with an empty name when what stands there is no pair. */
static bool next_pair(const char **list, struct pair *pair)
{
    const char *at = *list + strspn(*list, " ,;");
    size_t length = strcspn(at, ",;"), equals = strcspn(at, "=,;");

    *list = at + length;
    *pair = (struct pair){.name = at};
    if (length == 0)
        return false;
    if (equals == 0 || equals >= length)
        return true;
    pair->value = at + equals + 1;
    pair->value_length = length - equals - 1;
    while (pair->value_length && pair->value[pair->value_length - 1] == ' ')
        pair->value_length--;
    while (equals && at[equals - 1] == ' ')
        equals--;
    pair->name_length = equals < PROPERTY_OTHER_NAME ? equals : 0;
    return true;
}

static bool is_pair_flag(const struct pair *pair, bool *flag)
{
    char value[16];

    if (pair->value_length >= sizeof value)
        return false;
    memcpy(value, pair->value, pair->value_length);
    value[pair->value_length] = '\0';
    return is_flag(value, flag);
}

static bool is_pair_choice(const char *choices, const struct pair *pair)
{
    char name[PROPERTY_OTHER_NAME];

    memcpy(name, pair->name, pair->name_length);
    name[pair->name_length] = '\0';
    return name_among(choices, name);
}

static bool are_flags(const char *choices, const char *value)
{
    struct pair pair;
    bool flag;

    while (next_pair(&value, &pair))
        if (pair.name_length == 0 || (is_pair_choice(choices, &pair) && !is_pair_flag(&pair, &flag)))
            return false;
    return true;
}

static bool check(const struct property_info *info, const char *value, struct error *err)
{
    bool flag;
    char *end;

    if (!*value)
        return true;
    switch (info->kind) {
    case PROPERTY_BOOLEAN:
        return is_flag(value, &flag)
            || error_set(err, "HY000", "%s=%.80s is not possible: the property takes true or false", info->name, value);
    case PROPERTY_CHOICE:
        return name_among(info->choices, value)
            || error_set(err, "HY000", "%s=%.80s is not possible: the property takes one of %s", info->name, value, info->choices);
    case PROPERTY_NUMBER: {
        long number = strtol(value, &end, 10);
        return (!*end && number >= info->smallest && number <= info->largest)
            || error_set(err, "HY000", "%s=%.80s is not possible: the property takes a number from %ld to %ld", info->name, value,
                         info->smallest, info->largest);
    }
    case PROPERTY_FLAGS:
        return are_flags(info->choices, value)
            || error_set(err, "HY000", "%s=%.80s is not possible: the property takes pairs Name=value; 0 or 1 for the names %s", info->name, value,
                         info->choices);
    case PROPERTY_TEXT:
        break;
    }
    return true;
}

static bool set(struct properties *properties, enum property property, const char *value, bool in_string, struct error *err)
{
    if (properties->values[property])
        return true;
    if (!check(&table[property], value, err))
        return false;
    properties->values[property] = strdup(value);
    properties->in_string[property] = in_string;
    return properties->values[property] || error_memory(err);
}

/* Keeps a pair of an unknown name, unless there is one already or there are too many. */
static bool keep_unknown(struct properties *properties, const char *name, size_t length, const char *value, struct error *err)
{
    if (properties->unknown_count == PROPERTY_UNKNOWN || !property_name_may_be(name, length))
        return true;
    for (size_t i = 0; i < properties->unknown_count; i++)
        if (name_equal_length(name, length, properties->unknown[i].name))
            return true;
    struct property_pair *pair = &properties->unknown[properties->unknown_count];
    *pair = (struct property_pair){strndup(name, length), strdup(value)};
    if (pair->name && pair->value) {
        properties->unknown_count++;
        return true;
    }
    wipe(pair->name);
    wipe(pair->value);
    return error_memory(err);
}

bool properties_set(struct properties *properties, const char *name, const char *value, bool in_string, bool *known,
                    struct error *err)
{
    enum property property;
    *known = find(name, strlen(name), &property);
    return *known ? set(properties, property, value, in_string, err) : keep_unknown(properties, name, strlen(name), value, err);
}

bool properties_find(const char *name, enum property *property)
{
    return find(name, strlen(name), property);
}

bool properties_override(struct properties *properties, enum property property, const char *value, struct error *err)
{
    wipe(properties->values[property]);
    properties->values[property] = NULL;
    return !value || set(properties, property, value, properties->in_string[property], err);
}

bool properties_copy(struct properties *copy, const struct properties *properties, struct error *err)
{
    properties_init(copy);
    for (int i = 0; i < PROPERTY_COUNT; i++) {
        copy->in_string[i] = properties->in_string[i];
        if (properties->values[i] && !(copy->values[i] = strdup(properties->values[i]))) {
            properties_clear(copy);
            return error_memory(err);
        }
    }
    for (size_t i = 0; i < properties->unknown_count; i++) {
        const struct property_pair *pair = &properties->unknown[i];
        if (!keep_unknown(copy, pair->name, strlen(pair->name), pair->value, err)) {
            properties_clear(copy);
            return false;
        }
    }
    return true;
}

/* Pairs are divided by ';', or by NUL as the driver manager's dialogs have it. */
static bool is_end(const char *text, size_t length, size_t at)
{
    return at >= length || text[at] == ';' || text[at] == '\0';
}

/* One value from *at on, braces taken off; *at ends behind the value, where is_end. */
static bool read_value(const char *text, size_t length, size_t *at, struct buffer *value, struct error *err)
{
    while (*at < length && is_space(text[*at]))
        ++*at;
    size_t start = *at;
    if (*at >= length || text[*at] != '{') {
        while (!is_end(text, length, *at))
            ++*at;
        size_t end = *at;
        while (end > start && is_space(text[end - 1]))
            end--;
        buffer_append(value, text + start, end - start);
        return true;
    }
    for (++*at; *at < length && text[*at] != '\0'; ++*at) {
        if (text[*at] == '}') {
            if (*at + 1 >= length || text[*at + 1] != '}')
                break;
            ++*at;
        }
        buffer_append_char(value, text[*at]);
    }
    if (*at >= length || text[*at] == '\0')
        return error_set(err, "HY000", "The connection string has no closing brace for the one at position %zu", start + 1);
    ++*at;
    while (*at < length && is_space(text[*at]))
        ++*at;
    if (!is_end(text, length, *at))
        return error_set(err, "HY000", "The connection string needs a ';' at position %zu, behind the closing brace; "
                         "a brace within a value is written }}", *at + 1);
    return true;
}

bool property_name_may_be(const char *name, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_ ", name[i]))
            return false;
    return length > 0 && length <= LONGEST_NAME;
}

static void warn_unknown(const char *name, size_t length, property_warning *warn, void *context)
{
    char wanted[LONGEST_NAME + 1];
    struct error message;
    if (!warn)
        return;
    if (!property_name_may_be(name, length)) {
        warn(context, "Something in the connection string that is no name was ignored with its value; a value with a ';' in it must stand in "
                      "braces: {a;b}");
        return;
    }
    memcpy(wanted, name, length);
    wanted[length] = '\0';
    struct name_guess guess = {.wanted = wanted};
    for (int i = 0; i < PROPERTY_COUNT; i++)
        name_guess_show(&guess, table[i].name);
    error_set(&message, "01S00", "The connection property %s is unknown to the driver%s%s%s", wanted,
              guess.best ? "; did you mean " : "", guess.best ? guess.best : "", guess.best ? "?" : "");
    warn(context, message.message);
}

static bool read_pair(struct properties *properties, const char *text, size_t length, size_t *at, struct buffer *value,
                      property_warning *warn, void *context, struct error *err)
{
    size_t start = *at;
    while (!is_end(text, length, *at) && text[*at] != '=')
        ++*at;
    size_t end = *at;
    while (end > start && is_space(text[end - 1]))
        end--;
    if (end == start)
        return error_set(err, "HY000", "The connection string has no name before the '=' at position %zu", *at + 1);
    if (is_end(text, length, *at))
        return error_set(err, "HY000", "The connection string has no '=' behind what stands at position %zu; a value with a ';' in it must "
                         "stand in braces: {a;b}", start + 1); /* not what stands there: it may be the rest of a password */
    ++*at;
    if (!read_value(text, length, at, value, err))
        return false;
    if (value->failed)
        return error_memory(err);

    enum property property;
    if (find(text + start, end - start, &property))
        return set(properties, property, buffer_text(value), true, err);
    warn_unknown(text + start, end - start, warn, context);
    return keep_unknown(properties, text + start, end - start, buffer_text(value), err);
}

bool properties_read_string(struct properties *properties, const char *text, size_t length,
                            property_warning *warn, void *context, struct error *err)
{
    struct buffer value;
    bool fine = true;

    buffer_init(&value, length + 1);
    for (size_t at = 0; fine && at < length;) {
        if (is_space(text[at]) || text[at] == ';' || text[at] == '\0') {
            at++;
            continue;
        }
        if (value.data)
            explicit_bzero(value.data, value.capacity);
        buffer_reset(&value);
        fine = read_pair(properties, text, length, &at, &value, warn, context, err);
    }
    if (value.data)
        explicit_bzero(value.data, value.capacity);
    buffer_clear(&value);
    return fine;
}

const char *properties_text(const struct properties *properties, enum property property)
{
    const char *value = properties->values[property];
    return value && *value ? value : table[property].standard;
}

long properties_number(const struct properties *properties, enum property property)
{
    const char *value = properties_text(properties, property);
    return value ? strtol(value, NULL, 10) : 0;
}

bool properties_flag(const struct properties *properties, enum property property)
{
    bool flag = false;
    const char *value = properties_text(properties, property);
    return value && is_flag(value, &flag) && flag;
}

bool properties_choice(const struct properties *properties, enum property property, const char *choice)
{
    const char *value = properties_text(properties, property);
    return value && name_equal(value, choice);
}

const char *properties_named(const struct properties *properties, const char *name)
{
    enum property property;
    return find(name, strlen(name), &property) ? properties_text(properties, property) : NULL;
}

bool properties_other(const struct properties *properties, const char *name, bool standard)
{
    const char *list = properties_text(properties, PROPERTY_OTHER);
    struct pair pair;
    bool flag;

    while (list && next_pair(&list, &pair))
        if (name_equal_length(pair.name, pair.name_length, name) && is_pair_flag(&pair, &flag))
            return flag;
    return standard;
}

const char *properties_other_text(const struct properties *properties, const char *name, struct arena *arena)
{
    const char *list = properties_text(properties, PROPERTY_OTHER);
    struct pair pair;

    while (list && next_pair(&list, &pair))
        if (pair.name_length && name_equal_length(pair.name, pair.name_length, name))
            return arena_copy(arena, pair.value, pair.value_length);
    return NULL;
}

bool properties_other_name(const struct properties *properties, size_t number, char name[PROPERTY_OTHER_NAME])
{
    const char *list = properties_text(properties, PROPERTY_OTHER);
    struct pair pair;

    while (list && next_pair(&list, &pair)) {
        if (pair.name_length == 0 || is_pair_choice(table[PROPERTY_OTHER].choices, &pair) || number--)
            continue;
        memcpy(name, pair.name, pair.name_length);
        name[pair.name_length] = '\0';
        return true;
    }
    return false;
}

static void print_one(const struct properties *properties, enum property property, struct buffer *out)
{
    const char *value = properties->values[property];
    if (!value || (table[property].secret && !properties->in_string[property]))
        return;
    if (property == PROPERTY_SAVEFILE) /* asked the driver manager once; whoever connects with this string does not ask it again */
        return;
    buffer_printf(out, "%s=", table[property].name);
    if (!value[strcspn(value, "[]{}(),;?*=!@ \t\r\n")]) {
        buffer_append_text(out, value);
    } else {
        buffer_append_char(out, '{');
        for (; *value; value++) {
            buffer_append_char(out, *value);
            if (*value == '}')
                buffer_append_char(out, '}');
        }
        buffer_append_char(out, '}');
    }
    buffer_append_char(out, ';');
}

void properties_print(const struct properties *properties, struct buffer *out)
{
    for (int i = 0; i < PROPERTY_COUNT; i++)
        print_one(properties, (enum property)i, out);
}
