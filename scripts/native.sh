#!/usr/bin/env bash
# Compiles the native kernels into build/native: libaccel_ifma.so, which `accel` loads when it is there and the processor has AVX-512 IFMA; its
# portable twin, which only tests load; and ifma-selftest, which compares the two where the instructions exist. Checks the code of the field's
# product.
set -euo pipefail
cd "$(dirname "$0")/.."

source=host/src/Accel.Compute/Native/ifma.c
out=build/native
flags=(-std=gnu11 -O3 -Wall -Wextra -Werror -fPIC -fvisibility=hidden)
# The vector's type is passed between inlined functions only, so that its ABI without AVX-512 does not matter.
portable=(-march=x86-64-v2 -Wno-psabi)
vector=(-mavx512f -mavx512ifma -mtune=icelake-server -mprefer-vector-width=512)

stamp=$(cat scripts/native.sh host/src/Accel.Compute/Native/* | sha256sum | cut -d' ' -f1)
if [ -e "$out/ifma-selftest" ] && [ "$(cat "$out/stamp" 2>/dev/null)" = "$stamp" ]; then exit 0; fi

mkdir -p "$out"
rm -f "$out/stamp"
compile() { clang-14 "${flags[@]}" "$@"; }
compile "${vector[@]}" -c "$source" -o "$out/ifma.o" &
vector_job=$!
compile "${portable[@]}" -c "$source" -o "$out/portable.o"
wait "$vector_job"
compile "${portable[@]}" -DACCEL_IFMA=accel_ifma_portable -c "$source" -o "$out/selftest-portable.o"
compile -c host/src/Accel.Compute/Native/selftest.c -o "$out/selftest.o"

# A spill in the product would cost a fifth of every sum, and other options or another compiler may bring one: see what was made.
listing=$(objdump -d --no-show-raw-insn --disassemble=fq_product "$out/ifma.o")
grep -q 'vpmadd52luq.*zmm' <<<"$listing" || { echo "native: fq_product has no vpmadd52luq" >&2; exit 1; }
if grep -q '%[er][sb]p' <<<"$listing"; then echo "native: fq_product spills to the stack" >&2; exit 1; fi

# A process that has an old library open keeps it.
clang-14 -shared "$out/ifma.o" -o "$out/new.so" && mv "$out/new.so" "$out/libaccel_ifma.so"
clang-14 -shared "$out/portable.o" -o "$out/new.so" && mv "$out/new.so" "$out/libaccel_ifma_portable.so"
clang-14 -static "$out/ifma.o" "$out/selftest-portable.o" "$out/selftest.o" -o "$out/ifma-selftest"
rm "$out"/*.o
echo "$stamp" >"$out/stamp"
printf 'built %s/libaccel_ifma.so: %d bytes\n' "$out" "$(stat -c %s "$out/libaccel_ifma.so")"
