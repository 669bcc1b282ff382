/* A service that users describe by scripts: the .rsd files of the folder Location are its tables, the .rsb files its procedures. Where URI is
 * set, what is there is a table as well, whose columns are found out: JSON or XML, as Provider says; and with CSV all files that are there. */
#ifndef PROVIDERS_SCRIPT_SERVICE_H
#define PROVIDERS_SCRIPT_SERVICE_H

#include <stdbool.h>

#include "oauth/credential.h"
#include "providers/script/info.h"
#include "providers/script/world.h"
#include "table/service.h"

struct cancel;
struct error;
struct http_client;
struct log;
struct properties;
struct record_request;

#define SCRIPT_SCHEMES "None Basic Digest NTLM Negotiate OAuth Bearer"
#define SCRIPT_SCHEMES_OF_USER "Basic Digest NTLM Negotiate OAuth Bearer None"
#define SCRIPT_SCHEMES_OF_OAUTH "OAuth Bearer Basic Digest NTLM Negotiate None"

/* A file of the folder. */
struct script_file {
    const char *name;                    /* without extension */
    const char *path;
    bool table;                          /* a .rsd */
    struct script *script;               /* NULL: it is faulty */
    const char *fault;
};

struct script_service {
    struct service service;              /* what the contract knows; first */
    struct arena arena;
    bool xml, csv;                       /* as Provider says; neither: JSON */
    const struct properties *properties;
    struct log *log;
    struct http_client *http;
    struct credential *credential;
    struct oauth_hooks hooks;
    struct item connection;
    struct script_world world;
    struct script_file *files;
    size_t file_count;
    struct script_table *quick;          /* the tables of what is at URI */
    size_t quick_count;
    const char *home;                    /* the address of those files; NULL: they are of this machine, or there are none */
    struct service *beside;              /* the files at URI, with Provider=CSV; else NULL */
};

/* Opens the service. False: as provider_open; HY000 for a folder that can not be read, and what is at URI. */
bool json_service_open(const struct properties *properties, struct log *log, struct cancel *cancel, struct service **service, struct error *err);
bool xml_service_open(const struct properties *properties, struct log *log, struct cancel *cancel, struct service **service, struct error *err);
/* Files of delimited text, and the scripts of Location beside them, if that is set. */
bool csv_and_scripts_open(const struct properties *properties, struct log *log, struct cancel *cancel, struct service **service, struct error *err);

/* A file by its name, with or without extension; NULL: there is none. */
const struct script_file *script_file_find(const struct script_service *service, const char *name);

/* Reads the folder Location; files.c. False: HY000 it can not be read, HY001. */
bool script_files_read(struct script_service *service, const char *folder, struct error *err);

/* Looks at what is at URI; quick.c. False: what asking says; there are no tables then. */
bool quick_tables_open(struct script_service *service, const char *uri, struct cancel *cancel, struct error *err);
void quick_tables_close(struct script_service *service);

/* CreateSchema, which writes a .rsd of that table, or of a file's, into the folder Location; create_schema.c. */
extern const struct procedure create_schema, create_schema_of_files;
bool create_schema_call(const struct script_service *service, const struct value *inputs, struct procedure_result *result, struct error *err);

/* Scans; scan.c. */
bool script_plan(const struct table *table, struct plan *plan, struct error *err);
bool script_scan_open(const struct scan_request *request, struct scan **scan, struct error *err);
bool script_scan_next(struct scan *scan, struct batch *batch, struct error *err);
void script_scan_close(struct scan *scan);
bool script_describe(const struct scan_request *request, const char *const *names, struct arena *arena, struct scan_description *description,
                     struct error *err);

/* Procedures; procedure.c. */
bool script_call(const struct procedure *procedure, const struct value *inputs, struct procedure_result *result, struct cancel *cancel,
                 struct error *err);

/* Signing in by scripts; login.c. The hooks are empty where the folder has none of them. */
void script_login_hooks(struct script_service *service, struct oauth_hooks *hooks);

#endif
