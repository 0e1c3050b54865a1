# The daily verbs. `just check` is the one that counts; CI runs it through .ci/run.

# Everything that must pass before a change lands
check:
    cargo fmt --check
    cargo clippy --all-targets --features aws -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --features aws --quiet
    cargo test --features aws

# Times the matcher and the transformer; checks their counts first
bench:
    cargo bench

# The differential run against the reference model: pairs, seed
differential pairs="1000000" seed="1":
    load-tests/differential/run.sh {{pairs}} {{seed}}

# The differential run of target inputs: cases, seed
differential-targets cases="300000" seed="1":
    load-tests/differential/run-target-inputs.sh {{cases}} {{seed}}

# Memory of a small and of a large stream
memory:
    load-tests/memory.sh

# A sample beside a producer that must not be slowed (needs the workloads, two cores and Linux)
sample-load:
    cargo build --release --bin ruleproof --example sample_load
    taskset -c 1 target/release/examples/sample_load target/release/ruleproof

# Licences and advisories of the dependencies (needs cargo-deny)
deny:
    cargo deny check

# Fuzzes each target for so many seconds (needs cargo-fuzz and a nightly toolchain)
fuzz seconds="600":
    tests/fuzz/run.sh {{seconds}}
