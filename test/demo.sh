#!/bin/sh
# The main job, shown: register the installed driver, sign in to the sandbox, query it with isql.
# Usage: demo.sh FOLDER_OF_SANDBOX_SOURCES BUILD_FOLDER; the driver is installed in BUILD_FOLDER/root.
set -eu
sources=$1
build=$2
folder=$(mktemp -d)
sandbox=
trap '[ -z "$sandbox" ] || kill "$sandbox" 2>/dev/null || true; rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM

show() {
    printf '\nSQL> %s\n' "$1"
    printf '%s\n' "$1" | isql -v -b -m20 Demo > "$folder/answer" 2>&1 || { cat "$folder/answer"; exit 1; }
    cat "$folder/answer"
    grep -q '^SQLRowCount returns\|rows fetched' "$folder/answer" || { echo "No answer came"; exit 1; }
}

# The machine's own odbc.ini and odbcinst.ini are left alone.
export ODBCSYSINI="$folder" ODBCINI="$folder/odbc.ini" HOME="$folder"
unset ODBCINSTINI
odbcinst -i -d -f "$build/root/share/restodbc/odbcinst.ini"

"$build/test/sandbox/restodbc-sandbox" --port 0 --port-file "$folder/port" --rows 400 &
sandbox=$!
waited=0
until [ -s "$folder/port" ]; do
    waited=$((waited + 1))
    [ "$waited" -lt 100 ] || { echo "The sandbox did not start"; exit 1; }
    sleep 0.1
done
base=http://127.0.0.1:$(cat "$folder/port")

cat > "$ODBCINI" <<DSN
[Demo]
Driver=RestODBC TSheets
URL=$base/api/v1
OAuthAuthorizationURL=$base/authorize
OAuthAccessTokenURL=$base/grant
OAuthClientId=sandbox-client
OAuthClientSecret=s3cret+/=&odd %41chars
InitiateOAuth=GETANDREFRESH
CallbackURL=http://127.0.0.1:0
OAuthSettingsLocation=$folder/OAuthSettings.txt
DSN

echo "The first connection signs in: the driver opens the browser, which here is a program that presses Allow."
BROWSER="$sources/allow-browser" show "SELECT Id, FirstName, LastName, Email FROM Users ORDER BY Id LIMIT 5"
[ -s "$folder/OAuthSettings.txt" ] || { echo "The sign-in was not saved"; exit 1; }
echo "The token is now in the encrypted settings file; no browser is needed any more."
export BROWSER=/bin/false
show "SELECT Id, UserId, Date, Duration FROM Timesheets WHERE Date >= {d '2024-01-01'} AND Duration > 14400 ORDER BY Duration DESC LIMIT 5"
show "SELECT u.LastName, COUNT(*) AS Entries, ROUND(SUM(t.Duration) / 3600.0, 1) AS Hours FROM Users u JOIN Timesheets t ON t.UserId = u.Id GROUP BY u.LastName ORDER BY Hours DESC LIMIT 5"
