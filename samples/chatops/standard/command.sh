#!/usr/bin/env bash
# Sends a command, signed as Standard Webhooks 1.0.0 says: REFRESH_HOOK_KEY=whsec_… standard/command.sh "status shop"
set -euo pipefail
id=msg_$(openssl rand -hex 12)
timestamp=$(date +%s)
body=$(printf '{"type":"refresh.command","data":{"command":"%s"}}' "${1:-help}")
key=$(printf %s "${REFRESH_HOOK_KEY#whsec_}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n')
signature=v1,$(printf %s "$id.$timestamp.$body" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | openssl base64 -A)
curl -sS --fail-with-body "${REFRESH_URL:-http://127.0.0.1:7878}/hooks/standard" \
    -H "webhook-id: $id" -H "webhook-timestamp: $timestamp" -H "webhook-signature: $signature" \
    -H 'Content-Type: application/json' --data-binary "$body"
