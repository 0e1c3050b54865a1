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
    # Without a sanitizer: the product has no unsafe code, and runs several times faster.
    flags="--fuzz-dir . --sanitizer none"
    len_max=4096
    if [ "$target" = matcher ]; then
        # Its input chooses from a grammar; comparing bytes of what comes out with bytes of it leads nowhere.
        flags="$flags --no-trace-compares"
        len_max=1024
    fi
    mkdir -p "corpus/$target"
    # shellcheck disable=SC2086 # the flags are words
    cargo +nightly fuzz run $flags "$target" "corpus/$target" "seeds/$target" -- \
        -dict=json.dict -max_len="$len_max" -max_total_time="$seconds" -timeout=20 -print_final_stats=1
done
