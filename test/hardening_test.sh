#!/bin/sh
# The built libraries resist what they can: their tables of pointers can not be written once they are loaded, no stack or heap can be run, no
# code is changed while loading, stacks are guarded. And the driver stays loaded: what a process keeps between connections lives in it. `make check` runs in the build folder.
set -eu
for library in .libs/librestodbc.so .libs/librestodbcS.so; do
    sections=$(readelf -dlW "$library")
    imported=$(nm -D --undefined-only "$library")
    has() { # TEXT WHAT: it is there
        printf '%s\n' "$sections" | grep -q "$1" || { echo "$library: $2"; exit 1; }
    }
    has 'GNU_RELRO' 'no RELRO'
    has 'BIND_NOW\|FLAGS_1.*NOW' 'pointers are bound lazily, so RELRO is partial'
    has 'GNU_STACK .* RW ' 'the stack can be run'
    ! printf '%s\n' "$sections" | grep -q 'TEXTREL\|RWE' || { echo "$library: code is changed while loading"; exit 1; }
    case $library in *S.so) continue ;; esac
    has 'FLAGS_1.*NODELETE' 'it is unloaded with the last connection'
    printf '%s\n' "$imported" | grep -q '__stack_chk_fail' || { echo "$library: stacks are not guarded"; exit 1; }
    # FORTIFY only where the compiler optimizes and no sanitizer stands in its place.
    if grep -q '_FORTIFY_SOURCE=2' Makefile; then
        printf '%s\n' "$imported" | grep -q '_chk\(@\|$\)' || { echo "$library: _FORTIFY_SOURCE does nothing"; exit 1; }
    fi
done
