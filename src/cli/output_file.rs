//! Files that a command writes.
//!
//! None of them may be a file that the run reads: a mistyped path must cost nobody their events or rules. Files
//! are told apart by what the system calls them, not by their names, so that links are seen through.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::output::{Complained, complain};

/// What files are among that this run writes.
const TO_WRITE: &str = "the files to write";

/// Files that a run reads or writes already, each with what it is.
#[derive(Debug, Default)]
pub(super) struct FilesInUse(Vec<(FileId, String)>);

/// What tells two files apart.
#[derive(Debug, Clone, PartialEq, Eq)]
enum FileId {
    #[cfg(unix)]
    Inode { device: u64, inode: u64 },
    /// Where nothing is yet, or where the system has no numbers for files.
    Path(PathBuf),
}

/// What a file is to hold, in a word.
#[derive(Debug, Clone, Copy)]
pub(super) enum Content {
    /// It may have contents of events, or their ids: a file that is made is its owner's only, on Unix.
    OfEvents(&'static str),
    /// A file that is made is for whoever the user's files are for.
    Other(&'static str),
}

impl Content {
    fn word(self) -> &'static str {
        match self {
            Content::OfEvents(word) | Content::Other(word) => word,
        }
    }

    /// How to open a file for it; one that is there already keeps its mode.
    fn writing(self) -> OpenOptions {
        let mut options = OpenOptions::new();
        options.write(true);
        #[cfg(unix)]
        if let Content::OfEvents(_) = self {
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        }
        options
    }
}

impl FileId {
    /// `None` for what is no plain file: writing to a device or a pipe destroys nothing.
    fn of(path: &Path, metadata: &Metadata) -> Option<FileId> {
        if !metadata.is_file() {
            return None;
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let _ = path;
            Some(FileId::Inode { device: metadata.dev(), inode: metadata.ino() })
        }
        #[cfg(not(unix))]
        path.canonicalize().ok().map(FileId::Path)
    }

    /// Of the file that is there, and of its place: somebody else may make it later.
    fn of_path(path: &Path) -> Vec<FileId> {
        let metadata = path.metadata().ok();
        if metadata.as_ref().is_some_and(|metadata| !metadata.is_file()) {
            return Vec::new();
        }
        let there = metadata.and_then(|metadata| FileId::of(path, &metadata));
        there.into_iter().chain(FileId::of_place(path)).collect()
    }

    fn of_place(path: &Path) -> Option<FileId> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new(".")).canonicalize().ok()?;
        Some(FileId::Path(folder.join(path.file_name()?)))
    }
}

impl FilesInUse {
    /// Notes files that are read: `among` says what they are, as in "the events".
    pub(super) fn note(&mut self, paths: impl IntoIterator<Item = impl AsRef<Path>>, among: &str) {
        for path in paths {
            let path = path.as_ref();
            let id = path.metadata().ok().and_then(|metadata| FileId::of(path, &metadata));
            self.0.extend(id.map(|id| (id, among.to_owned())));
        }
    }

    /// Notes standard input, which may be a file.
    pub(super) fn note_standard_input(&mut self, among: &str) {
        self.note([PathBuf::from("/dev/stdin")], among);
    }

    /// Notes a file that is written in another way than as an [`OutputFile`], with the `content` (as in "checkpoint"),
    /// unless it is in use; then that has been printed. It need not be there yet.
    pub(super) fn claim(&mut self, path: &Path, content: &str) -> Result<(), Complained> {
        self.check(path, content)?;
        self.0.extend(FileId::of_path(path).into_iter().map(|id| (id, TO_WRITE.to_owned())));
        Ok(())
    }

    /// Looks whether a file is in use; then that has been printed.
    pub(super) fn check(&self, path: &Path, content: &str) -> Result<(), Complained> {
        FileId::of_path(path).iter().try_for_each(|id| self.check_id(id, path, content))
    }

    fn check_id(&self, id: &FileId, path: &Path, content: &str) -> Result<(), Complained> {
        let Some((_, among)) = self.0.iter().find(|(used, _)| used == id) else { return Ok(()) };
        complain(&format!("{} is among {among}; write the {content} elsewhere", path.display()));
        Err(Complained)
    }
}

/// A file whose errors name it. It holds what it held until something is written to it, or flushed: a run that ends
/// before it has a result leaves the last one alone.
#[derive(Debug)]
pub(super) struct OutputFile {
    path: PathBuf,
    file: BufWriter<File>,
    state: State,
}

/// How far a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Not emptied yet, as there was something before this run.
    Old,
    /// Made by this run, and empty.
    New,
    /// What it holds is of this run; or it is no plain file, of which nothing else is to be said.
    Begun,
}

