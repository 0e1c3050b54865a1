//! `ruleproof.toml`: what to run when the command line does not say.

mod metrics;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use thiserror::Error;

pub use metrics::MetricsConfig;
use metrics::{WrittenAlarm, WrittenMetrics};

use crate::rules::is_live;

/// The name of the configuration file.
pub const FILE_NAME: &str = "ruleproof.toml";

/// A configuration file. Its paths are relative to its folder and have been resolved.
#[derive(Debug, Clone, Default, PartialEq)]
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
    /// Who is told what a run counts.
    pub metrics: MetricsConfig,
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
    #[serde(default)]
    metrics: WrittenMetrics,
    #[serde(default, rename = "alarm")]
    alarms: Vec<WrittenAlarm>,
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
        let invalid = |message| ConfigError::Invalid { path: path.to_owned(), message };
        let written: Written = toml::from_str(&text).map_err(|error| invalid(error.to_string()))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let metrics = MetricsConfig::read(written.metrics, written.alarms, &text, folder).map_err(invalid)?;
        let resolve = |paths: Vec<String>| paths.iter().map(|path| resolved(folder, path)).collect();
        Ok(Config {
            rules: resolve(written.rules),
            events: resolve(written.events),
            parameters: written.parameters,
            lint_allow: written.lint.allow,
            metrics,
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

    #[test]
    fn metrics_and_alarms_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        let text = "[metrics]\nlisten = \"9464\"\nemf = \"m.log\"\ninterval = \"30s\"\nseries-max = 500\n\
                    [[alarm]]\nname = \"errors\"\nrule = \"errored > 1% for 5m\"\n[[alarm]]\nrule = \"lag > 1m\"\n";
        std::fs::write(&path, text).unwrap();
        let metrics = Config::read(&path).unwrap().metrics;
        assert_eq!(metrics.listen.unwrap().0.to_string(), "127.0.0.1:9464");
        assert_eq!(metrics.emf, Some(folder.path().join("m.log")));
        assert_eq!(metrics.interval.unwrap().duration().as_secs(), 30);
        assert_eq!(metrics.series_max.unwrap().lines(), 500);
        let names: Vec<&str> = metrics.alarms.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["errors", "lag > 1m"]);
    }

    #[test]
    fn all_that_is_wrong_with_metrics_is_said_with_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        let text = "[metrics]\nlisten = \"here\"\nseries-max = 3\n[[alarm]]\nrule = \"erored > 1%\"\n";
        std::fs::write(&path, text).unwrap();
        let message = Config::read(&path).unwrap_err().to_string();
        for says in [
            "line 2, column 10: `here`",
            "line 3, column 14: `3`",
            "line 5, column 8: `erored > 1%`: column 1",
        ] {
            assert!(message.contains(says), "{says}: {message}");
        }
    }
}
