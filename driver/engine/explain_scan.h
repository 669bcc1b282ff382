/* One scan of an explained query: its conditions with the values that are known, and what of them is sent. */
#ifndef ENGINE_EXPLAIN_SCAN_H
#define ENGINE_EXPLAIN_SCAN_H

#include "engine/explain.h"
#include "sql/statement.h"

struct value;

struct shown_term {
    const struct explained_condition *words;  /* as the user wrote it; NULL when it is none of the text's own */
    struct filter filter;                     /* with its values, as they are sent */
    const char *name;                         /* of a value that only the run knows: "{u.Id}"; NULL when it is known */
    bool sent;                                /* it stands in the request */
    bool needless;                            /* known, and others that are sent say it: nothing is to be told of it */
};

struct shown_scan {
    const struct explain_scan *scan;
    struct shown_term *terms;                 /* as many as the scan has */
    const char *nothing;                      /* why there is no request; NULL when there is one */
};

/* alias: of the table in engine_sql; bindings: the values of the parameters; statement: the STATEMENT_EXPLAIN.
 * Everything lives in the arena. False with HY001. */
bool explain_show(const struct explain_scan *scan, const char *alias, const struct statement *statement, const struct value *bindings,
                  struct arena *arena, struct shown_scan *shown, struct error *err);

/* What the request would be. explained: the statement that is; bindings: as above. */
bool explain_request(const struct shown_scan *shown, const struct statement *explained, const struct value *bindings, struct arena *arena, struct scan_description *description, struct error *err);

#endif
