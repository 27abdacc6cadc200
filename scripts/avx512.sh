#!/usr/bin/env bash
# Runs the AVX-512 code on a processor that Bochs emulates, whatever processor this machine has: the managed tests of the eight lanes under the
# just-in-time compiler, accel compiled ahead of time for x86-64-v4, and the native IFMA kernel's self-test. Ends with a verdict.
# usage: avx512.sh     ACCEL_BOCHS=PATH takes another Bochs than Debian's, whose build with a debugger is several times slower than one without;
#                      ACCEL_AVX512_MINUTES=N ends the machine after N minutes (default 180)
set -euo pipefail
cd "$(dirname "$0")/.."

readonly work=build/avx512
readonly minutes_max=${ACCEL_AVX512_MINUTES:-180}
readonly model=corei3_cnl # AVX-512 F, VL, BW, DQ, CD, IFMA and VBMI; Bochs 2.7 and 3.0 both boot Linux on it
readonly memory_mb=2048

say() { printf 'avx512: %s\n' "$*"; }
die() { printf 'avx512: %s\n' "$*" >&2; exit 1; }

bochs=${ACCEL_BOCHS:-bochs-bin}
command -v "$bochs" >/dev/null || die "ACCEL_BOCHS=$bochs is no program"
[ -x build/aot/x86-64-v4/accel ] || die "build/aot/x86-64-v4/accel is missing: run scripts/aot.sh x86-64-v4"
readonly tests=build/dotnet/bin/Accel.Compute.Tests/release
[ -x $tests/Accel.Compute.Tests ] || die "$tests is missing: run make build"

# The guest's kernel, without installing it here: Debian's package for virtual machines, which needs no module for a serial port.
fetch_kernel() {
  local package
  package=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/^ *Depends: \(linux-image-.*\)/\1/p' | head -n 1)
  [ -n "$package" ] || die "apt knows no linux-image-cloud-amd64: run apt-get update"
  ls $work/kernel/boot/vmlinuz-* >/dev/null 2>&1 && return
  say "downloading from apt: $package"
  rm -rf $work/kernel && mkdir -p $work/kernel
  (cd $work/kernel && apt-get download -qq -o APT::Sandbox::User=root "$package" && dpkg -x linux-image-*.deb . && rm linux-image-*.deb)
}

# add_libraries PROGRAM...: the shared libraries that they load, at their own paths.
add_libraries() {
  local library
  for library in $(ldd "$@" 2>/dev/null | sed -nE 's#^[[:space:]]+(.* => )?(/(usr/)?lib[^ ]+) \(.*#\2#p' | sort -u); do
    mkdir -p "$root$(dirname "$library")"
    cp -L "$library" "$root$library"
  done
}

