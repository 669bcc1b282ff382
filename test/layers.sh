#!/bin/sh
# Proves from the #include lines that every room uses only rooms below it, and that no C knows a service by its name: services are data.
# With --self-test it also proves that it can fail.
# Usage: layers.sh [--self-test] SOURCE_TREE
set -eu

check() {
    (cd "$1" && find driver oauth providers -name '*.[ch]' -print | LC_ALL=C sort | while read -r file; do
        sed -n 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*\([<"]\)\([^>"]*\)[>"].*/\1\2/p' "$file" | sed "s|^|$file |"
    done) | awk '
        BEGIN {
            # room: the rooms whose headers it may include
            may["base"]      = "base"
            may["table"]     = "table base"
            may["system"]    = "system table base"
            may["http"]      = "http base"
            may["json"]      = "json base"
            may["sql"]       = "sql table base"
            may["engine"]    = "engine sql table base"
            may["oauth"]     = "oauth http base"
            may["providers"] = "providers table oauth http json base"
            may["odbc"]      = "odbc providers oauth engine sql http json system table base"
            # library: the rooms that may include it
            only["curl/"]       = "http"
            only["sqlite3.h"]   = "engine"
            only["jansson.h"]   = "oauth providers engine"
            only["openssl/"]    = "oauth http"
            only["libxml/"]     = "providers"
            only["sql.h"] = only["sqlext.h"] = only["sqltypes.h"] = only["sqlucode.h"] = only["odbcinst.h"] = only["odbcinstext.h"] = "odbc"
        }
        function among(word, list) { return index(" " list " ", " " word " ") > 0 }
        {
            split($1, part, "/")
            room = part[1] == "driver" ? part[2] : part[1]
            kind = substr($2, 1, 1)
            header = substr($2, 2)
            seen++
            if (!(room in may)) { print $1 ": a room that nobody knows: " room; bad = 1; next }
            if (kind == "\"") {
                split(header, at, "/")
                if (header !~ /\//) { print $1 ": write the room in front: \"" header "\""; bad = 1 }
                else if (!(at[1] in may)) { print $1 ": there is no room " at[1]; bad = 1 }
                else if (!among(at[1], may[room])) { print $1 ": " room " may not use " at[1] " (" header ")"; bad = 1 }
                next
            }
            for (library in only)
                if (index(header, library) == 1 && !among(room, only[library])) {
                    print $1 ": " room " may not include <" header ">"; bad = 1
                }
        }
        END { if (!seen) { print "no #include line was found"; bad = 1 } exit bad }' && knows_no_service "$1"
}

knows_no_service() {
    names='tsheets|zoho|basecamp'
    for folder in "$1"/providers/*/; do
        name=$(basename "$folder")
        [ ! -e "$folder$name.xml" ] || names="$names|$name"
    done
    ! grep -rniE "$names" "$1/driver" "$1/oauth" "$1/providers" --include='*.c' --include='*.h'
}

self_test() {
    tree=$(mktemp -d)
    trap 'rm -rf "$tree"' EXIT
    while IFS='|' read -r file line; do
        rm -rf "$tree/driver" "$tree/oauth" "$tree/providers"
        cp -R "$1/driver" "$1/oauth" "$1/providers" "$tree/"
        chmod -R u+w "$tree"
        printf '%s\n' "$line" >> "$tree/$file"
        if check "$tree" > /dev/null; then
            echo "not noticed: $line in $file"
            exit 1
        fi
    done <<'FORBIDDEN'
driver/base/error.c|#include "table/service.h"
driver/table/service.c|#include "http/client.h"
driver/sql/functions.c|#include "engine/engine.h"
driver/system/tables.c|#include "sql/statement.h"
driver/sql/functions.c|#include <sqlite3.h>
driver/base/log.c|#include <curl/curl.h>
oauth/credential.h|#include "table/service.h"
providers/provider.h|#include "sql/statement.h"
providers/provider.h|  #  include <sql.h>
driver/engine/engine.h|#include "providers/provider.h"
driver/base/name.c|#include "name.h"
providers/provider.c|/* as TSheets has it */
FORBIDDEN
}

if [ "${1:-}" = --self-test ]; then
    self_test "$2"
    shift
fi
check "${1:?the source tree}"
