//! Opens the tracking store.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::sync::Arc;

use super::args::TrackingArgs;
use super::tracking_place::TrackingPlace;
use crate::aws::{Aws, DynamoDbStore};
use crate::cli::aws::{AwsArgs, connect, failed};
use crate::cli::exit::Exit;
use crate::cli::output::complain;
use crate::tracking::{EmbeddedStore, StoreError, StoreErrorKind, TrackingStore};

/// The default is not said again where a command is suggested.
const FILE_DEFAULT: &str = "ruleproof-tracking.db";

/// What is done with a store, whichever it is.
pub(super) trait WithStore {
    /// Does it.
    async fn with<S: TrackingStore + 'static>(self, store: Arc<S>, aws: Option<&Aws>)
    -> anyhow::Result<Exit>;
}

/// What the store is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A run that may be its first.
    Begin,
    /// A run that is in it.
    GoOn,
    /// To look at runs, which others may be working on.
    Look,
}

/// Opens the store and does `work` with it. Whoever writes runs has a file for itself.
pub(super) async fn with_store<W: WithStore>(
    args: &TrackingArgs,
    aws_args: &AwsArgs,
    purpose: Purpose,
    work: W,
) -> anyhow::Result<Exit> {
    let aws = match (&args.tracking, purpose) {
        // What is on this machine can be looked at by whoever has nothing to do with AWS.
        (TrackingPlace::File(_), Purpose::Look) => None,
        _ => match connect(aws_args).await {
            Ok(aws) => Some(aws),
            Err(error) => return Ok(failed(&error)),
        },
    };
    match (&args.tracking, &aws) {
        (TrackingPlace::Table(name), Some(aws)) => {
            match DynamoDbStore::open(aws.tracking_table(name, fastrand::u64(..))).await {
                Ok(store) => work.with(Arc::new(store), Some(aws)).await,
                Err(error) => Ok(refused_by_store(&error)),
            }
        }
        (TrackingPlace::File(path), _) => {
            if purpose != Purpose::Begin && !path.exists() {
                complain(&format!(
                    "tracking store, {}: there is no such file\n  hint: name the one of the run with --tracking",
                    path.display()
                ));
                return Ok(Exit::Unusable);
            }
            let is_new = !path.exists();
            // Let go after the store.
            let _held = match purpose {
                Purpose::Look => None,
                Purpose::Begin | Purpose::GoOn => match hold(path) {
                    Ok(held) => held,
                    Err(exit) => return Ok(exit),
                },
            };
            let store = match EmbeddedStore::open(path) {
                Ok(store) => Arc::new(store),
                Err(error) => return Ok(refused_by_store(&error)),
            };
            let exit = work.with(Arc::clone(&store), aws.as_ref()).await;
            if is_new && store.runs().await.is_ok_and(|runs| runs.is_empty()) {
                drop(store);
                remove(path);
            }
            exit
        }
        (TrackingPlace::Table(_), None) => Ok(Exit::BackEndFailed),
    }
}

/// Keeps other runs from the file: two of them would take each other's messages, and write to each other's records.
///
/// SQLite locks the file in another way, which this neither meets nor disturbs, as long as this is opened first and
/// closed last.
fn hold(path: &Path) -> Result<Option<File>, Exit> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    // What is wrong with the file says who opens it as a store.
    let Ok(file) = options.open(path) else { return Ok(None) };
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => {
            complain(&format!(
                "tracking store, {}: another `probe run` or `probe redrive` works with it\n  hint: let it finish, or \
                 name another file with --tracking; there can be only one run at a time on a test bus",
                path.display()
            ));
            Err(Exit::Unusable)
        }
        // Some file systems know no locks.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(Some(file)),
    }
}

/// Removes a store in which no run began, with the files that SQLite keeps beside it. A file that stays does no harm.
fn remove(path: &Path) {
    for end in ["", "-wal", "-shm"] {
        let mut file = path.as_os_str().to_owned();
        file.push(end);
        let _ = std::fs::remove_file(file);
    }
}

/// Says what is wrong with the store. A file that cannot be used is the command line's fault.
pub(super) fn refused_by_store(error: &StoreError) -> Exit {
    let hint = error.hint().map(|hint| format!("\n  hint: {hint}"));
    complain(&format!("{error}{}", hint.unwrap_or_default()));
    match error.kind {
        StoreErrorKind::BackEnd { .. } => Exit::BackEndFailed,
        _ => Exit::Unusable,
    }
}

/// What has to be typed behind `probe redrive RUN` or `probe show RUN` to find the run.
pub(super) fn typed(place: &TrackingPlace) -> String {
    match place.to_string() {
        default if default == FILE_DEFAULT => String::new(),
        other => format!(" --tracking {other}"),
    }
}
