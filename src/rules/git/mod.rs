//! Rules of another revision: `git:REVISION:PATH`.
//!
//! The program `git` is asked, since nothing else knows every revision expression and every way to store objects.
//! It gets a revision once, to name the tree of it; after that only object names that it gave itself. A path is
//! never passed to it: the files of the tree are listed and compared here, so that no path can become an option
//! or a pathspec.

mod listing;
mod problem;
mod program;
mod spec;

pub(super) use listing::{GitFile, Held, find, text_of};
pub use problem::GitProblem;
pub(super) use program::{BlobProblem, Blobs};
pub use spec::revision_beside;
pub(super) use spec::{folder_and_name, is_spec};
