#!/bin/sh
# sql_header.sh FILE…: a header in which the text of each x.sql is the string WF_SQL_X.
set -eu
for file; do
    printf '#define WF_SQL_%s \\\n' "$(basename "$file" .sql | tr '[:lower:]' '[:upper:]')"
    sed -e 's/[\\"]/\\&/g' -e 's/.*/    "&\\n" \\/' "$file"
    echo
done
