#!/bin/sh
# Signs a request (docs/signing.md) and sends it. POSIX sh, openssl and curl.
#
#   export SIGNING_SECRET                      # the secret never stands on a command line
#   ./sign.sh GET https://api.example/v1/srv role=web limit=10
#   BODY=results.json ./sign.sh POST https://api.example/v1/results
#
# Parameters of the query are given as they are, name=value; they are encoded here. CURL_OPTIONS goes to curl.

# shellcheck disable=SC2059 # bytes are written by formats made of their octal numbers
set -eu
export LC_ALL=C

method=$1 url=$2
shift 2
: "${SIGNING_SECRET:?export SIGNING_SECRET}"

# Percent-encodes all but letters, digits and -._~ (RFC 3986), with capitals.
encode() {
  printf %s "$1" | od -An -v -tx1 | tr ' ' '\n' | while read -r byte; do
    case $byte in
      '') ;;
      2d | 2e | 5f | 7e | 3[0-9] | 4[1-9a-f] | 5[0-9a] | 6[1-9a-f] | 7[0-9a]) printf "\\$(printf %03o "0x$byte")" ;;
      *) printf '%%%s' "$byte" | tr abcdef ABCDEF ;;
    esac
  done
}

# HMAC-SHA256 of standard input by its definition, because `openssl dgst -hmac KEY` shows the key to everybody.
hmac_sha256() {
  key=$(hex_key)
  { pad 54; cat; } | openssl dgst -sha256 -binary | { pad 92; cat; } | openssl dgst -sha256 -binary
}

# The key as bytes in hexadecimal: the secret, or its hash where it is longer than a block.
hex_key() {
  if [ "$(printf %s "$SIGNING_SECRET" | wc -c)" -gt 64 ]; then
    printf %s "$SIGNING_SECRET" | openssl dgst -sha256 -binary
  else
    printf %s "$SIGNING_SECRET"
  fi | od -An -v -tx1
}

# A block of 64 bytes: the key, filled up with zeros, XOR the number.
pad() {
  count=0
  for byte in $key; do
    printf "\\$(printf %03o $((0x$byte ^ $1)))"
    count=$((count + 1))
  done
  while [ "$count" -lt 64 ]; do
    printf "\\$(printf %03o "$1")"
    count=$((count + 1))
  done
}

# The canonical query: sorted by the encoded key, values of one key as given.
query=$(
  for pair in "$@"; do
    printf '%s=%s\n' "$(encode "${pair%%=*}")" "$(encode "${pair#*=}")"
  done | sort -s -t= -k1,1 | paste -s -d'&' -
)

rest=${url#*://}
host=${rest%%/*}
path=/
case $rest in */*) path=/${rest#*/} ;; esac
target=$path${query:+?$query}
date=$(date -u +%Y-%m-%dT%H:%M:%SZ)
names=host
lines=$(printf 'host:%s' "$host")

set -- --header "x-nhn-date: $date"
case ${BODY:+body}$method in
  body* | POST | PUT | PATCH)
    digest=$(openssl dgst -sha256 -binary "${BODY:-/dev/null}" | openssl base64 -A)
    names=$names,content-digest
    lines=$(printf '%s\ncontent-digest:sha-256=:%s:' "$lines" "$digest")
    set -- "$@" --header "content-digest: sha-256=:$digest:" --data-binary "@${BODY:-/dev/null}"
    ;;
esac

# Nothing stands behind the last line, no newline either.
signature=$(printf '%s\n%s\n%s\n%s' "$method" "$target" "$date" "$lines" | hmac_sha256 | openssl base64 -A)
# shellcheck disable=SC2086 # several options
exec curl ${CURL_OPTIONS:---silent --show-error --fail-with-body} --request "$method" "$@" \
  --header "authorization: hmac algorithm=\"HmacSHA256\", headers=\"$names\", signature=\"$signature\"" \
  "${url%%://*}://$host$target"
