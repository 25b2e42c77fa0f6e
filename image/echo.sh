#!/bin/sh
# Prints each parameter on its own line, unchanged.
# A stopped job must fail: for Batch, exit code 0 is success.
trap 'exit 143' TERM

for parameter in "$@"; do
  printf '%s\n' "$parameter"
done
