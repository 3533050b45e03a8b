#!/usr/bin/env bash
# Sees to it that the clients of the conformance suite are there: a Python with
# boto3, Ansible with its collections for AWS, and the AWS SDK for JavaScript.
# Takes what is on PATH, or installs: boto3 from PyPI and the SDK from npm into
# the cache folder, or Debian's packages (as root). Says on standard error what
# it did and what will be skipped.
set -uo pipefail
version=1.43.11
cache=${XDG_CACHE_HOME:-$HOME/.cache}/ambit
folder=$cache/boto3
log=$(mktemp)
trap 'rm -f "$log"' EXIT
skipped=0

# Whether there is a boto3, and of at least the version given: old models do not
# know what AWS answers today.
boto3() {
  for python in python3 /usr/bin/python3 "$folder/bin/python3" "${folder%boto3}aws-cli/bin/python3"; do
    "$python" -c "import boto3; assert tuple(map(int, boto3.__version__.split('.')[:2])) >= (1, ${1:-0})" >/dev/null 2>&1 && return 0
  done
  return 1
}

debian() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
  echo "installing Debian's $*" >&2
  { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "$@"; } >"$log" 2>&1
}

skip() {
  tail -n 5 "$log" >&2
  echo "SKIPPED: $*" >&2
  skipped=1
}

if ! boto3 40; then
  echo "no Python with boto3 1.40 or later; installing boto3 $version into $folder" >&2
  rm -rf "$folder"
  if ! { python3 -m venv "$folder" && "$folder/bin/pip" install --quiet --disable-pip-version-check --retries 1 --timeout 15 "boto3==$version"; } >"$log" 2>&1; then
    rm -rf "$folder"
    boto3 || debian python3-boto3
  fi
  boto3 || skip 'boto3 in test/conformance: python3 -m venv with PyPI, or apt-get as root, is needed.'
  boto3 40 || skip "the judgement by botocore's models in test/conformance: they want boto3 1.40 or later, from PyPI."
fi

if ! ansible-doc -t module --json community.aws.iam_role >/dev/null 2>&1; then
  debian ansible
  ansible-doc -t module --json community.aws.iam_role >/dev/null 2>&1 ||
    skip 'Ansible in test/conformance: it is not on PATH, and apt-get as root could not install it.'
fi
# Installed beside and moved, so that what is there is whole; it is known by its
# lock file.
javascript() {
  local wanted=$1 made
  cmp -s "$wanted/package-lock.json" "$cache/javascript/package-lock.json" && return 0
  command -v node >/dev/null && command -v npm >/dev/null || { echo 'node and npm are not there' >"$log"; return 1; }
  echo "installing the AWS SDK for JavaScript into $cache/javascript" >&2
  mkdir -p "$cache" && made=$(mktemp -d "$cache/javascript.XXXXXX") || return 1
  cp "$wanted/package.json" "$wanted/package-lock.json" "$made" &&
    (cd "$made" && npm ci --no-audit --no-fund --ignore-scripts --fetch-retries 1 --fetch-timeout 60000) >"$log" 2>&1 &&
    rm -rf "$cache/javascript" && mv -T "$made" "$cache/javascript" && return 0
  rm -rf "$made"
  return 1
}

javascript "$(dirname "${BASH_SOURCE[0]}")/testdata/javascript" ||
  skip 'the AWS SDK for JavaScript in test/conformance: Node 20 or later with npm is needed.'
exit $skipped
