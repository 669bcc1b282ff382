/* Files of delimited text as a service: each is a table. */
#ifndef PROVIDERS_CSV_SERVICE_H
#define PROVIDERS_CSV_SERVICE_H

#include <stdbool.h>

#include "providers/csv/remote.h"

struct cancel;
struct error;
struct log;
struct properties;
struct service;

/* Finds the files that URI= names; of an address also signs in. properties, log: outlive the service, which ends with
 * service->class->close. False: HY000 a property that is wrong, or nothing is found there; those of csv_remote_open and of requests. */
bool csv_service_open(const struct properties *properties, struct log *log, struct cancel *cancel, struct service **service, struct error *err);
/* The same beside scripts, whose access it has. */
bool csv_service_open_beside(const struct properties *properties, struct log *log, const struct csv_access *access, struct cancel *cancel,
                             struct service **service, struct error *err);

#endif
