#!/bin/sh
# Merges the summaries below RESULTS, and names the failed samples that the manifest of the Map leads to.
#   merge.sh RESULTS MANIFEST REPORT
set -eu
bucket="s3://$DATA_BUCKET"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

aws s3 cp --no-progress --recursive "$bucket/$1" results
aws s3 cp --no-progress "$bucket/$2" manifest.json
jq --raw-output '.ResultFiles.FAILED[].Key' manifest.json | while read -r key; do
  aws s3 cp --no-progress "$bucket/$key" -
done | jq --slurp 'map(.[].Input | fromjson | .sample)' > failed.json
jq --slurp --slurpfile failed failed.json '{ samples: sort_by(.sample), failed: $failed[0] }' results/*.json > report.json
aws s3 cp --no-progress report.json "$bucket/$3"
