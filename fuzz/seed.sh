#!/usr/bin/env bash
# Writes fresh seeds beside the committed corpus: fuzz/seed.sh [DIRECTORY], default fuzz/corpus.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo run --quiet --locked -p pos-tests --bin seeds -- "${1:-fuzz/corpus}"
