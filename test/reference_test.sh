#!/bin/sh
# The reference page of each provider is what its definition says today.
set -eu
page=$(mktemp)
trap 'rm -f "$page"' EXIT
count=0
for folder in "$srcdir"/providers/*/; do
    name=$(basename "$folder")
    definition=$folder$name.xml
    [ -e "$definition" ] || continue
    xsltproc --nonet "$srcdir/providers/reference.xsl" "$definition" > "$page"
    cmp "$page" "$srcdir/doc/$name.md" || { echo "doc/$name.md is not up to date: run make reference"; exit 1; }
    count=$((count + 1))
done
[ "$count" -gt 0 ]
