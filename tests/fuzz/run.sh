#!/bin/sh
# Runs each fuzz target for SECONDS (600 unless given), one after the other, on one core.
# Names of targets may follow; without any all three run. Stops at the first finding.
set -eu
cd "$(dirname "$0")"

seconds=${1:-600}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- pattern scanner matcher

missing() {
    echo "fuzzing needs $1; to get it: $2" >&2
    exit 2
}

command -v cargo >/dev/null 2>&1 || missing "Rust" "https://rustup.rs"
cargo +nightly --version >/dev/null 2>&1 || missing "the nightly compiler" "rustup toolchain install nightly"
cargo fuzz --version >/dev/null 2>&1 || missing "cargo-fuzz" "cargo install cargo-fuzz --locked"

for target in "$@"; do
    # The scanner has the product's only unsafe code; without the sanitizer the others run several times faster.
    case $target in
        scanner) flags="--fuzz-dir . --sanitizer address" len_max=4096 ;;
        # What the grammar makes of its input has no bytes of it, so comparing them leads nowhere.
        matcher) flags="--fuzz-dir . --sanitizer none --no-trace-compares" len_max=2048 ;;
        *) flags="--fuzz-dir . --sanitizer none" len_max=4096 ;;
    esac
    mkdir -p "corpus/$target"
    # shellcheck disable=SC2086 # the flags are words
    cargo +nightly fuzz run $flags "$target" "corpus/$target" "seeds/$target" -- \
        -dict=json.dict -max_len="$len_max" -max_total_time="$seconds" -timeout=20 -print_final_stats=1
done
