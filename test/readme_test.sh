#!/bin/sh
# Every connection property that the driver knows stands in the README's table and in the manual page, and they name no other.
set -eu
known=$(sed -n 's/.*\.name = "\([A-Za-z]*\)".*/\1/p' "$srcdir/driver/base/property.c" | LC_ALL=C sort)
told=$(sed -n '/^| property |/,/^$/p' "$srcdir/README.md" | sed -n 's/^| \(`[^|]*\) |.*/\1/p' | grep -o '`[A-Za-z]*`' | tr -d '`' |
    grep -v -x -e UID -e PWD | LC_ALL=C sort)
[ -n "$known" ] && [ "$known" = "$told" ] || {
    echo "known to the driver:" $known
    echo "told by the README:" $told
    exit 1
}
manual=$(sed -n '/^.SH CONNECTION PROPERTIES/,/^.SH PROCEDURES/p' "$srcdir/doc/restodbc.7" | sed -n 's/^\.B \([A-Za-z]*\).*/\1/p' | LC_ALL=C sort)
[ "$known" = "$manual" ] || {
    echo "known to the driver:" $known
    echo "told by the manual:" $manual
    exit 1
}
