#!/bin/sh
# bring-application.sh FILE ID SECRET: writes an application into each <oauth> of a definition that has none. `make install` does so for
# those that configure was told of.
set -eu
file=$1 id=$2 secret=$3
sed "/<oauth [^>]*client-id=/!s|<oauth |<oauth client-id=\"$id\" client-secret=\"$secret\" |" "$file" > "$file.new"
chmod 644 "$file.new"
mv "$file.new" "$file"
