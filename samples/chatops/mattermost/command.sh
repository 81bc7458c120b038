#!/usr/bin/env bash
# Sends a slash command with the token that Mattermost sends: MATTERMOST_TOKEN=… mattermost/command.sh "status shop"
set -euo pipefail
. "$(dirname "$0")/../urlencode.sh"
body="token=$(urlencode "$MATTERMOST_TOKEN")&team_id=$(urlencode "${MATTERMOST_TEAM:-team-id}")&channel_id=$(urlencode "${MATTERMOST_CHANNEL:-channel-id}")&user_id=$(urlencode "${MATTERMOST_USER:-user-id}")&command=%2Frefresh&text=$(urlencode "${1:-help}")&trigger_id=$(openssl rand -hex 12)"
curl -sS --fail-with-body "${REFRESH_URL:-http://127.0.0.1:7878}/hooks/mattermost" \
    -H "Authorization: Token $MATTERMOST_TOKEN" -H 'Content-Type: application/x-www-form-urlencoded' --data-binary "$body"
