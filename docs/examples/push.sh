#!/bin/sh
# Pushes a sale with curl, the same sale again, and a mistake.
# Run on the bridge's own machine: a token is believed from nowhere else.
#
#   POSBRIDGE_URL=http://127.0.0.1:8788 POSBRIDGE_TOKEN_FILE=push.token sh push.sh
set -eu
url="${POSBRIDGE_URL:-http://127.0.0.1:8788}/v1/events"
token=$(cat "${POSBRIDGE_TOKEN_FILE:-push.token}")

push() { # KEY JSON: prints the answer's code, and the answer
    curl --silent --show-error --max-time 10 --write-out '%{http_code} ' --output /dev/stderr \
        --header "Authorization: Bearer $token" --header "Idempotency-Key: $1" \
        --header 'Content-Type: application/json' --data "$2" "$url"
}

sale='{"kind":"sale","receipt":{"number":"C-1001","total":"36.00"}}'
push till-1/C-1001 "$sale"                                      # 202
push till-1/C-1001 "$sale"                                      # 202, "duplicate":true
push till-1/C-1002 '{"kind":"sale","receipt":{"total":"?"}}'    # 422, "path":"$.receipt.total"
