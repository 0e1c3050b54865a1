//! The `ruleproof` command.
fn main() {}
