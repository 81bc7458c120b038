#!/usr/bin/env bash
# Presses the first button of an answer, as Mattermost does: mattermost/command.sh "refresh shop" | mattermost/press.sh
set -euo pipefail
context=$(grep -o '"context":{[^}]*}' | sed -n '1s/^"context"://p')
[[ -n $context ]] || { echo "The answer has no button: webhooks.NAME.url is missing, or nothing was announced." >&2; exit 1; }
body="{\"user_id\":\"${MATTERMOST_USER:-user-id}\",\"channel_id\":\"${MATTERMOST_CHANNEL:-channel-id}\",\"team_id\":\"${MATTERMOST_TEAM:-team-id}\",\"trigger_id\":\"$(openssl rand -hex 12)\",\"context\":$context}"
curl -sS --fail-with-body "${REFRESH_URL:-http://127.0.0.1:7878}/hooks/mattermost" -H 'Content-Type: application/json' --data-binary "$body"
