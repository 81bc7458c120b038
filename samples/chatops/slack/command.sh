#!/usr/bin/env bash
# Sends a slash command, signed as Slack signs: SLACK_SIGNING_SECRET=… slack/command.sh "status shop"
set -euo pipefail
. "$(dirname "$0")/../urlencode.sh"
timestamp=$(date +%s)
body="team_id=$(urlencode "${SLACK_TEAM:-T1DC2JH3J}")&user_id=$(urlencode "${SLACK_USER:-U2CERLKJA}")&command=%2Frefresh&text=$(urlencode "${1:-help}")"
signature=v0=$(printf %s "v0:$timestamp:$body" | openssl dgst -sha256 -hmac "$SLACK_SIGNING_SECRET" | sed 's/^.* //')
curl -sS --fail-with-body "${REFRESH_URL:-http://127.0.0.1:7878}/hooks/slack" \
    -H "X-Slack-Request-Timestamp: $timestamp" -H "X-Slack-Signature: $signature" \
    -H 'Content-Type: application/x-www-form-urlencoded' --data-binary "$body"
