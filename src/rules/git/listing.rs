//! The files of a revision that an argument names.

use std::path::Path;

use glob::{MatchOptions, Pattern};

use super::GitProblem;
use super::program::{Blobs, entries, prefix, tree_of};
use super::spec::{display, is_spec, parse};

/// A file of a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::rules) struct GitFile {
    /// `git:REVISION:PATH`, with the path from the top of the repository.
    pub(in crate::rules) display: String,
    /// The name of its content.
    pub(in crate::rules) object: String,
    pub(in crate::rules) held: Held,
}

/// How a file was named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rules) enum Held {
    /// By itself.
    Itself,
    /// As one of a folder or glob.
    AmongOthers,
}

/// As in directories: hidden files only if they are asked for.
const GLOB_OPTIONS: MatchOptions =
    MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: true };

/// The files that `git:REVISION:PATH` names: one file, all of a folder, or those that a glob matches.
pub(in crate::rules) fn find(spec: &str) -> Result<Vec<GitFile>, GitProblem> {
    let (revision, path) = parse(spec)?;
    let prefix = prefix()?;
    let listing = entries(&tree_of(revision)?)?;
    let path = from_the_top(path, &prefix);
    let missing = || GitProblem::MissingPath { path: path.clone().unwrap_or_else(|| spec.to_owned()) };
    let wanted = path.as_deref().ok_or_else(missing)?;
    let all: Vec<(String, String)> = listing
        .split(|byte| *byte == 0)
        .filter_map(|entry| file_of(&String::from_utf8_lossy(entry)))
        .collect();
    let chosen = chosen(&all, wanted);
    if chosen.is_empty() {
        return Err(missing());
    }
    let file = |(held, (object, path)): (Held, &(String, String))| GitFile {
        display: display(revision, path),
        object: object.clone(),
        held,
    };
    Ok(chosen.into_iter().map(file).collect())
}

/// The text of a file that was loaded from a revision, to show lines of it.
pub(in crate::rules) fn text_of(file: &Path) -> Option<String> {
    let spec = file.to_str().filter(|spec| is_spec(spec))?;
    let found = find(spec).ok()?;
    let [only] = &found[..] else { return None };
    let content = Blobs::default().read(&only.object, u64::MAX).ok()?;
    String::from_utf8(content).ok()
}

/// `MODE TYPE OBJECT<tab>PATH`: the object and the path of a file. Links and other repositories are no files.
fn file_of(entry: &str) -> Option<(String, String)> {
    let (about, path) = entry.split_once('\t')?;
    let mut about = about.split(' ');
    let (mode, _, object) = (about.next()?, about.next()?, about.next()?);
    mode.starts_with("100").then(|| (object.to_owned(), path.to_owned()))
}

fn chosen<'a>(all: &'a [(String, String)], wanted: &str) -> Vec<(Held, &'a (String, String))> {
    if let Some(file) = all.iter().find(|(_, path)| path == wanted) {
        return vec![(Held::Itself, file)];
    }
    let folder = if wanted.is_empty() { String::new() } else { format!("{wanted}/") };
    let inside = |path: &str| path.strip_prefix(&folder).is_some_and(|rest| !is_passed_over(rest));
    let mut files: Vec<_> = all.iter().filter(|(_, path)| inside(path)).collect();
    let in_folder = all.iter().any(|(_, path)| path.starts_with(&folder));
    if !in_folder && let Ok(pattern) = Pattern::new(wanted) {
        files = all.iter().filter(|(_, path)| pattern.matches_with(path, GLOB_OPTIONS)).collect();
    }
    files.into_iter().map(|file| (Held::AmongOthers, file)).collect()
}

/// As directories on disk are read.
fn is_passed_over(path: &str) -> bool {
    path.split('/').any(|name| name.starts_with('.') || name == "node_modules")
}

/// A path from the top of the repository; `./` and `../` begin at the current directory. `None` if it leads out.
fn from_the_top(path: &str, prefix: &str) -> Option<String> {
    let is_relative = path == "." || path == ".." || path.starts_with("./") || path.starts_with("../");
    let whole = if is_relative { format!("{prefix}{path}") } else { path.to_owned() };
    let mut steps: Vec<&str> = Vec::new();
    for step in whole.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop()?;
            }
            step => steps.push(step),
        }
    }
    Some(steps.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_begin_at_the_top_unless_they_begin_with_a_dot() {
        let from = |path| from_the_top(path, "infra/dev/");
        assert_eq!(from("a//b/").as_deref(), Some("a/b"));
        assert_eq!(from("./b").as_deref(), Some("infra/dev/b"));
        assert_eq!(from("../b").as_deref(), Some("infra/b"));
        assert_eq!(from("").as_deref(), Some(""));
        assert_eq!(from(".").as_deref(), Some("infra/dev"));
        assert_eq!(from("../../../b"), None);
    }

    #[test]
    fn files_folders_and_globs_are_found() {
        let paths = ["a.json", "r/.x/h.json", "r/b.yaml", "r/node_modules/m.json", "r/s/c.yaml"];
        let all: Vec<(String, String)> =
            paths.iter().map(|path| ("0".to_owned(), (*path).to_owned())).collect();
        let found = |wanted: &str| -> Vec<&str> {
            chosen(&all, wanted).into_iter().map(|(_, (_, path))| path.as_str()).collect()
        };
        assert_eq!(found("a.json"), ["a.json"]);
        assert_eq!(found("r"), ["r/b.yaml", "r/s/c.yaml"]);
        assert_eq!(found(""), ["a.json", "r/b.yaml", "r/s/c.yaml"]);
        assert_eq!(found("r/*.yaml"), ["r/b.yaml"]);
        assert_eq!(found("r/**/*.yaml"), ["r/b.yaml", "r/s/c.yaml"]);
        assert_eq!(found("r/[.yaml"), [""; 0]);
        assert_eq!(found("--upload-pack=x"), [""; 0]);
    }
}
