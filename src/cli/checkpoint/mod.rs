//! Where an interrupted replay goes on: `--checkpoint FILE` and `--resume`.
//!
//! A checkpoint says how far a run is and what kind of run it is: the rules, the options and the inputs. A run that
//! differs in any of these would give a mixture of two results, so it is refused. The file is replaced as a whole, and
//! only after all that it counts is on the disk: whenever the program is killed, there is a checkpoint, and the outputs
//! hold at least what it says.

mod args;
mod file;
mod identity;
mod keeper;
mod run;

pub(super) use args::CheckpointArgs;
pub(super) use identity::Identity;
pub(super) use run::{Begun, Checkpoint, Ready};
