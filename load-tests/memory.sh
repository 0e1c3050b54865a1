#!/usr/bin/env bash
# Peak memory of `ruleproof replay` on a small and on a large stream of the shipped events: through a pipe, from
# a file, and from a gzip file. Fails where small and large differ by more than 10 %.
#
# Usage: load-tests/memory.sh [SMALL_MB [LARGE_MB]]    (20 and 2000 unless told; Linux only, for /proc)
# The gzip file holds a quarter of LARGE_MB, since packing takes longer than replaying.
set -euo pipefail
cd "$(dirname "$0")/.."

small_mb=${1:-20}
large_mb=${2:-2000}
difference_percent_max=10
# Fixed, because memory grows with the batches in flight, and these with the threads.
threads=2

cargo build --release --locked --quiet
ruleproof=target/release/ruleproof
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Every event of the sample has this version, so that all of them come out, one per line.
"$ruleproof" match --pattern '{"version": ["0"]}' rules/events > "$folder/sample"
sample_bytes=$(stat -c %s "$folder/sample")

# Writes about $1 MB of whole events: the sample over and over.
stream() {
    local rest=$(($1 * 1000 * 1000))
    while ((rest >= sample_bytes)); do
        cat "$folder/sample"
        rest=$((rest - sample_bytes))
    done
    # The last line may be cut.
    head -c "$rest" "$folder/sample" | sed '$d'
}

# Reads the peak of process $1 from /proc until it ends; leaves it in peak_kb.
watch_peak() {
    local key value unit
    peak_kb=0
    while kill -0 "$1" 2> /dev/null; do
        while read -r key value unit; do
            if [[ $key == VmHWM: ]]; then peak_kb=$value; fi
        done 2> /dev/null < "/proc/$1/status" || true
        read -r -t 0.005 <> <(:) || true
    done
}

# Replays source $2, called $1 in the report; leaves the peak in peak_kb.
measure() {
    "$ruleproof" replay --rules rules --events "$2" --threads "$threads" --format json \
        < "${3:-/dev/null}" > "$folder/summary" 2> /dev/null &
    local pid=$!
    watch_peak "$pid"
    wait "$pid"
    awk -v name="$1" -v kb="$peak_kb" '{
        match($0, /"read":[0-9]+/); read = substr($0, RSTART + 7, RLENGTH - 7)
        match($0, /"errored":[0-9]+/); errored = substr($0, RSTART + 10, RLENGTH - 10)
        match($0, /"bytes":[0-9]+/); bytes = substr($0, RSTART + 8, RLENGTH - 8)
        match($0, /"elapsed_s":[0-9.e-]+/); elapsed = substr($0, RSTART + 12, RLENGTH - 12)
        printf "| %s | %.1f | %d | %.2f | %.1f |\n", name, bytes / 1e6, read, elapsed, kb / 1024
        exit errored > 0
    }' "$folder/summary"
}

# Through a pipe that stays open for a moment when all is written, so that the last peak is seen.
measure_pipe() {
    rm -f "$folder/pipe"
    mkfifo "$folder/pipe"
    { stream "$2"; sleep 0.5; } > "$folder/pipe" &
    measure "$1" - "$folder/pipe"
    wait
}

status=0
compare() {
    awk -v name="$1" -v small="$2" -v large="$3" -v max="$difference_percent_max" 'BEGIN {
        difference = (large - small) * 100 / small
        verdict = difference > max || -difference > max ? "FAIL" : "ok"
        printf "%s: %+.1f %% from small to large, %s\n", name, difference, verdict
        exit verdict == "FAIL"
    }' >> "$folder/verdicts" || status=1
}

echo "| source | MB of events | events | seconds | peak MiB |"
echo "| --- | --- | --- | --- | --- |"
measure_pipe "pipe, small" "$small_mb"
small_kb=$peak_kb
measure_pipe "pipe, large" "$large_mb"
compare pipe "$small_kb" "$peak_kb"

for kind in file gzip; do
    mb=$large_mb
    pack=cat
    if [[ $kind == gzip ]]; then
        mb=$((large_mb / 4))
        pack='gzip -1'
    fi
    stream "$small_mb" | $pack > "$folder/events"
    measure "$kind, small" "$folder/events"
    small_kb=$peak_kb
    stream "$mb" | $pack > "$folder/events"
    measure "$kind, large" "$folder/events"
    compare "$kind" "$small_kb" "$peak_kb"
done

echo
cat "$folder/verdicts"
exit "$status"
