#!/usr/bin/env bash
# Compiles accel ahead of time into build/aot: a folder for each x86-64 level, and the launcher that starts the best one for the processor.
# usage: aot.sh [all|host|LEVEL]     host compiles only the level that the launcher chooses on this machine, LEVEL only that one
set -euo pipefail
cd "$(dirname "$0")/.."

case "${1:-all}" in
all) levels=(x86-64-v2 x86-64-v3 x86-64-v4) ;;
host)
  # glibc's dynamic linker names the levels by the same rules as the launcher, the highest first.
  best=$(/lib64/ld-linux-x86-64.so.2 --help | sed -nE 's/^  (x86-64-v[234]) \(supported.*/\1/p' | head -n 1)
  levels=("${best:?this processor is below x86-64-v2}")
  ;;
x86-64-v[234]) levels=("$1") ;;
*) echo "aot.sh: '$1' is none of all, host, x86-64-v2, x86-64-v3, x86-64-v4" >&2; exit 1 ;;
esac

mkdir -p build/aot
clang-14 -std=gnu11 -O2 -Wall -Wextra -Werror -static -s host/src/Accel.Cli/Native/launcher.c -o build/aot/accel
for level in "${levels[@]}"; do
  started=$SECONDS
  dotnet publish host/src/Accel.Cli -c Release -r linux-x64 -v quiet -nologo -clp:NoSummary \
    -p:AccelAotLevel="$level" -p:CppCompilerAndLinker=clang-14 -o "build/aot/$level"
  # Optional: only this level's build asks for it, and does without. Nothing is left of an earlier build.
  rm -f "build/aot/$level/libaccel_ifma.so"
  if [ "$level" = x86-64-v4 ] && [ -e build/native/libaccel_ifma.so ]; then cp build/native/libaccel_ifma.so "build/aot/$level/"; fi
  printf 'built build/aot/%s/accel in %d s: %d bytes\n' "$level" $((SECONDS - started)) "$(stat -c %s "build/aot/$level/accel")"
done

# A build of one level need not be one that this machine can start.
case "${1:-all}" in all | host) ;; *) exit ;; esac
fastest_us=1000000000
for _ in {1..20}; do
  started_us=${EPOCHREALTIME/./}
  build/aot/accel --version >/dev/null
  elapsed_us=$((${EPOCHREALTIME/./} - started_us))
  [ "$elapsed_us" -ge "$fastest_us" ] || fastest_us=$elapsed_us
done
printf 'built build/aot/accel: --version takes %d.%d ms, the minimum of 20 runs\n' $((fastest_us / 1000)) $((fastest_us % 1000 / 100))
