#!/bin/sh
# What a job does with the AWS CLI. The folder many/ has 2,500 objects.
set -eu
cd "$(mktemp -d)"
bucket="s3://$DATA_BUCKET"
head -c 23040000 /dev/zero | tr '\0' 'x' >large

printf 0123456789 | aws s3 cp - "$bucket/cli/a ü+%.txt"
aws s3api get-object --bucket "$DATA_BUCKET" --key "cli/a ü+%.txt" --range bytes=3-5 part >/dev/null
[ "$(cat part)" = 345 ]
aws s3 cp --no-progress large "$bucket/cli/large" >/dev/null
aws s3 cp --no-progress "$bucket/cli/large" back >/dev/null
cmp large back
aws s3 cp --no-progress "$bucket/cli/large" "$bucket/cli/copy" >/dev/null
aws s3 cp --no-progress "$bucket/cli/copy" back >/dev/null
cmp large back
mkdir -p tree/deep && echo a >tree/a && echo b >tree/deep/b
# S3 tells times in seconds, so a file of this second may look newer than its copy.
touch -d '1 minute ago' tree/a tree/deep/b
aws s3 sync --no-progress tree "$bucket/cli/tree" >/dev/null
[ -z "$(aws s3 sync --no-progress tree "$bucket/cli/tree")" ]
aws s3 ls "$bucket/cli/tree/" | grep -q 'PRE deep/'
[ "$(aws s3 ls --recursive "$bucket/many/" | wc -l)" -eq 2500 ]
aws s3 rm --quiet --recursive "$bucket/many/"
[ -z "$(aws s3 ls "$bucket/many/" || true)" ]
aws s3 ls | grep -q "$DATA_BUCKET"
echo "aws-cli is content"
