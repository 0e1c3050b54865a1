//! Why a revision cannot be read.

/// What is wrong with a source `git:REVISION:PATH`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GitProblem {
    /// Not of that form.
    #[error("not of the form git:REVISION:PATH")]
    Form,
    /// There is no such program.
    #[error("the program `git` cannot be run: {message}")]
    NoProgram {
        /// In the words of the operating system.
        message: String,
    },
    /// The current directory is in no repository.
    #[error("the current directory is in no git repository")]
    NoRepository,
    /// No revision, or one that is not here.
    #[error("git knows no revision `{revision}`")]
    UnknownRevision {
        /// As it was written.
        revision: String,
    },
    /// A path that the revision does not have.
    #[error("the revision has no `{path}`")]
    MissingPath {
        /// From the top of the repository.
        path: String,
    },
    /// Whatever else git says.
    #[error("git failed: {message}")]
    Failed {
        /// In its words.
        message: String,
    },
}

impl GitProblem {
    /// The way out, where there is one to name.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            GitProblem::Form => Some("such as git:main:template.yaml or git:HEAD~3:rules"),
            GitProblem::NoProgram { .. } => {
                Some("install git, or check the other revision out beside this one")
            }
            GitProblem::UnknownRevision { .. } => {
                Some("fetch it first; a shallow clone, as CI makes them, has only the newest")
            }
            GitProblem::MissingPath { .. } => {
                Some("paths are from the top of the repository, or from here if they begin with ./")
            }
            GitProblem::NoRepository | GitProblem::Failed { .. } => None,
        }
    }
}
