#!/usr/bin/env bash
# Sends a message, signed as a Microsoft Teams outgoing webhook signs: TEAMS_SECURITY_TOKEN=… teams/message.sh "status shop"
set -euo pipefail
body=$(printf '{"type":"message","id":"%s","timestamp":"%s","text":"<at>refresh</at> %s","from":{"aadObjectId":"%s"},"conversation":{"id":"19:sample"},"channelData":{"tenant":{"id":"%s"}}}' \
    "$(openssl rand -hex 8)" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "${1:-help}" "${TEAMS_USER:-ada-object-id}" "${TEAMS_TENANT:-tenant-id}")
key=$(printf %s "$TEAMS_SECURITY_TOKEN" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n')
signature=$(printf %s "$body" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | openssl base64 -A)
curl -sS --fail-with-body "${REFRESH_URL:-http://127.0.0.1:7878}/hooks/teams" \
    -H "Authorization: HMAC $signature" -H 'Content-Type: application/json' --data-binary "$body"
