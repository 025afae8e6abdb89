#!/usr/bin/env bash
# Fuzzes every target in turn for a long time, and keeps count.
#
#   fuzz/long.sh SECONDS [JOBS] [DIRECTORY]
#
# SECONDS of wall time in all, JOBS targets at a time (default 1), at the lowest priority. New inputs
# go to DIRECTORY/corpus/TARGET (default fuzz/target/long), findings to DIRECTORY/artifacts, and one
# line a turn to DIRECTORY/summary.tsv: time, target, seconds, CPU seconds, executions, executions a second, edges,
# features, inputs and bytes of the corpus, exit code. The committed corpus is read, never written.
set -uo pipefail
cd "$(dirname "$0")/.."

seconds=${1:?usage: fuzz/long.sh SECONDS [JOBS] [DIRECTORY]}
jobs=${2:-1}
directory=${3:-fuzz/target/long}
# A turn; every target gets one before any gets two.
readonly TURN_SECONDS=300
readonly SUMMARY="$directory/summary.tsv"

mkdir -p "$directory"
[ -s "$SUMMARY" ] ||
    printf 'time\ttarget\tseconds\tcpu_seconds\texecutions\texecutions_per_s\tedges\tfeatures\tinputs\tbytes\texit\n' >"$SUMMARY"
# Without AddressSanitizer there are several times as many executions, and the crate has no unsafe
# code of its own; the gate's short runs have it.
cargo +nightly fuzz build --sanitizer none --target-dir "$directory/build" || exit 1
mapfile -t targets < <(cargo +nightly fuzz list)

# number PATTERN FILE: the last number that follows PATTERN.
number() { grep -oE "$1 *[0-9]+" "$2" | tail -n 1 | grep -oE '[0-9]+$' || echo 0; }

turn() {
    local target=$1 span=$2 corpus="$directory/corpus/$1" log="$directory/$1.log" code=0
    local seeds=() began=$SECONDS
    mkdir -p "$corpus" "$directory/artifacts/$target"
    [ -d "fuzz/corpus/$target" ] && seeds=("fuzz/corpus/$target")
    nice -n 19 "$directory/build/x86_64-unknown-linux-gnu/release/$target" \
        "$corpus" "${seeds[@]}" -max_total_time="$span" -timeout=10 -rss_limit_mb=2048 \
        -artifact_prefix="$directory/artifacts/$target/" -print_final_stats=1 >"$log" 2>&1 || code=$?
    # What the machine gave it, which at the lowest priority is less than what the clock says.
    local cpu
    times >"$directory/$target.times"
    cpu=$(tail -n 1 "$directory/$target.times" | sed 's/[ms]/ /g' | awk '{ printf "%d", $1 * 60 + $2 }')
    printf '%s\t%s\t%d\t%d\t%s\t%s\t%s\t%s\t%d\t%d\t%d\n' "$(date -u +%FT%TZ)" "$target" \
        "$((SECONDS - began))" "$cpu" "$(number 'number_of_executed_units:' "$log")" \
        "$(number 'average_exec_per_sec:' "$log")" "$(number 'cov:' "$log")" "$(number 'ft:' "$log")" \
        "$(find "$corpus" -type f | wc -l)" "$(cat "$corpus"/* 2>/dev/null | wc -c)" "$code" >>"$SUMMARY"
    # The log of a finding is kept; the next turn would write over it.
    [ "$code" -eq 0 ] || cp "$log" "$directory/artifacts/$target/$(date -u +%s).log"
}

ends=$((SECONDS + seconds))
while [ "$SECONDS" -lt "$ends" ]; do
    for target in "${targets[@]}"; do
        left=$((ends - SECONDS))
        [ "$left" -gt 0 ] || break
        while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do wait -n; done
        turn "$target" "$((left < TURN_SECONDS ? left : TURN_SECONDS))" &
    done
done
wait
awk -F '\t' 'NR > 1 { s[$2] += $4; n[$2] += $5; e[$2] = $7 > e[$2] ? $7 : e[$2]; c[$2] = $9; b[$2] = $10; bad[$2] += $11 != 0 }
    END { for (t in s) printf "%s: %d CPU s, %d executions, %.0f a CPU second, %d edges, %d inputs of %.0f bytes, %d findings\n",
        t, s[t], n[t], n[t] / (s[t] ? s[t] : 1), e[t], c[t], b[t] / (c[t] ? c[t] : 1), bad[t] }' "$SUMMARY" | sort
