//! Broken and hostile input, through the program: it says what is wrong and where, judges everything around it,
//! and the numbers add up (`read = delivered + unmatched + errored` is checked by every use of `counts`).

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]
// The helpers serve `tests/cli.rs` too, which uses all of them.
#![allow(dead_code, reason = "not every helper is used here")]

#[path = "bad_input/compressed.rs"]
mod compressed;
#[path = "bad_input/documents.rs"]
mod documents;
#[path = "bad_input/files.rs"]
mod files;
#[path = "bad_input/patterns.rs"]
mod patterns;
#[path = "bad_input/replayed.rs"]
mod replayed;
#[path = "cli/session.rs"]
mod session;
#[path = "bad_input/size.rs"]
mod size;
