//! The syntax of `git:REVISION:PATH`.

use std::path::Path;

use super::GitProblem;

const PREFIX: &str = "git:";

/// Whether an argument names a revision. A file whose name begins so is given as `./git:...`.
pub(in crate::rules) fn is_spec(spec: &str) -> bool {
    spec.starts_with(PREFIX)
}

/// The same source as `spec`, which stands in a file in `folder`: a path that begins with `./` or `../` begins there,
/// any other at the top of the repository. `None` if it names no revision.
pub fn revision_beside(folder: &Path, spec: &str) -> Option<String> {
    let (revision, path) = parse(spec).ok()?;
    let is_relative = path == "." || path == ".." || path.starts_with("./") || path.starts_with("../");
    if !is_relative {
        return Some(spec.to_owned());
    }
    // Git's paths begin at the current directory.
    let current = std::env::current_dir().unwrap_or_default();
    let folder = folder.strip_prefix(current).unwrap_or(folder);
    let path = Path::new(".").join(folder).join(path).to_string_lossy().into_owned();
    Some(display(revision, &path))
}

/// The revision and the path. A colon inside braces belongs to the revision: `HEAD^{/fix: all}`.
pub(super) fn parse(spec: &str) -> Result<(&str, &str), GitProblem> {
    let rest = spec.strip_prefix(PREFIX).ok_or(GitProblem::Form)?;
    let mut depth = 0_usize;
    for (at, byte) in rest.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b':' if depth == 0 && at > 0 => return Ok((&rest[..at], &rest[at + 1..])),
            _ => {}
        }
    }
    Err(GitProblem::Form)
}

/// How a file of a revision is called, in messages and as an argument.
pub(super) fn display(revision: &str, path: &str) -> String {
    format!("{PREFIX}{revision}:{path}")
}

/// The folder of a source file and its name in there. Paths of revisions have a colon before the top folder.
pub(in crate::rules) fn folder_and_name(path: &Path) -> (String, String) {
    let text = path.to_string_lossy();
    if is_spec(&text) {
        let at = text.rfind(['/', ':']).unwrap_or(0);
        return (text[..=at].to_owned(), text[at + 1..].to_owned());
    }
    let lossy = |part: &std::ffi::OsStr| part.to_string_lossy().into_owned();
    (
        path.parent().map(|parent| lossy(parent.as_os_str())).unwrap_or_default(),
        path.file_name().map(lossy).unwrap_or_default(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specs_come_apart_at_the_first_colon_outside_braces() {
        assert_eq!(parse("git:main:a/b.yaml"), Ok(("main", "a/b.yaml")));
        assert_eq!(parse("git:HEAD^{/fix: x}:a:b"), Ok(("HEAD^{/fix: x}", "a:b")));
        assert_eq!(parse("git:v1:"), Ok(("v1", "")));
        for spec in ["git:main", "git::a", "git:", "main:a"] {
            assert_eq!(parse(spec), Err(GitProblem::Form), "{spec}");
        }
    }

    #[test]
    fn relative_paths_begin_at_the_file_that_names_them() {
        let beside = |folder: &str, spec: &str| revision_beside(Path::new(folder), spec);
        assert_eq!(beside("a/b", "git:main:./x.yaml").as_deref(), Some("git:main:./a/b/./x.yaml"));
        assert_eq!(beside("a/b", "git:main:../x.yaml").as_deref(), Some("git:main:./a/b/../x.yaml"));
        assert_eq!(beside("a/b", "git:main:x.yaml").as_deref(), Some("git:main:x.yaml"));
        assert_eq!(beside("", "git:main:.").as_deref(), Some("git:main:./."));
        let here = std::env::current_dir().unwrap().join("a");
        assert_eq!(revision_beside(&here, "git:main:./x").as_deref(), Some("git:main:./a/./x"));
        assert_eq!(beside("a", "x.yaml"), None);
    }

    #[test]
    fn folders_of_revisions_end_at_their_colon() {
        let parts = |path: &str| folder_and_name(Path::new(path));
        assert_eq!(parts("git:origin/main:x.json"), ("git:origin/main:".to_owned(), "x.json".to_owned()));
        assert_eq!(parts("git:main:a/x.json"), ("git:main:a/".to_owned(), "x.json".to_owned()));
        assert_eq!(parts("a/x.json"), ("a".to_owned(), "x.json".to_owned()));
        assert_eq!(parts("x.json"), (String::new(), "x.json".to_owned()));
    }
}
