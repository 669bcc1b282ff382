#!/bin/sh
# An application that configure was told of stands in the installed definition, which is still good; without one there is none.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
! grep -q 'client-id=' "$srcdir"/providers/basecamp/*.xml
cp -r "$srcdir/providers/basecamp" "$folder"
chmod -R u+w "$folder"
sh "$srcdir/providers/bring-application.sh" "$folder/basecamp/basecamp.xml" an-id s3cret.~_
sh "$srcdir/providers/bring-application.sh" "$folder/basecamp/basecamp.xml" other other
[ "$(grep -c 'client-id="an-id" client-secret="s3cret.~_"' "$folder/basecamp/basecamp.xml")" = 2 ]
! grep -q other= "$folder/basecamp/basecamp.xml"
./restodbc-definition check --grammar "$srcdir/providers/provider.rng" "$folder/basecamp/basecamp.xml"
