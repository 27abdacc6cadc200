#!/usr/bin/env bash
# Installs what Accel needs and the machine lacks, and says what it installs. Running it twice does nothing the second time.
# usage: setup.sh [avx512|ice40]     avx512 adds the emulator that scripts/avx512.sh runs, ice40 place and route for scripts/synth-soc.mjs
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'setup: %s\n' "$*"; }
die() { printf 'setup: %s\n' "$*" >&2; exit 1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else die "needs root for: $*"
  fi
}

# apt_install COMMAND PACKAGE...: installs the packages when the command is missing.
apt_install() {
  local command=$1
  shift
  command -v "$command" >/dev/null || apt_get "$@"
}

# apt_install_file FILE PACKAGE...: installs the packages when the file is missing.
apt_install_file() {
  local file=$1
  shift
  [ -e "$file" ] || apt_get "$@"
}

apt_get() {
  say "installing from apt: $*"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

command -v dotnet >/dev/null || die "the .NET SDK is missing; global.json says which one is needed"
dotnet --version >/dev/null 2>&1 || die "no installed .NET SDK satisfies global.json"

apt_install node nodejs
apt_install npm npm
node_major=$(node -p 'process.versions.node.split(".")[0]')
[ "$node_major" -ge 18 ] || die "node $(node --version) is too old: 18 or later is needed"

apt_install verilator verilator
apt_install yosys yosys
apt_install z3 z3
apt_install spin spin
apt_install clang++-14 clang-14
# The soft core: its firmware's compiler, and the machine that its instructions are compared with.
apt_install riscv64-unknown-elf-gcc gcc-riscv64-unknown-elf
apt_install qemu-system-riscv32 qemu-system-misc
# The firmware's tests run on this machine, under gcc's sanitizers.
apt_install gcc gcc libc6-dev
apt_install_file /usr/include/zlib.h zlib1g-dev
# OpenCL: the loader, a driver for the processor, and the headers that the simulated card's driver is built with.
apt_install_file /etc/OpenCL/vendors/pocl.icd ocl-icd-libopencl1 pocl-opencl-icd opencl-c-headers
apt_install_file /usr/include/CL/cl_icd.h opencl-c-headers
# A USB device that only one command sees, and the library that reaches it.
apt_install_file /usr/include/umockdev-1.0/umockdev.h libumockdev-dev umockdev
apt_install_file /usr/lib/x86_64-linux-gnu/libusb-1.0.so.0 libusb-1.0-0
apt_install pkg-config pkg-config
if [ "${1:-}" = avx512 ]; then
  apt_install bochs-bin bochs bochs-term bochsbios vgabios
  apt_install genisoimage genisoimage isolinux syslinux-common
  apt_install cpio cpio
  apt_install busybox busybox-static
fi
if [ "${1:-}" = ice40 ]; then
  apt_install nextpnr-ice40 nextpnr-ice40
  apt_install icetime fpga-icestorm
  apt_install_file /usr/share/fpga-icestorm/chipdb/chipdb-8k.txt fpga-icestorm-chipdb
fi

# The stamp holds the lock file's hash, so that a changed pin reinstalls and an unchanged one costs nothing.
stamp=scripts/node_modules/.accel-lock
lock_hash=$(sha256sum scripts/package-lock.json | cut -d' ' -f1)
if [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$lock_hash" ]; then
  say "installing from npm: $(node -p 'const p = require("./scripts/package.json"); Object.entries({...p.devDependencies, ...p.optionalDependencies}).map(([n, v]) => n + " " + v).join(", ")')"
  npm ci --prefix scripts --no-progress --loglevel=error
  echo "$lock_hash" >"$stamp"
fi
mkdir -p build
