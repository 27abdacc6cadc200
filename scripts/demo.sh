#!/usr/bin/env bash
# Settles the bundled book: market data and positions in, a proof out, checked by Accel, by snarkjs and by a contract on a local EVM.
# usage: demo.sh [OUTPUT FOLDER]
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-build/demo}

step() { printf '\n== %s\n' "$*"; }

step 'settle the book and prove it'
build/accel settle --market host/samples/market-btc.csv --book host/samples/book-btc.json --out "$out"

step 'verify with Accel'
build/accel verify groth16 "$out/verification_key.json" "$out/public.json" "$out/proof.json"

step 'verify with snarkjs'
node scripts/node_modules/snarkjs/build/cli.cjs groth16 verify "$out/verification_key.json" "$out/public.json" "$out/proof.json"

step 'submit to a local EVM'
build/accel submit "$out"

printf '\nproof: %s bytes of JSON, 256 bytes on chain; files in %s\n' "$(stat -c %s "$out/proof.json")" "$out"
