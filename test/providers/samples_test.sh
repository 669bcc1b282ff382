#!/bin/sh
# The project's own samples decode without a warning, and some column reads each of their members.
set -eu
unset SAMPLES
./test/providers/samples "$srcdir"/test/providers/samples/*.list
