#!/bin/sh
# restodbc-definition: its exit status and words for good definitions, faulty ones, and wrong calls.
set -eu
tool=./restodbc-definition
grammar=$srcdir/providers/provider.rng
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

expect() { # STATUS COMMAND…: runs it; what it says stands in $folder/out and $folder/err
    wanted=$1
    shift
    status=0
    "$@" > "$folder/out" 2> "$folder/err" || status=$?
    [ "$status" = "$wanted" ] || { echo "status $status instead of $wanted: $*"; cat "$folder/out" "$folder/err"; exit 1; }
}
says() { # FILE LINE…: the file is exactly these lines
    file=$1
    shift
    printf '%s\n' "$@" > "$folder/wanted"
    cmp "$folder/$file" "$folder/wanted" || { echo "instead of:"; cat "$folder/$file"; exit 1; }
}

# What ships is good, and so is every file that is named.
expect 0 "$tool" check --grammar "$grammar" "$srcdir/providers/tsheets/tsheets.xml"
[ ! -s "$folder/err" ] && grep -q 'tsheets.xml: TSheets has [0-9]* tables and [0-9]* procedures' "$folder/out"
# Every fault of every file and schema, each once; the grammar is found beside the folder.
mkdir "$folder/shop"
cp "$srcdir"/test/clients/bazaar/*.xml "$folder/shop/"
cp "$grammar" "$folder/"
bazaar=$folder/shop/bazaar.xml faulty=$folder/shop/faulty.xml
expect 1 "$tool" check "$bazaar"
says err "$faulty:5: column Id: there is no type \"number\"" \
    "$faulty:8: WrongToo names Wrong.Id, a column that there is not, because the table is unusable: $faulty:5: column Id: there is no type \"number\""
sed -i '/faulty.xml/d' "$bazaar"
expect 0 "$tool" check "$bazaar"
says out "$bazaar: Bazaar Live has 18 tables and 7 procedures" "$bazaar: Bazaar Archive has 18 tables and 7 procedures"
sed -i 's/name="Year"/name="Id"/' "$folder/shop/archive.xml" # a fault of the other schema
expect 1 "$tool" check "$bazaar"
says err "$folder/shop/archive.xml:7: table Visits has two columns named Id"
# What there is to query.
expect 0 "$tool" tables "$bazaar"
grep -q '^Shelves$' "$folder/out" && grep -q '^  GET /stores/{StoreId}/shelves for each row of Stores$' "$folder/out"
grep -q '^  StoreId  *bigint  *-> Stores.Id = in$' "$folder/out" && grep -q '^FindItems(Most)$' "$folder/out"
expect 1 "$tool" tables --schema Archive "$bazaar"
expect 1 "$tool" tables --schema Nowhere "$bazaar"
says err 'Schema can not be "Nowhere"; Bazaar has: Live, Archive'
# A file that can not be read, several files, wrong calls.
expect 1 "$tool" check --grammar "$grammar" "$folder/none.xml" "$srcdir/providers/tsheets/tsheets.xml"
says err "$folder/none.xml:0: the file can not be read"
grep -q 'TSheets has' "$folder/out"
expect 1 "$tool" check --grammar "$folder/none.rng" "$bazaar"
grep -q 'none.rng, the grammar of definitions, can not be read' "$folder/err"
for call in "" check tables "check --grammar" "check --schema X $bazaar" "tables $bazaar $bazaar" "list $bazaar"; do
    # shellcheck disable=SC2086
    expect 2 "$tool" $call
    grep -q '^usage:' "$folder/err"
done
expect 0 "$tool" --help
