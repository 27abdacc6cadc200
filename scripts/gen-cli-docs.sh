#!/usr/bin/env bash
# Writes host/docs/cli.md from the help texts of build/accel; with --check, fails when the file is stale.
set -euo pipefail
cd "$(dirname "$0")/.."

page=host/docs/cli.md
generated=$(mktemp)
trap 'rm -f "$generated"' EXIT

section() {
  printf '\n## accel%s\n\n```\n' "${*:+ $*}"
  COLUMNS=120 build/accel "$@" --help | sed -E 's/[[:space:]]+$//' | cat -s | sed -e '${/^$/d;}'
  printf '```\n'
}

{
  echo '# The command line'
  echo
  echo 'Generated from the help texts by `make gen`; do not edit.'
  section
  section prove groth16
  section verify groth16
  section setup
  section ceremony new
  section ceremony contribute
  section ceremony beacon
  section ceremony verify
  section ceremony export
  section settle
  section margin
  section submit
  section export solidity
  section venue replay
  section market simulate
  section circuit info
  section circuit fuzz
  section node run
  section node key
  section inspect
  section devices
  section regs
  section monitor
  section selftest
  section doctor
  section config check
  section config show
  section config schema
  section bench field
  section bench msm
  section bench ntt
  section bench prove
} >"$generated"

if [ "${1:-}" = --check ]; then
  diff -u "$page" "$generated" || { echo "$page is stale: run make gen" >&2; exit 1; }
else
  mkdir -p "$(dirname "$page")"
  cp "$generated" "$page"
  echo "wrote $page"
fi