fill_root() {
  local runtime version
  rm -rf "$root" && mkdir -p "$root"/{bin,dev,proc,sys,tmp,dotnet,repository/{build/aot,host},shared/data,usr/lib/x86_64-linux-gnu}
  cp scripts/avx512-guest.sh "$root/init"
  cp /bin/busybox "$root/bin/"

  # The runtime that the tests' runtimeconfig.json asks for: the newest of its major version.
  runtime=$(dotnet --list-runtimes | sed -nE 's/^Microsoft\.NETCore\.App (10\.[0-9.]+) \[(.*)\]$/\2 \1/p' | sort -V | tail -n 1)
  [ -n "$runtime" ] || die "dotnet --list-runtimes shows no Microsoft.NETCore.App 10"
  version=${runtime##* }
  runtime=$(dirname "$(dirname "${runtime% *}")")
  mkdir -p "$root/dotnet/shared/Microsoft.NETCore.App" "$root/dotnet/host/fxr"
  cp -r "$runtime/shared/Microsoft.NETCore.App/$version" "$root/dotnet/shared/Microsoft.NETCore.App/"
  cp -r "$runtime/host/fxr/$version" "$root/dotnet/host/fxr/"
  # Laid out as here: programs look for the native kernels, and tests for outside data, above and beside the repository's root.
  cp Accel.sln "$root/repository/"
  cp -r $tests "$root/repository/tests"
  [ ! -d ../shared/data/crypto_kat ] || cp -r ../shared/data/crypto_kat "$root/shared/data/"
  cp -r build/aot/x86-64-v4 build/aot/accel "$root/repository/build/aot/"
  [ ! -d build/native ] || cp -r build/native "$root/repository/build/"
  cp -r host/samples "$root/repository/host/"
  cp -r $work/cache "$root/"
  # .NET finds OpenSSL, which computes its hashes, only when it runs.
  cp -L /usr/lib/x86_64-linux-gnu/{libssl,libcrypto}.so.3 "$root/usr/lib/x86_64-linux-gnu/"
  add_libraries "$root"/bin/busybox \
    "$root"/repository/{build/aot/x86-64-v4/accel,tests/Accel.Compute.Tests} "$root"/dotnet/{shared/*/*,host/fxr/*}/*.so
}

# The CD's loader reads kernel and initramfs by the BIOS, so that the guest needs no disk driver.
# clearcpuid: Bochs 2.7 announces the state of protection keys without its size, and compacted sizes that are not compacted; Linux then gives up AVX.
make_cd() {
  rm -rf $work/cd && mkdir -p $work/cd/isolinux
  (cd "$root" && find . | LC_ALL=C sort | cpio --quiet -o -H newc) >$work/cd/initrd
  cp $work/kernel/boot/vmlinuz-* $work/cd/vmlinuz
  cp /usr/lib/ISOLINUX/isolinux.bin /usr/lib/syslinux/modules/bios/ldlinux.c32 $work/cd/isolinux/
  cat >$work/cd/isolinux/isolinux.cfg <<-END
	DEFAULT linux
	LABEL linux
	  KERNEL /vmlinuz
	  INITRD /initrd
	  APPEND console=ttyS0,115200 loglevel=3 panic=-1 mitigations=off lsm=lockdown clearcpuid=pku,xsaves,xsavec
	END
  genisoimage -quiet -o $work/machine.iso -b isolinux/isolinux.bin -c isolinux/boot.cat -no-emul-boot -boot-load-size 4 -boot-info-table $work/cd
  rm -rf $work/cd
}

configure_machine() {
  cat >$work/bochsrc <<-END
	display_library: term
	megs: $memory_mb
	romimage: file=/usr/share/bochs/BIOS-bochs-latest
	vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest
	cpu: model=$model, count=1, ips=100000000, reset_on_triple_fault=0
	clock: sync=none, time0=utc
	ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14
	ata0-master: type=cdrom, path=$work/machine.iso, status=inserted
	boot: cdrom
	com1: enabled=1, mode=file, dev=$work/serial.log
	log: $work/bochs.log
	panic: action=fatal
	error: action=ignore
	info: action=ignore
	debug: action=ignore
	END
  echo continue >$work/debugger-commands
}

# Bochs draws a terminal's screen, into a file. It does not always heed SIGTERM, so SIGKILL follows.
run_machine() {
  local arguments=(-q -f $work/bochsrc) bochs_pid started=$SECONDS line
  if grep -q -- '^ *-rc ' <<<"$("$bochs" --help 2>&1)"; then arguments+=(-rc $work/debugger-commands); fi
  rm -f $work/serial.log $work/machine.iso.lock
  : >$work/serial.log
  TERM=xterm timeout --kill-after=5 $((minutes_max * 60)) "$bochs" "${arguments[@]}" >$work/terminal.log 2>&1 </dev/null &
  bochs_pid=$!
  # shellcheck disable=SC2064
  trap "kill $bochs_pid 2>/dev/null || true" EXIT
  while IFS= read -r line; do
    printf '%3d:%02d  %s\n' $(((SECONDS - started) / 60)) $(((SECONDS - started) % 60)) "${line%$'\r'}"
  done < <(tail -n +1 -s 1 --pid=$bochs_pid -f $work/serial.log)
  wait $bochs_pid || true
  trap - EXIT
}

verdict() {
  local log=$work/stages.log started passed
  tr -d '\r' <$work/serial.log >$log
  grep -q '^guest: every stage has run$' $log ||
    die "the machine stopped before its last stage, or $minutes_max minutes were over; see $work/serial.log"
  started=$(grep -c '^stage .*: starts$' $log)
  passed=$(grep -c '^stage .*: exit status 0$' $log || true)
  grep -E '^stage .*: exit status |^ .* Total: [0-9]+, Errors: ' $log
  say "$passed stages passed, $((started - passed)) failed"
  [ "$passed" = "$started" ] && [ "$passed" -gt 0 ]
}

readonly root=$work/root
mkdir -p $work
fetch_kernel
say 'settling the small book here, so that the machine finds its circuit and key made'
build/accel settle --market host/samples/market-btc.csv --book host/samples/book-small.json --shape 1x4x1x1 \
  --out $work/batch --cache $work/cache >$work/settle.log 2>&1
fill_root
make_cd
configure_machine
version=$("$bochs" --help 2>&1 | sed -nE 's/^ *(Bochs x86 Emulator .*)/\1/p')
say "booting $version, $model, at most $minutes_max minutes"
run_machine
verdict
