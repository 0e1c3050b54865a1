//! From arguments to a run that is kept, or is gone on with.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::args::CheckpointArgs;
use super::file::{Saved, Writer, read};
use super::identity::Identity;
use super::keeper::FileKeeper;
use crate::cli::output::{Complained, complain, remark};
use crate::cli::output_file::{FilesInUse, OutputFile};
use crate::replay::{Keeper, ReplayState};
use crate::sources::{Acknowledgements, Position};

/// What was asked for, and the checkpoint that is there.
pub(in crate::cli) struct Checkpoint {
    path: PathBuf,
    every: Duration,
    saved: Option<Saved>,
}

/// A run that can begin.
pub(in crate::cli) struct Begun {
    pub(in crate::cli) keeper: FileKeeper,
    pub(in crate::cli) state: ReplayState,
}

impl Checkpoint {
    /// Looks at what is there. `None` if no checkpoint is wanted.
    ///
    /// # Errors
    /// There is nothing to go on with, or there is and nobody said to; which has been printed.
    pub(in crate::cli) fn look(args: &CheckpointArgs) -> Result<Option<Checkpoint>, Complained> {
        let Some(path) = &args.checkpoint else { return Ok(None) };
        let refuse = |message: &str, hint: &str| {
            complain(&format!("{} {message}\n  hint: {hint}", path.display()));
            Err(Complained)
        };
        let saved = match path.metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return refuse(&format!("cannot be looked at: {error}"), "name another file"),
            Ok(_) => match read(path) {
                Ok(saved) => Some(saved),
                Err(problem) => return refuse(&problem, "name another file with --checkpoint"),
            },
        };
        match &saved {
            None if args.resume => refuse(
                "does not exist, so there is nothing to resume",
                "check the name, or leave out --resume to begin",
            ),
            Some(saved) if !args.resume && saved.state.position != Position::END => refuse(
                "is the checkpoint of a run that is not complete",
                "go on with it with --resume, or remove the file to begin again",
            ),
            _ => {
                let saved = saved.filter(|_| args.resume);
                Ok(Some(Checkpoint { path: path.clone(), every: args.checkpoint_every, saved }))
            }
        }
    }

    /// Whether files are cut and added to rather than begun.
    fn resumes(&self) -> bool {
        self.saved.is_some()
    }

    /// Checks that this is the run that it was.
    ///
    /// # Errors
    /// It is another one, which has been printed.
    pub(in crate::cli) fn check(&self, run: &Result<Identity, Vec<String>>) -> Result<(), Complained> {
        let run = match run {
            Ok(run) => run,
            Err(once) => {
                complain(&format!(
                    "{} cannot be read a second time, so a replay of it cannot be resumed\n  hint: write the events to \
                     a file first, or leave out --checkpoint",
                    once.join(", ")
                ));
                return Err(Complained);
            }
        };
        let differences = self.saved.as_ref().map(|saved| saved.run.differences(run)).unwrap_or_default();
        if differences.is_empty() {
            return Ok(());
        }
        complain(&format!(
            "{} is of another run, so its results would not fit together with these:\n  {}\n  hint: run it as it was \
             then, or remove the checkpoint to begin again",
            self.path.display(),
            differences.join("\n  ")
        ));
        Err(Complained)
    }

    /// Looks whether the run can begin with `outputs`, which hold the results and the payloads. Changes nothing yet.
    ///
    /// # Errors
    /// A file is not as the checkpoint says, which has been printed; or one cannot be written.
    pub(in crate::cli) fn ready(
        self,
        run: &Identity,
        outputs: [Option<&OutputFile>; 2],
        in_use: &mut FilesInUse,
    ) -> anyhow::Result<Result<Ready, Complained>> {
        if in_use.claim(&self.path, "checkpoint").is_err() {
            return Ok(Err(Complained));
        }
        let resumes = self.resumes();
        let Checkpoint { path, every, saved } = self;
        let state = saved.map(|saved| saved.state).unwrap_or_default();
        for (output, bytes) in outputs.into_iter().zip(lengths(&state)) {
            if let Some(output) = output
                && output.check_first(bytes)?.is_err()
            {
                return Ok(Err(Complained));
            }
        }
        let writer = Writer::new(&path, run)?;
        writer.check()?;
        Ok(Ok(Ready { path, every, resumes, state, writer }))
    }
}

/// The lengths of the results and the payloads that count.
fn lengths(state: &ReplayState) -> [u64; 2] {
    [state.written.results, state.written.payloads]
}

/// A run that can begin as far as this machine is concerned.
pub(in crate::cli) struct Ready {
    path: PathBuf,
    every: Duration,
    resumes: bool,
    state: ReplayState,
    writer: Writer,
}

impl Ready {
    /// Where the source has to be opened, if not at its beginning.
    pub(in crate::cli) fn position(&self) -> Option<&Position> {
        self.resumes.then_some(&self.state.position)
    }

    /// Events that were judged before.
    pub(in crate::cli) fn read(&self) -> u64 {
        self.state.read()
    }

    /// Cuts `outputs` to what counts, and writes the first checkpoint. If that fails, feeds are told that the run is over.
    ///
    /// # Errors
    /// A file was changed meanwhile, which has been printed; or one cannot be written.
    pub(in crate::cli) fn begin(
        self,
        outputs: [Option<&mut OutputFile>; 2],
        acknowledgements: Acknowledgements,
    ) -> anyhow::Result<Result<Begun, Complained>> {
        let Ready { path, every, resumes, state, writer } = self;
        let mut keeper = FileKeeper {
            writer,
            outputs: Vec::new(),
            acknowledgements,
            every,
            due: Instant::now(),
            kept: ReplayState::default(),
        };
        let begun = cut(outputs, &state).and_then(|handles| {
            let Ok(handles) = handles else { return Ok(Err(Complained)) };
            if resumes {
                remark(&went_on(&state, &path));
            }
            keeper.outputs = handles;
            keeper.keep(&state).map(Ok)
        });
        if !matches!(begun, Ok(Ok(()))) {
            keeper.finish();
        }
        Ok(begun?.map(|()| Begun { keeper, state }))
    }
}

/// Cuts files to what counts; handles of those that are there.
fn cut(
    outputs: [Option<&mut OutputFile>; 2],
    state: &ReplayState,
) -> io::Result<Result<Vec<File>, Complained>> {
    let there = outputs.into_iter().zip(lengths(state)).filter_map(|(output, bytes)| Some((output?, bytes)));
    there.map(|(output, bytes)| output.keep_first(bytes)).collect()
}

fn went_on(state: &ReplayState, path: &Path) -> String {
    let read = state.read();
    match state.position == Position::END {
        true => format!("{} is of a complete run of {read} events; nothing is left to do", path.display()),
        false => format!("going on behind {read} events"),
    }
}
