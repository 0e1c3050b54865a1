#!/bin/sh
# Compares our bodies for generated target inputs with those of the Python reference model.
#
#   load-tests/differential/run-target-inputs.sh CASES SEED
#
# The model is looked for in ../shared/reference/model beside the repository; RULEPROOF_MODEL names another
# folder. The labelled cases stay in target/differential/targets-SEED.jsonl.
set -eu

cases=${1:?usage: run-target-inputs.sh CASES SEED}
seed=${2:?usage: run-target-inputs.sh CASES SEED}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
model=${RULEPROOF_MODEL:-$root/../shared/reference/model}

if [ ! -f "$model/transform.py" ]; then
    echo "error: no reference model at $model; set RULEPROOF_MODEL to the folder that holds transform.py" >&2
    exit 2
fi

cd "$root"
mkdir -p target/differential
labelled="target/differential/targets-$seed.jsonl"
cargo build --release --quiet --bin ruleproof --example generate_target_inputs
target/release/examples/generate_target_inputs "$cases" "$seed" |
    python3 "$here/label_target_inputs.py" "$model" >"$labelled"
# Cases whose outcome AWS never showed are listed one by one; only their number is of interest here.
target/release/ruleproof conform "$labelled" | grep -v ': not applicable: '
