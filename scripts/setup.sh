#!/usr/bin/env bash
# Installs what Accel needs and the machine lacks, and says what it installs. Running it twice does nothing the second time.
# usage: setup.sh [avx512]     avx512 adds the emulator that scripts/avx512.sh runs
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
  command -v "$command" >/dev/null && return 0
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
[ -e /usr/include/zlib.h ] || { say "installing from apt: zlib1g-dev"; as_root apt-get install -y -qq --no-install-recommends zlib1g-dev >/dev/null; }
# A USB device that only one command sees, and the library that reaches it.
[ -e /usr/include/umockdev-1.0/umockdev.h ] && [ -e /usr/lib/x86_64-linux-gnu/libusb-1.0.so.0 ] || {
  say "installing from apt: libumockdev-dev umockdev libusb-1.0-0"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends libumockdev-dev umockdev libusb-1.0-0 >/dev/null
}
apt_install pkg-config pkg-config
if [ "${1:-}" = avx512 ]; then
  apt_install bochs-bin bochs bochs-term bochsbios vgabios
  apt_install genisoimage genisoimage isolinux syslinux-common
  apt_install cpio cpio
  apt_install busybox busybox-static
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
