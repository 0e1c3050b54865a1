//! Names of files as tools for repositories want them.

use std::path::{Component, Path, PathBuf};

/// The folder from which a repository's files are named, and the one in which the program runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRoot {
    /// The folder of the repository.
    pub root: PathBuf,
    /// The folder that relative names start from.
    pub current: PathBuf,
}

impl SourceRoot {
    /// The name of `file` from the root, with `/` between its steps; `None` if it lies elsewhere.
    pub fn relative(&self, file: &Path) -> Option<String> {
        let absolute = self.absolute(file);
        let below = absolute.strip_prefix(&self.root).ok()?;
        let steps: Vec<String> = below.iter().map(|step| step.to_string_lossy().into_owned()).collect();
        (!steps.is_empty()).then(|| steps.join("/"))
    }

    /// The name from the root of the file system, without `.` and `..`. Links are not followed: the file need not exist.
    pub fn absolute(&self, file: &Path) -> PathBuf {
        let mut absolute = PathBuf::new();
        for step in self.current.join(file).components() {
            match step {
                Component::CurDir => {}
                Component::ParentDir => {
                    absolute.pop();
                }
                Component::Prefix(_) | Component::RootDir | Component::Normal(_) => absolute.push(step),
            }
        }
        absolute
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_from_the_root() {
        let root = SourceRoot { root: "/repo".into(), current: "/repo/infra".into() };
        let relative = |file: &str| root.relative(Path::new(file));
        assert_eq!(relative("template.yaml").as_deref(), Some("infra/template.yaml"));
        assert_eq!(relative("../rules/./a b.json").as_deref(), Some("rules/a b.json"));
        assert_eq!(relative("/repo/x/y.yaml").as_deref(), Some("x/y.yaml"));
        assert_eq!(relative("/elsewhere/y.yaml"), None);
        assert_eq!(relative("../../y.yaml"), None);
        assert_eq!(relative(".."), None);
    }
}
