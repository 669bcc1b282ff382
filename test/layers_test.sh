#!/bin/sh
# The walls between the rooms hold, and the check of them notices when one is broken.
exec sh "$srcdir/test/layers.sh" --self-test "$srcdir"