impl OutputFile {
    /// Opens or creates the file that is to hold `content` (as in "results"), unless it is in use; then that has been
    /// printed.
    pub(super) fn create(
        path: &Path,
        content: Content,
        in_use: &mut FilesInUse,
    ) -> anyhow::Result<Result<OutputFile, Complained>> {
        // Before it is made too: it may be the place of a file that is still to come.
        if in_use.check(path, content.word()).is_err() {
            return Ok(Err(Complained));
        }
        let cannot = || format!("{} cannot be written", path.display());
        let (file, mut state) = match content.writing().create_new(true).open(path) {
            Ok(file) => (file, State::New),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                // Not emptied before it is known what it is. Behind a link there may be nothing yet.
                let file = content.writing().create(true).truncate(false).open(path);
                (file.with_context(cannot)?, State::Old)
            }
            Err(error) => return Err(error).with_context(cannot),
        };
        let metadata = file.metadata().with_context(cannot)?;
        if let Some(id) = FileId::of(path, &metadata) {
            if in_use.check_id(&id, path, content.word()).is_err() {
                return Ok(Err(Complained));
            }
            in_use.0.push((id, TO_WRITE.to_owned()));
        } else {
            state = State::Begun;
        }
        Ok(Ok(OutputFile { path: path.to_owned(), file: BufWriter::new(file), state }))
    }

    /// Waits until what was flushed is on the disk.
    pub(super) fn sync(&self) -> io::Result<()> {
        match self.file.get_ref().sync_data() {
            // Pipes and devices have no disk.
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
            synced => synced.map_err(|error| self.named(&error)),
        }
    }

    /// The same, but what the file holds stays, and lines are added behind it.
    pub(super) fn append(
        path: &Path,
        content: Content,
        in_use: &mut FilesInUse,
    ) -> anyhow::Result<Result<OutputFile, Complained>> {
        let created = OutputFile::create(path, content, in_use)?;
        let Ok(mut file) = created else { return Ok(created) };
        if file.state == State::Old {
            file.state = State::Begun;
            file.file.get_mut().seek(SeekFrom::End(0)).map_err(|error| file.named(&error))?;
            let mut last = [b'\n'];
            let mut reader = File::open(path).map_err(|error| file.named(&error))?;
            if reader.seek(SeekFrom::End(-1)).is_ok() {
                reader.read_exact(&mut last).map_err(|error| file.named(&error))?;
            }
            if last != *b"\n" {
                file.write_all(b"\n")?;
            }
        }
        Ok(Ok(file))
    }

    /// Cuts the file to its first bytes, behind which it is written on; gives another handle of it, to make it durable.
    /// If it [cannot be cut](OutputFile::check_first), that has been printed.
    pub(super) fn keep_first(&mut self, bytes: u64) -> io::Result<Result<File, Complained>> {
        if self.check_first(bytes)?.is_err() {
            return Ok(Err(Complained));
        }
        let kept = self.file.get_ref().set_len(bytes);
        kept.and_then(|()| self.file.get_mut().seek(SeekFrom::Start(bytes)))
            .map_err(|error| self.named(&error))?;
        self.state = State::Begun;
        Ok(Ok(self.file.get_ref().try_clone()?))
    }

    /// Looks whether the file can be cut to its first bytes; if it cannot or is too short, that has been printed.
    pub(super) fn check_first(&self, bytes: u64) -> io::Result<Result<(), Complained>> {
        let metadata = self.file.get_ref().metadata().map_err(|error| self.named(&error))?;
        let refuse = |problem: &str| {
            complain(&format!("{} {problem}", self.path.display()));
            Ok(Err(Complained))
        };
        if !metadata.is_file() {
            return refuse(
                "is no plain file, so an interrupted replay could not take back what was written to it",
            );
        }
        if metadata.len() < bytes {
            return refuse(&format!(
                "is shorter than the {bytes} bytes that the checkpoint counts; somebody changed it\n  hint: remove the \
                 checkpoint to begin again"
            ));
        }
        Ok(Ok(()))
    }

    /// Empties the file, if it is not yet.
    fn begin(&mut self) -> io::Result<()> {
        let emptied = match self.state {
            State::Old => self.file.get_ref().set_len(0),
            State::New | State::Begun => Ok(()),
        };
        self.state = State::Begun;
        emptied.map_err(|error| self.named(&error))
    }

    fn named(&self, error: &io::Error) -> io::Error {
        io::Error::new(error.kind(), format!("{} cannot be written: {error}", self.path.display()))
    }
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.begin()?;
        self.file.write(bytes).map_err(|error| self.named(&error))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.begin()?;
        self.file.flush().map_err(|error| self.named(&error))
    }
}

impl Drop for OutputFile {
    /// Takes away a file that this run made for nothing.
    fn drop(&mut self) {
        if self.state == State::New {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}
