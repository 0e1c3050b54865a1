//! Files in a directory of their own, and short forms of what came of loading them.

use std::path::Path;

use ruleproof::rules::{LoadedRules, Parameters, Rule, load};
use tempfile::TempDir;

pub(crate) struct Files(TempDir);

impl Files {
    pub(crate) fn new() -> Files {
        Files(tempfile::tempdir().expect("a temporary directory"))
    }

    pub(crate) fn with(self, name: &str, content: impl AsRef<[u8]>) -> Files {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().expect("inside")).expect("a directory");
        std::fs::write(path, content).expect("a file");
        self
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Loads the named files, or the whole directory if there are none.
    pub(crate) fn load(&self, names: &[&str], parameters: &[&str]) -> LoadedRules {
        let spec = |name: &&str| self.path().join(name).display().to_string();
        let mut specs: Vec<String> = names.iter().map(spec).collect();
        if specs.is_empty() {
            specs.push(self.path().display().to_string());
        }
        load(&specs, &given(parameters))
    }
}

pub(crate) fn given(parameters: &[&str]) -> Parameters {
    Parameters::parse(parameters).expect("NAME=VALUE")
}

/// Loads one file that is written here.
pub(crate) fn load_text(name: &str, content: &str, parameters: &[&str]) -> LoadedRules {
    Files::new().with(name, content).load(&[name], parameters)
}

/// Loads files of `tests/rules/data`.
pub(crate) fn load_data(names: &[&str], parameters: &[&str]) -> LoadedRules {
    let specs: Vec<String> = names.iter().map(|name| format!("tests/rules/data/{name}")).collect();
    load(&specs, &given(parameters))
}

/// `line:column rule: problem`, without the file.
pub(crate) fn problems(loaded: &LoadedRules) -> Vec<String> {
    loaded
        .problems
        .iter()
        .map(|problem| {
            let place = problem.place.map(|place| format!("{place} ")).unwrap_or_default();
            let rule = problem.rule.as_ref().map(|rule| format!("{rule}: ")).unwrap_or_default();
            format!("{place}{rule}{}", problem.kind)
        })
        .collect()
}

/// `line:column note`, without the file.
pub(crate) fn notes(loaded: &LoadedRules) -> Vec<String> {
    let place =
        |place: Option<ruleproof::json::Place>| place.map(|place| format!("{place} ")).unwrap_or_default();
    loaded.notes.iter().map(|note| format!("{}{}", place(note.place), note.kind)).collect()
}

/// The only rule of a source without problems.
pub(crate) fn only(loaded: &LoadedRules) -> &Rule {
    assert_eq!(problems(loaded), Vec::<String>::new());
    assert_eq!(loaded.rules.len(), 1, "{:?}", loaded.rules);
    &loaded.rules[0]
}

/// The pattern of a rule as text.
pub(crate) fn pattern(rule: &Rule) -> &str {
    rule.trigger.pattern().map_or("", |pattern| pattern.json())
}

/// What two forms of one rule have in common.
pub(crate) fn essence(loaded: &LoadedRules) -> Vec<String> {
    let targets = |rule: &Rule| {
        let target = |target: &ruleproof::rules::Target| {
            let inputs: Vec<String> = target.inputs.iter().map(input_essence).collect();
            format!(
                "{} {} {inputs:?} {:?} {:?}",
                target.id.written(),
                target.arn.written(),
                target.retry_policy,
                target.dead_letter_arn.as_ref().map(|arn| arn.written().to_owned())
            )
        };
        rule.targets.iter().map(target).collect::<Vec<_>>()
    };
    let essence = |rule: &Rule| {
        format!(
            "{} {} {} {} {:?} {:?}",
            rule.name,
            rule.bus,
            rule.state,
            pattern(rule),
            rule.trigger.schedule(),
            targets(rule)
        )
    };
    loaded.rules.iter().map(essence).collect()
}

pub(crate) fn input_essence(input: &ruleproof::rules::TargetInput) -> String {
    use ruleproof::rules::TargetInput;
    let text = |text: &ruleproof::rules::Resolved<ruleproof::rules::LocatedText>| match text {
        ruleproof::rules::Resolved::Known(text) => text.as_str().to_owned(),
        ruleproof::rules::Resolved::Unknown(unknown) => unknown.written.clone(),
    };
    match input {
        TargetInput::Input(input) => format!("Input {}", text(input)),
        TargetInput::InputPath(path) => format!("InputPath {}", text(path)),
        TargetInput::Transformer(transformer) => {
            let paths = transformer.paths.as_ref().map(|paths| {
                paths.iter().map(|entry| format!("{}={}", entry.name, text(&entry.path))).collect::<Vec<_>>()
            });
            format!("Transformer {paths:?} {:?}", transformer.template.as_ref().map(text))
        }
    }
}
