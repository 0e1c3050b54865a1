//! The container file, read as far as that is possible without building it.

use std::path::Path;

use crate::files::read;

fn instructions(text: &str) -> Vec<(String, String)> {
    text.replace("\\\n", " ")
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| line.split_once(' ').unwrap())
        .map(|(name, rest)| (name.to_owned(), rest.trim().to_owned()))
        .collect()
}

#[test]
fn the_container_is_one_binary_and_not_root() {
    let instructions = instructions(&read("Containerfile"));
    let last_stage = instructions.iter().rposition(|(name, _)| name == "FROM").unwrap();
    let (build, last) = instructions.split_at(last_stage);
    assert_eq!(last[0].1, "scratch");
    let user = &last.iter().find(|(name, _)| name == "USER").unwrap().1;
    assert!(user.split(':').all(|id| id.parse::<u32>().is_ok_and(|id| id > 0)), "{user}");
    assert!(last.iter().all(|(name, _)| name != "RUN"));
    assert!(last.iter().any(|(name, rest)| name == "ENTRYPOINT" && rest == r#"["/ruleproof"]"#));
    assert!(build.iter().any(|(_, rest)| rest.contains("--features aws") && rest.contains("--locked")));
}

#[test]
fn everything_that_is_copied_is_there_and_is_sent_along() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sent = std::fs::read_to_string(repository.join(".dockerignore")).unwrap();
    let sources: Vec<String> = instructions(&read("Containerfile"))
        .into_iter()
        .filter(|(name, rest)| name == "COPY" && !rest.starts_with("--from"))
        .flat_map(|(_, rest)| {
            let paths: Vec<String> = rest.split_whitespace().map(str::to_owned).collect();
            paths[..paths.len() - 1].to_vec()
        })
        .collect();
    assert!(sources.len() >= 4, "{sources:?}");
    for source in &sources {
        assert!(repository.join(source).exists(), "{source}");
        assert!(sent.lines().any(|line| line == format!("!{source}")), "{source} is not sent to the builder");
    }
    // Files that Cargo.toml names have to be among them.
    let manifest = std::fs::read_to_string(repository.join("Cargo.toml")).unwrap();
    for path in manifest.lines().filter_map(|line| line.strip_prefix("path = \"")) {
        let folder = path.split('/').next().unwrap();
        assert!(sources.iter().any(|source| source == folder), "{path}");
    }
}
