#!/usr/bin/env bash
# Makes the committed corpus from itself and what long fuzzing found: fuzz/merge.sh FOUND_DIRECTORY
#
# FOUND_DIRECTORY holds a folder for each target, as fuzz/long.sh leaves them. What adds no coverage
# goes; of the rest the largest inputs come first, because a long one that reaches much is worth more
# than many short ones, until a target has its share of the repository.
set -euo pipefail
cd "$(dirname "$0")/.."

found=${1:?usage: fuzz/merge.sh FOUND_DIRECTORY}
# Seven targets: about 1.4 MB in all.
readonly TARGET_BYTES=200000
# Longer inputs make every run slow.
readonly MAX_INPUT_BYTES=6000

build=fuzz/target/merge
cargo +nightly fuzz build --sanitizer none --target-dir "$build"
for target in $(cargo +nightly fuzz list); do
    kept="fuzz/corpus/$target"
    minimised=$(mktemp -d)
    sources=()
    for folder in "$kept" "$found/$target"; do [ -d "$folder" ] && sources+=("$folder"); done
    "$build/x86_64-unknown-linux-gnu/release/$target" -set_cover_merge=1 -max_len="$MAX_INPUT_BYTES" \
        "$minimised" "${sources[@]}" >/dev/null 2>&1
    rm -rf "$kept"
    mkdir -p "$kept"
    total=0
    while read -r size file; do
        total=$((total + size))
        [ "$total" -le "$TARGET_BYTES" ] || break
        cp "$file" "$kept/"
    done < <(find "$minimised" -type f -printf '%s %p\n' | sort -rn)
    rm -rf "$minimised"
    find "$kept" -type f -printf '%s\n' | awk -v target="$target" \
        '{ sum += $1 } END { printf "%s: %d inputs, %d bytes, mean %.0f\n", target, NR, sum, sum / (NR ? NR : 1) }'
done
