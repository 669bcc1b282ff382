#!/bin/sh
# Every connection property that the driver knows stands in the README's table, and the table names no other.
set -eu
known=$(sed -n 's/.*\.name = "\([A-Za-z]*\)".*/\1/p' "$srcdir/driver/base/property.c" | LC_ALL=C sort)
told=$(sed -n '/^| property |/,/^$/p' "$srcdir/README.md" | sed -n 's/^| \(`[^|]*\) |.*/\1/p' | grep -o '`[A-Za-z]*`' | tr -d '`' |
    grep -v -x -e UID -e PWD | LC_ALL=C sort)
[ -n "$known" ] && [ "$known" = "$told" ] || {
    echo "known to the driver:" $known
    echo "told by the README:" $told
    exit 1
}
