#!/usr/bin/env bash
# Runs the RTL benches, the contracts' tests and every test project, and ends with 'N passed, N failed, N skipped'.
# usage: run-tests.sh all|fast     fast leaves out tests marked [Trait("speed", "slow")]
set -euo pipefail
cd "$(dirname "$0")/.."

mode=${1:-all}
# The whole of CI has to end within this time on two cores.
readonly minutes_max=42
# A test that hangs ends with its project, not with the whole run; the long counts take as long as they take.
project_seconds_max=1200
[ "${ACCEL_TEST_SCALE:-}" = long ] && project_seconds_max=0
filter=()
[ "$mode" = fast ] && filter=(-trait- speed=slow)

passed=0 failed=0 skipped=0
started=$SECONDS
mkdir -p build/test-results

# checked NAME LABEL COMMAND...: runs it and adds the numbers of its last line 'LABEL: N passed, N failed'.
checked() {
  local name=$1 label=$2 log=build/test-results/$2.log stage=$SECONDS summary
  shift 2
  "$@" >"$log" 2>&1 || cat "$log"
  summary=$(grep -E "^$label: [0-9]+ passed, [0-9]+ failed$" "$log" | tail -n 1 || true)
  if [ -z "$summary" ]; then
    echo "$name: ended without a summary"
    failed=$((failed + 1))
    return
  fi
  passed=$((passed + $(sed -E 's/.*: ([0-9]+) passed.*/\1/' <<<"$summary")))
  failed=$((failed + $(sed -E 's/.* ([0-9]+) failed/\1/' <<<"$summary")))
  printf '%-28s %4d s   %s %s\n' "$name" $((SECONDS - stage)) "${summary#"$label": }" "$(sed -nE "s/^$label: (built in.*)/(\1)/p" "$log")"
}
checked "RTL benches" RTL node scripts/rtl.mjs test
checked "Formal proofs" formal node scripts/formal.mjs
checked "Firmware" firmware node scripts/firmware.mjs test
if [ -n "${RISCV_TESTS:-}" ]; then
  checked "riscv-tests" riscv-tests node scripts/riscv-tests.mjs
else
  echo "riscv-tests: skipped; RISCV_TESTS names no checkout of github.com/riscv-software-src/riscv-tests"
  skipped=$((skipped + 1))
fi
checked "Contracts on forge" contracts node scripts/contracts.mjs test

for project in host/tests/*.Tests; do
  name=$(basename "$project")
  binary=build/dotnet/bin/$name/release/$name
  log=build/test-results/$name.log
  stage=$SECONDS
  status=0
  timeout --kill-after=10 "$project_seconds_max" "$binary" -noColor -noLogo "${filter[@]}" >"$log" 2>&1 </dev/null || status=$?
  summary=$(grep -E 'Total: [0-9]+, Errors: ' "$log" | tail -n 1 || true)
  if [ -z "$summary" ]; then
    cat "$log"
    echo "$name: ended with status $status and no summary"
    failed=$((failed + 1))
    continue
  fi
  count() { sed -E "s/.*$1: ([0-9]+).*/\1/" <<<"$summary"; }
  bad=$(($(count Failed) + $(count Errors)))
  passed=$((passed + $(count Total) - bad - $(count Skipped) - $(count 'Not Run')))
  failed=$((failed + bad))
  skipped=$((skipped + $(count Skipped)))
  printf '%-28s %4d s   %s\n' "$name" $((SECONDS - stage)) "$(sed -E 's/.*(Total:)/\1/' <<<"$summary")"
  if [ "$bad" != 0 ]; then grep -vE '^ *(Discover|Starting|Finished)' "$log"; fi
  if [ "$bad" = 0 ] && [ "$status" != 0 ]; then
    echo "$name: exit status $status without a failed test"
    failed=$((failed + 1))
  fi
done

elapsed=$((SECONDS - started))
printf 'tests took %d:%02d\n' $((elapsed / 60)) $((elapsed % 60))
if [ "$elapsed" -gt $((minutes_max * 60)) ] && [ "${ACCEL_TEST_SCALE:-}" != long ]; then
  echo "that is over $minutes_max minutes"
  failed=$((failed + 1))
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
