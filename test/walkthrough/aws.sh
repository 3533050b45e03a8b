#!/usr/bin/env bash
# Sees to it that there is an AWS CLI for the walk-through: the one on PATH, or
# one in the cache folder, or a new one there (from PyPI), or Debian's (as
# root). Says on standard error what it did, and fails where there is none.
set -uo pipefail
version=1.45.11
folder=${XDG_CACHE_HOME:-$HOME/.cache}/ambit/aws-cli
log=$(mktemp)
trap 'rm -f "$log"' EXIT

if aws --version >/dev/null 2>&1 || "$folder/bin/aws" --version >/dev/null 2>&1; then
  exit 0
fi
echo "no AWS CLI on PATH; installing awscli $version into $folder" >&2
rm -rf "$folder"
if python3 -m venv "$folder" >"$log" 2>&1 &&
  "$folder/bin/pip" install --quiet --disable-pip-version-check --retries 1 --timeout 15 "awscli==$version" >>"$log" 2>&1 &&
  "$folder/bin/aws" --version >>"$log" 2>&1; then
  exit 0
fi
rm -rf "$folder"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "not obtainable with pip; installing Debian's awscli" >&2
  { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy awscli; } >>"$log" 2>&1
  if aws --version >>"$log" 2>&1; then
    exit 0
  fi
fi
tail -n 5 "$log" >&2
echo 'SKIPPED: test/walkthrough, because there is no AWS CLI and none could be installed (python3 -m venv with PyPI, or apt-get as root).' >&2
exit 1
