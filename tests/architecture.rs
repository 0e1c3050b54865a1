//! Keeps the direction of imports between modules, and IO out of the pure ones.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::fs;
use std::path::{Path, PathBuf};

/// A module may name itself and the ones before it.
const ORDER: [&str; 28] = [
    "json",
    "event",
    "pattern",
    "transform",
    "matcher",
    "verdict",
    "analysis",
    "sampling",
    "document",
    "rules",
    "findings",
    "lint",
    "sources",
    "tracking",
    "calls",
    "telemetry",
    "report",
    "replay",
    "diff",
    "suite",
    "conform",
    "bench",
    "probe",
    "parity",
    "sample",
    "aws",
    "config",
    "cli",
];

/// The first modules of [`ORDER`] compute only.
const PURE: usize = 8;
const BANNED_IN_PURE: [&str; 9] = [
    "tokio",
    "async ",
    "std::fs",
    "std::net::Tcp",
    "std::net::Udp",
    "std::io",
    "std::env",
    "std::thread",
    "aws_sdk_",
];

/// Says which of `text`'s lines break the rules for the module at `module` in [`ORDER`].
fn offences(module: usize, text: &str) -> Vec<String> {
    let above = ORDER[module + 1..].iter().map(|name| format!("crate::{name}"));
    let impure = BANNED_IN_PURE.iter().filter(|_| module < PURE).map(|word| (*word).to_owned());
    // Grouped imports from the crate's root would hide which modules they name.
    let banned: Vec<String> = above.chain(impure).chain(["crate::{".to_owned()]).collect();
    text.lines()
        .take_while(|line| !line.contains("#[cfg(test)]"))
        .filter(|line| !line.trim_start().starts_with("//"))
        .filter(|line| banned.iter().any(|word| names(line, word)))
        .map(str::to_owned)
        .collect()
}

/// Whether `line` has `word`, not as the beginning of a longer name.
fn names(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let next = line[at + word.len()..].chars().next();
        !word.ends_with(|last: char| last.is_alphanumeric())
            || next.is_none_or(|c| !c.is_alphanumeric() && c != '_')
    })
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn source_files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    rust_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    files
}

/// The module that a file of `src/` belongs to; none for `lib.rs` and `main.rs`.
fn module_of(path: &Path) -> Option<String> {
    let inside = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
    let module = first.strip_suffix(".rs").unwrap_or(&first).to_owned();
    (module != "lib" && module != "main").then_some(module)
}

#[test]
fn imports_run_one_way_and_pure_modules_do_no_io() {
    let mut found = Vec::new();
    for path in source_files() {
        let Some(module) = module_of(&path) else { continue };
        let place = ORDER.iter().position(|name| *name == module);
        let place = place.unwrap_or_else(|| panic!("{} is in no known module", path.display()));
        let text = fs::read_to_string(&path).unwrap();
        found.extend(offences(place, &text).into_iter().map(|line| format!("{}: {line}", path.display())));
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn offences_are_seen() {
    assert_eq!(offences(0, "use crate::pattern::Pattern;").len(), 1);
    assert_eq!(offences(2, "use crate::json::Text;\n// crate::cli is above"), [""; 0]);
    assert_eq!(offences(8, "use crate::{json, cli};").len(), 1);
    assert_eq!(offences(4, "use std::fs;").len(), 1);
    assert_eq!(offences(8, "use std::fs;"), [""; 0]);
    assert_eq!(offences(5, "use crate::report::Summary;").len(), 1);
}

#[test]
fn only_one_module_names_the_sdks() {
    let outside: Vec<PathBuf> = source_files()
        .into_iter()
        .filter(|path| module_of(path).as_deref() != Some("aws"))
        .filter(|path| names_an_sdk(&fs::read_to_string(path).unwrap()))
        .collect();
    assert!(outside.is_empty(), "{outside:#?}");
    let connect = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/aws/connect.rs");
    assert!(names_an_sdk(&fs::read_to_string(connect).unwrap()));
}

/// Whether code names a crate whose name begins with `aws_`; Terraform's types in texts do so too.
fn names_an_sdk(text: &str) -> bool {
    let crates = ["aws_config", "aws_credential_types", "aws_sdk_", "aws_smithy_", "aws_types"];
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.into_iter().any(|line| crates.iter().any(|name| line.contains(name)))
}

#[test]
fn mod_files_hold_docs_and_re_exports_only() {
    for path in source_files().into_iter().filter(|path| path.ends_with("mod.rs")) {
        let text = fs::read_to_string(&path).unwrap();
        let logic = text.lines().find(|line| line.contains("fn ") && !line.trim_start().starts_with("//"));
        assert_eq!(logic, None, "{}", path.display());
    }
}
