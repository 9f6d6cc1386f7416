#!/bin/sh
# Runs every fuzz target, or those named as arguments, for ten minutes each (SECONDS_EACH), two at a time.
#
# Needs cargo-fuzz (cargo install cargo-fuzz). New inputs go to target/fuzz-corpus; fuzz/corpus is only read. An input that fails is
# written to fuzz/artifacts; minimise it and copy it to fuzz/corpus, so that every `cargo test` replays it. Exits with 1 if a
# target failed.
set -eu
cd "$(dirname "$0")/.."
export RUSTC_BOOTSTRAP=1
seconds=${SECONDS_EACH:-600}
targets=${*:-$(cargo fuzz list)}
cargo fuzz build --release
failures=$(mktemp)
trap 'rm -f "$failures"' EXIT

run_one() {
  mkdir -p "target/fuzz-corpus/$1" "fuzz/artifacts/$1"
  begun=$(date +%H:%M:%S)
  if nice -n 10 cargo fuzz run --release "$1" "target/fuzz-corpus/$1" "fuzz/corpus/$1" -- \
    -max_total_time="$seconds" -max_len=8192 -timeout=60 -rss_limit_mb=4096 >"target/fuzz-$1.log" 2>&1; then
    result=passed
  else
    result=FAILED
    echo "$1" >>"$failures"
  fi
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p; s/^Done \([0-9]*\) runs.*/\1/p' "target/fuzz-$1.log" | tail -n 1)
  echo "$1: $result, $begun to $(date +%H:%M:%S), ${runs:-?} runs"
}

# Each of the two lanes runs every other target in the list.
lane() {
  index=0
  for target in $targets; do
    if [ $((index % 2)) -eq "$1" ]; then run_one "$target"; fi
    index=$((index + 1))
  done
}
lane 0 &
lane 1
wait
[ ! -s "$failures" ]
