#!/bin/sh
# The numbers of the catalogue's rows in the order of their codes, so that a code is found
# by halves (src/model/catalogue.c).
#
#   catalogue_order.sh FILE.def…     in the order in which catalogue.c includes them
set -eu
sed -n 's/^TEXT("\([^"]*\)".*/\1/p' "$@" |
  awk '{ print $1, NR - 1 }' | LC_ALL=C sort -k 1,1 | awk '{ print $2 "," }'
