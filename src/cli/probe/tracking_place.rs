//! Where runs are written down, as it is typed.

use std::fmt;
use std::path::PathBuf;

/// Where runs are written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TrackingPlace {
    /// A file on this machine.
    File(PathBuf),
    /// A table of DynamoDB, by its name.
    Table(String),
}

const TABLE: &str = "dynamodb://";

impl TrackingPlace {
    /// The name in `dynamodb://TABLE`, where there is nothing to do for a file.
    pub(super) fn parse_table(text: &str) -> Result<String, String> {
        match TrackingPlace::parse(text)? {
            TrackingPlace::Table(table) => Ok(table),
            TrackingPlace::File(_) => Err(
                "only a table like dynamodb://runs has to be made and removed; files are made by `probe run`"
                    .to_owned(),
            ),
        }
    }

    /// `dynamodb://TABLE`, or a path.
    pub(super) fn parse(text: &str) -> Result<TrackingPlace, String> {
        match text.strip_prefix(TABLE) {
            Some("") => Err("a table is named like dynamodb://runs".to_owned()),
            Some(table) => Ok(TrackingPlace::Table(table.to_owned())),
            None => Ok(TrackingPlace::File(PathBuf::from(text))),
        }
    }
}

impl fmt::Display for TrackingPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TrackingPlace::File(path) => path.display().fmt(f),
            TrackingPlace::Table(table) => write!(f, "{TABLE}{table}"),
        }
    }
}
