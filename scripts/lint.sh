#!/usr/bin/env bash
# Formatting of sources, syntax of scripts, and generated files that no longer match their generator.
set -euo pipefail
cd "$(dirname "$0")/.."

dotnet format whitespace Accel.sln --verify-no-changes --no-restore -v quiet
for script in scripts/*.sh .ci/run; do bash -n "$script"; done
node scripts/gen-params.mjs --check
node scripts/gen-vector-field.mjs --check
node scripts/gen-kat-vectors.mjs --check
build/dotnet/bin/Accel.GoldenVectors/release/Accel.GoldenVectors sim/vectors --check
node scripts/gen-registers.mjs --check
node scripts/gen-selftest.mjs --check
scripts/gen-cli-docs.sh --check
echo "lint: clean"
