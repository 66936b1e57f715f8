#!/usr/bin/env bash
# A credential plugin for kubectl: GitHub's token for the cluster, a fresh one for each kubectl.
#
# Such a token lives five minutes, less than a rollout and its way back: one that is taken at the start of the job would
# be dead just when it is needed most.
set -euo pipefail

curl -fsS --retry 3 -H "Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" \
  "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=toolbox-cluster" |
  jq '.value | {
    apiVersion: "client.authentication.k8s.io/v1",
    kind: "ExecCredential",
    status: {
      token: .,
      expirationTimestamp: (split(".")[1] | gsub("-"; "+") | gsub("_"; "/") | @base64d | fromjson | .exp | todate)
    }
  }'
