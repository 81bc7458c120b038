#!/usr/bin/env bash
# Says that a release was published, signed as GitHub signs: GITHUB_WEBHOOK_SECRET=… github/release.sh v1.2.0
set -euo pipefail
body=$(printf '{"action":"published","release":{"tag_name":"%s","draft":false,"published_at":"%s"},"repository":{"full_name":"%s"}}' "${1:-v1.2.0}" "$(date -u +%FT%T.%NZ)" "${GITHUB_REPOSITORY:-acme/golden-images}")
signature=sha256=$(printf %s "$body" | openssl dgst -sha256 -hmac "$GITHUB_WEBHOOK_SECRET" | sed 's/^.* //')
curl -sS --fail-with-body "${REFRESH_URL:-http://127.0.0.1:7878}/hooks/github" \
    -H 'X-GitHub-Event: release' -H "X-GitHub-Delivery: $(openssl rand -hex 16)" -H "X-Hub-Signature-256: $signature" \
    -H 'Content-Type: application/json' --data-binary "$body"
