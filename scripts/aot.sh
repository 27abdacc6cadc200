#!/usr/bin/env bash
# Compiles accel ahead of time, for every x86-64 level or those given, into build/aot: a folder for each level and the launcher that picks one.
# usage: aot.sh [x86-64-v2] [x86-64-v3] [x86-64-v4]
set -euo pipefail
cd "$(dirname "$0")/.."

levels=("$@")
[ $# -gt 0 ] || levels=(x86-64-v2 x86-64-v3 x86-64-v4)
mkdir -p build/aot
clang-14 -std=c11 -O2 -Wall -Wextra -Werror -static -s host/src/Accel.Cli/Native/launcher.c -o build/aot/accel
for level in "${levels[@]}"; do
  started=$SECONDS
  dotnet publish host/src/Accel.Cli -c Release -r linux-x64 -v quiet -nologo -clp:NoSummary -p:AccelAotLevel="$level" -p:CppCompilerAndLinker=clang-14 -o "build/aot/$level"
  printf 'built build/aot/%s/accel, %d bytes, in %d s\n' "$level" "$(stat -c %s "build/aot/$level/accel")" $((SECONDS - started))
done
echo "built build/aot/accel, which starts the best of them"
