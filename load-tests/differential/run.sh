#!/bin/sh
# Compares our answers to generated pairs of patterns and events with those of the Python reference model.
#
#   load-tests/differential/run.sh PAIRS SEED
#
# The model is looked for in ../shared/reference/model beside the repository; RULEPROOF_MODEL names another
# folder. The labelled cases stay in target/differential/SEED for whoever has to look at a disagreement.
set -eu

pairs=${1:?usage: run.sh PAIRS SEED}
seed=${2:?usage: run.sh PAIRS SEED}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
model=${RULEPROOF_MODEL:-$root/../shared/reference/model}
piece_pairs=50000
processes=2

if [ ! -f "$model/patterns.py" ]; then
    echo "error: no reference model at $model; set RULEPROOF_MODEL to the folder that holds patterns.py" >&2
    exit 2
fi

cd "$root"
cargo build --release --quiet --example generate_pairs
export GENERATE=target/release/examples/generate_pairs LABEL="$here/label.py" MODEL="$model"
export OUT="target/differential/$seed"
rm -rf "$OUT"
mkdir -p "$OUT"

# Pieces carry their own seeds, so that a piece can be made again alone.
pieces=$(((pairs + piece_pairs - 1) / piece_pairs))
piece=0
while [ "$piece" -lt "$pieces" ]; do
    left=$((pairs - piece * piece_pairs))
    echo "$((left < piece_pairs ? left : piece_pairs)) $((seed * 1000 + piece))"
    piece=$((piece + 1))
done | xargs -P "$processes" -L 1 sh -c '
    "$GENERATE" "$0" "$1" >"$OUT/$1.pairs" &&
        python3 "$LABEL" "$MODEL" <"$OUT/$1.pairs" >"$OUT/$1.jsonl" &&
        rm "$OUT/$1.pairs"
'

echo "the reference matcher of the tests against the model:"
"$GENERATE" check "$OUT"/*.jsonl
echo "ruleproof against the model:"
cargo run --release --quiet -- conform "$OUT"/*.jsonl
