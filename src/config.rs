//! `ruleproof.toml`: what to run when the command line does not say.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use thiserror::Error;

use crate::rules::is_live;

/// The name of the configuration file.
pub const FILE_NAME: &str = "ruleproof.toml";

/// A configuration file. Its paths are relative to its folder and have been resolved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    /// The file.
    pub path: PathBuf,
    /// Rule sources.
    pub rules: Vec<String>,
    /// Event sources.
    pub events: Vec<String>,
    /// Template parameters, `NAME = "value"`.
    pub parameters: BTreeMap<String, String>,
    /// Codes of findings that `lint` leaves out, `[lint] allow = [...]`.
    pub lint_allow: Vec<String>,
}

/// Why a configuration file cannot be used.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// It cannot be read.
    #[error("{}: {error}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// It is not what a configuration is.
    #[error("{}: {message}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong, with its place.
        message: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    rules: Vec<String>,
    #[serde(default)]
    events: Vec<String>,
    #[serde(default)]
    parameters: BTreeMap<String, String>,
    #[serde(default)]
    lint: WrittenLint,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct WrittenLint {
    #[serde(default)]
    allow: Vec<String>,
}

impl Config {
    /// Reads the nearest configuration: in `start` or the closest folder above it that has one.
    ///
    /// # Errors
    /// There is one, and it cannot be used.
    pub fn nearest(start: &Path) -> Result<Option<Config>, ConfigError> {
        let found = start.ancestors().map(|folder| folder.join(FILE_NAME)).find(|path| path.is_file());
        found.map(|path| Config::read(&path)).transpose()
    }

    /// Reads a configuration file.
    ///
    /// # Errors
    /// It cannot be read, or is not valid.
    pub fn read(path: &Path) -> Result<Config, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| ConfigError::Unreadable { path: path.to_owned(), error })?;
        let written: Written = toml::from_str(&text)
            .map_err(|error| ConfigError::Invalid { path: path.to_owned(), message: error.to_string() })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let resolve = |paths: Vec<String>| paths.iter().map(|path| resolved(folder, path)).collect();
        Ok(Config {
            rules: resolve(written.rules),
            events: resolve(written.events),
            parameters: written.parameters,
            lint_allow: written.lint.allow,
            path: path.to_owned(),
        })
    }
}

fn resolved(folder: &Path, path: &str) -> String {
    match path {
        "-" => path.to_owned(),
        // A revision knows its own top folder.
        _ if path.starts_with("git:") => path.to_owned(),
        _ if is_live(path) => path.to_owned(),
        _ => folder.join(path).to_string_lossy().into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_file_above_is_found_and_its_paths_are_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let below = folder.path().join("a/b");
        std::fs::create_dir_all(&below).unwrap();
        std::fs::write(
            folder.path().join(FILE_NAME),
            "rules = [\"r\"]\nevents = [\"-\"]\n[parameters]\nStage = \"dev\"\n",
        )
        .unwrap();
        let config = Config::nearest(&below).unwrap().unwrap();
        assert_eq!(config.rules, [folder.path().join("r").to_string_lossy()]);
        assert_eq!(config.events, ["-"]);
        assert_eq!(config.parameters["Stage"], "dev");
    }

    #[test]
    fn an_unknown_key_is_an_error_that_names_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        std::fs::write(&path, "rules = []\nevent = []\n").unwrap();
        let message = Config::read(&path).unwrap_err().to_string();
        assert!(message.contains("line 2") && message.contains("event"), "{message}");
    }
}
