//! Which files the arguments of a user name.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::git::{self, GitFile, Held};
use super::live::{self, LiveBus};
use super::problem::RuleProblemKind;

/// A file to look into.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FoundFile {
    pub(super) path: PathBuf,
    pub(super) named: Named,
    pub(super) content: Content,
    /// Which arguments led to it, by index.
    pub(super) specs: Vec<usize>,
}

/// Where the content of a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    OnDisk,
    /// In a revision, as the object of this name.
    InGit {
        object: String,
    },
    /// On a bus.
    Live(LiveBus),
}

/// Whether a file has to hold rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    /// The user named it.
    Directly,
    /// It lies in a directory or matches a glob.
    ByOthers,
}

/// The files that `specs` lead to, each once, and the arguments that lead nowhere.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) files: Vec<FoundFile>,
    pub(super) problems: Vec<(PathBuf, RuleProblemKind)>,
    by_canonical_path: BTreeMap<PathBuf, usize>,
}

/// Follows files, directories and globs, in the order of `specs`, directories sorted by name.
pub(super) fn find(specs: &[String]) -> Found {
    let mut found = Found::default();
    for (index, spec) in specs.iter().enumerate() {
        let path = Path::new(spec);
        if git::is_spec(spec) {
            found.revision(spec, index);
        } else if live::is_live(spec) {
            match live::parse(spec) {
                Ok(bus) => {
                    found.add(path.to_owned(), path.to_owned(), Named::Directly, Content::Live(bus), index)
                }
                Err(problem) => found.problems.push((path.to_owned(), RuleProblemKind::Live(problem))),
            }
        } else if path.is_dir() {
            found.directory(path, index, &mut BTreeSet::new());
        } else if path.exists() {
            found.file(path.to_owned(), Named::Directly, index);
        } else if spec.contains(['*', '?', '[']) {
            found.glob(spec, index);
        } else {
            found.problems.push((path.to_owned(), RuleProblemKind::NotFound));
        }
    }
    found
}

impl Found {
    /// The files of `git:REVISION:PATH`.
    fn revision(&mut self, spec: &str, index: usize) {
        match git::find(spec) {
            Ok(files) => {
                for GitFile { display, object, held } in files {
                    let named = match held {
                        Held::Itself => Named::Directly,
                        Held::AmongOthers => Named::ByOthers,
                    };
                    let path = PathBuf::from(display);
                    self.add(path.clone(), path, named, Content::InGit { object }, index);
                }
            }
            Err(problem) => self.problems.push((spec.into(), RuleProblemKind::Git(problem))),
        }
    }

    fn file(&mut self, path: PathBuf, named: Named, spec: usize) {
        let canonical = path.canonicalize().unwrap_or_else(|_| path.clone());
        self.add(canonical, path, named, Content::OnDisk, spec);
    }

    fn add(&mut self, canonical: PathBuf, path: PathBuf, named: Named, content: Content, spec: usize) {
        let index = *self.by_canonical_path.entry(canonical).or_insert(self.files.len());
        match self.files.get_mut(index) {
            Some(file) => {
                file.specs.push(spec);
                if named == Named::Directly {
                    file.named = Named::Directly;
                }
            }
            None => self.files.push(FoundFile { path, named, content, specs: vec![spec] }),
        }
    }

    /// `above` holds the directories on the way here, since links may lead back up.
    fn directory(&mut self, path: &Path, spec: usize, above: &mut BTreeSet<PathBuf>) {
        let canonical = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        if !above.insert(canonical.clone()) {
            return;
        }
        match sorted_entries(path) {
            Ok(entries) => {
                for entry in entries {
                    if entry.is_dir() {
                        self.directory(&entry, spec, above);
                    } else if entry.is_file() {
                        self.file(entry, Named::ByOthers, spec);
                    }
                }
            }
            Err(error) => {
                let message = error.to_string();
                self.problems.push((path.to_owned(), RuleProblemKind::Unreadable { message }));
            }
        }
        above.remove(&canonical);
    }

    fn glob(&mut self, pattern: &str, spec: usize) {
        let paths = match glob::glob(pattern) {
            Ok(paths) => paths,
            Err(error) => {
                let message = error.msg.to_owned();
                self.problems.push((pattern.into(), RuleProblemKind::BadGlob { message }));
                return;
            }
        };
        let files_before = self.files.len();
        let mut matched = false;
        for path in paths {
            match path {
                Ok(path) if path.is_dir() => {}
                Ok(path) => {
                    matched = true;
                    self.file(path, Named::ByOthers, spec);
                }
                Err(error) => {
                    let message = error.error().to_string();
                    self.problems.push((error.path().to_owned(), RuleProblemKind::Unreadable { message }));
                }
            }
        }
        if !matched && self.files.len() == files_before {
            self.problems.push((pattern.into(), RuleProblemKind::NothingMatches));
        }
    }
}

fn sorted_entries(directory: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(directory)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    entries.retain(|entry| !is_passed_over(entry));
    entries.sort();
    Ok(entries)
}

fn is_passed_over(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.') || name == "node_modules"
}
