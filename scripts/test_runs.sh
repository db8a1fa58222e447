# Runs of `deno test`, counted test by test.
# Sourced by scripts/test, which has $DENO, $passed, $failed, note_failed and say; leaves what was unsteady in $unsteady.

# More failures than this are no matter of time.
RETRIED_MAX=12
unsteady=

# The run's closing line says how many passed, and how many failed.
count_of() {
  sed -nE "s/^(ok|FAILED) \\|.* ([0-9]+) $1.*/\\2/p" "$2" | tail -n 1
}

# failures_in LOG: what the closing list names, a line each: a test and its place, or a file that could not be loaded.
failures_in() {
  sed -nE '/^ FAILURES $/,/^FAILED \|/{/^$/d; /^( FAILURES $|FAILED \|)/d; p}' "$1"
}

# deno_tests NAME PATH...: a run of `deno test`, counted. What failed is left in $failures.
deno_tests() {
  local name=$1 status log
  shift
  say "== $name"
  log=$(mktemp)
  "$DENO" test --allow-all --no-check --frozen "$@" 2>&1 | tee "$log"
  status=${PIPESTATUS[0]}
  here_passed=$(count_of passed "$log")
  here_failed=$(count_of failed "$log")
  failures=$(failures_in "$log")
  rm -f "$log"
  if [ -z "$here_passed" ]; then
    note_failed "$name did not run"
    return
  fi
  # A run that broke off counts as a failure even if every test it reached passed.
  if [ "$status" -ne 0 ] && [ "${here_failed:-0}" -eq 0 ]; then note_failed "$name ended with $status"; fi
  passed=$((passed + here_passed))
  failed=$((failed + ${here_failed:-0}))
}

# timed_tests NAME PATH...: tests of daemons that keep time. The kernel and its neighbours may stop a whole machine for
# longer than a master down interval, which is no fault of either daemon: a file with a failed test runs once more,
# alone, and what passes then is named at the end.
timed_tests() {
  local name=$1 files=()
  deno_tests "$@"
  local first_failures=$failures first_failed=${here_failed:-0}
  [ "$first_failed" -gt 0 ] && [ "$first_failed" -le "$RETRIED_MAX" ] || return 0
  # Of what is not a test in a file of tests nothing could be run once more.
  if grep -qvE ' => \./tests/[^ ]+_test\.ts:[0-9]+:[0-9]+$' <<<"$first_failures"; then return 0; fi
  mapfile -t files < <(sed -E 's/.* => (\.\/[^:]+):.*/\1/' <<<"$first_failures" | sort -u)
  local passed_before=$passed failed_before=$failed
  deno_tests "$name, once more: ${files[*]}" "${files[@]}"
  # A second run that never came to its end says nothing about the first.
  [ -n "$here_passed" ] || return 0
  local still=$((failed - failed_before))
  passed=$((passed_before + first_failed - still))
  failed=$((failed_before - first_failed + still))
  if [ "$still" -eq 0 ]; then unsteady+="$first_failures"$'\n'; fi
}
