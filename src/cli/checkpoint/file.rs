//! The file.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::identity::Identity;
use crate::replay::ReplayState;

/// The version of the file's shape. A program reads its own only.
const VERSION: u32 = 1;

/// A checkpoint as it was read.
#[derive(Debug, Deserialize)]
pub(super) struct Saved {
    pub(super) run: Identity,
    pub(super) state: ReplayState,
}

#[derive(Deserialize)]
struct Versioned {
    ruleproof_checkpoint: u32,
}

/// A checkpoint as it is written. The run stays the same, so its text is made once.
#[derive(Serialize)]
struct Written<'s> {
    ruleproof_checkpoint: u32,
    program: &'static str,
    run: &'s RawValue,
    state: &'s ReplayState,
}

/// Reads a checkpoint.
///
/// # Errors
/// What is wrong with it, without its name.
pub(super) fn read(path: &Path) -> Result<Saved, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("cannot be read: {error}"))?;
    let version: Versioned =
        serde_json::from_str(&text).map_err(|_| "is no checkpoint of a replay".to_owned())?;
    if version.ruleproof_checkpoint != VERSION {
        let found = version.ruleproof_checkpoint;
        return Err(format!(
            "is a checkpoint of version {found}, and this program knows version {VERSION} only; go on with the \
             program that wrote it"
        ));
    }
    serde_json::from_str(&text).map_err(|error| format!("is no whole checkpoint: {error}"))
}

/// Replaces checkpoints.
#[derive(Debug)]
pub(super) struct Writer {
    path: PathBuf,
    /// Beside it, so that a rename is enough.
    beside: PathBuf,
    run: Box<RawValue>,
}

impl Writer {
    pub(super) fn new(path: &Path, run: &Identity) -> io::Result<Writer> {
        let mut beside = path.as_os_str().to_owned();
        beside.push(".new");
        let run = serde_json::value::to_raw_value(run).map_err(io::Error::from)?;
        Ok(Writer { path: path.to_owned(), beside: beside.into(), run })
    }

    /// Looks whether checkpoints can be written here.
    pub(super) fn check(&self) -> io::Result<()> {
        let made = File::create(&self.beside).and_then(|_| fs::remove_file(&self.beside));
        made.map_err(|error| self.named(&error))
    }

    /// Once this returns, the checkpoint survives a crash of the machine. Until then there is the one before.
    pub(super) fn replace(&self, state: &ReplayState) -> io::Result<()> {
        let program = env!("CARGO_PKG_VERSION");
        let written = Written { ruleproof_checkpoint: VERSION, program, run: &self.run, state };
        self.write(&serde_json::to_vec(&written)?).map_err(|error| self.named(&error))
    }

    fn named(&self, error: &io::Error) -> io::Error {
        io::Error::new(error.kind(), format!("{} cannot be written: {error}", self.path.display()))
    }

    fn write(&self, text: &[u8]) -> io::Result<()> {
        let mut file = File::create(&self.beside)?;
        file.write_all(text)?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        fs::rename(&self.beside, &self.path)?;
        // The rename itself is an entry of the folder. Where folders cannot be synced, it is as durable as can be.
        #[cfg(unix)]
        if let Some(folder) = self.path.parent() {
            let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }
}
