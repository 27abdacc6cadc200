#!/bin/busybox sh
# First process of the emulated machine that scripts/avx512.sh boots: runs every stage, reports over the serial port, switches off.
export PATH=/bin:/usr/bin HOME=/tmp DOTNET_ROOT=/dotnet DOTNET_gcServer=0 DOTNET_TieredPGO=0 ACCEL_TEST_SCALE=
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
exec </dev/null >/dev/ttyS0 2>&1

stage() {
  name=$1
  shift
  echo "stage $name: starts"
  status=0
  "$@" || status=$?
  echo "stage $name: exit status $status"
}

names_avx512() {
  accel devices --json >/tmp/devices || return
  cat /tmp/devices
  grep -q 'AVX-512 IFMA)' /tmp/devices
}

settle() {
  accel settle --market host/samples/market-btc.csv --book host/samples/book-small.json --shape 1x4x1x1 --out "$1" --cache /cache &&
    accel verify groth16 "$1/verification_key.json" "$1/public.json" "$1/proof.json"
}

cd /repository
export PATH=$PATH:/repository/build/aot
echo "processor: $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1): $(grep -o -m 1 -E 'avx512[a-z0-9_]*' /proc/cpuinfo | tr '\n' ' ')"
if [ -x build/native/ifma-selftest ]; then stage 'native IFMA kernels' build/native/ifma-selftest; fi
stage 'accel devices' names_avx512
# Bochs takes every instruction for a tick of its clock: these nanoseconds count instructions.
stage 'accel bench field' accel bench field
stage 'tests' tests/Accel.Compute.Tests -noColor -noLogo -parallel none -reporter verbose \
  -class 'Accel.Compute.Tests.Vector.FieldLanesTests' -class 'Accel.Compute.Tests.EightLane*' -class 'Accel.Compute.Tests.CpuEngineTests'
stage 'accel settle, native kernels' settle /tmp/ifma
export ACCEL_CPU=avx512
stage 'accel settle, managed lanes' settle /tmp/avx512
echo 'guest: every stage has run'
# The last bytes leave the serial port at its own speed.
sleep 1
poweroff -f
