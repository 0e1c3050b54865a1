//! Writes examples of events as files, with a test file.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::args::SampleArgs;
use crate::cli::init::relative;
use crate::cli::output::{Complained, complain, remark};
use crate::cli::output_file::{Content, FilesInUse, OutputFile};
use crate::sample::{Ruling, TapOptions, TappedEvent, TappedEvents};
use crate::sampling::tap::{KEPT, LookedAt, PseudonymKey};
use crate::suite::{ExampleFile, FileHead, draft_examples};

/// The test file in a folder.
const TEST_FILE: &str = "sample.test.yaml";
/// Bytes of a random key.
const KEY_BYTES: usize = 32;
/// Fields of which it is said that they stay.
const KEPT_NAMED_MAX: usize = 20;
/// Fewer bytes are found by trying.
const KEY_BYTES_MIN: usize = 16;

/// Where examples go.
pub(super) struct TapFiles {
    test_file: OutputFile,
    path: PathBuf,
    /// The folder of the events, beside the test file.
    events: String,
}

impl TapFiles {
    /// Makes the folders and the test file; what is wrong has been printed.
    pub(super) fn open(
        tap: &Path,
        force: bool,
        in_use: &mut FilesInUse,
    ) -> anyhow::Result<Result<TapFiles, Complained>> {
        let name = tap.file_name().unwrap_or_default().to_string_lossy();
        let stem =
            [".test.yaml", ".test.yml", ".yaml", ".yml"].iter().find_map(|ending| name.strip_suffix(ending));
        let (path, events) = match stem.filter(|_| !tap.is_dir()) {
            Some(stem) => (tap.to_owned(), format!("{stem}.events")),
            None => (tap.join(TEST_FILE), "events".to_owned()),
        };
        if path.exists() && !force {
            let path = path.display();
            complain(&format!(
                "{path} is there already; --tap names another file, --tap-force writes over it"
            ));
            return Ok(Err(Complained));
        }
        let folder = path.parent().unwrap_or(Path::new("")).join(&events);
        fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        let test_file = OutputFile::create(&path, Content::OfEvents("tests"), in_use)?;
        Ok(test_file.map(|test_file| TapFiles { test_file, path, events }))
    }

    /// Writes the examples, with what the rules do that judged them.
    pub(super) fn write(
        mut self,
        tapped: &TappedEvents,
        sources: &[String],
        mut head: FileHead,
    ) -> anyhow::Result<()> {
        let (folder, current) = (self.path.parent().unwrap_or(Path::new("")), std::env::current_dir()?);
        head.sources = sources.iter().map(|source| relative(source, folder, &current)).collect();
        let examples: Vec<ExampleFile> = tapped.events.iter().map(|event| self.example(event)).collect();
        let draft = draft_examples(&examples, tapped.ruling.set(), &head);
        if draft.tests == 0 {
            remark(&format!("no example of an event was kept, so {} is not written", self.path.display()));
            return Ok(());
        }
        for example in &examples {
            let path = folder.join(&example.path);
            let content = Content::OfEvents("examples");
            if let Ok(mut file) = OutputFile::create(&path, content, &mut FilesInUse::default())? {
                file.write_all(example.event.as_bytes())?;
                file.flush()?;
            }
        }
        self.test_file.write_all(draft.text.as_bytes())?;
        self.test_file.flush()?;
        remark(&format!("{}: {} tests of examples", self.path.display(), draft.tests));
        note_kept(&tapped.ruling);
        Ok(())
    }

    fn example(&self, event: &TappedEvent) -> ExampleFile {
        let (kind, source) = (event.detail_type.as_deref(), event.source.as_deref());
        let shape = event.shape.short();
        let words = [kind, source.map(|_| "from"), source];
        let words: Vec<&str> = words.into_iter().flatten().filter(|word| !word.is_empty()).collect();
        let name = format!("{} ({shape})", words.join(" "));
        let path = format!("{}/{}-{shape}.json", self.events, slug(kind.or(source).unwrap_or_default()));
        ExampleFile { name: name.trim().to_owned(), path, event: format!("{}\n", event.event) }
    }
}

/// Characters of a file's name that are taken from an event.
const SLUG_CHARS_MAX: usize = 60;

/// `Order Placed` as `order-placed`; `event` for what has neither letters nor digits.
fn slug(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let slug = words.collect::<Vec<_>>().join("-").to_ascii_lowercase();
    if slug.is_empty() { "event".to_owned() } else { slug.chars().take(SLUG_CHARS_MAX).collect() }
}

/// Says which fields of examples are as they were: whoever shows them to others has to know.
fn note_kept(ruling: &Ruling) {
    let mut compared = LookedAt::by(ruling.patterns()).paths();
    compared.retain(|path| !KEPT.contains(&path.as_str()));
    if compared.is_empty() {
        return;
    }
    let named = &compared[..compared.len().min(KEPT_NAMED_MAX)];
    let more = match compared.len() - named.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    remark(&format!(
        "examples hold the values of fields that conditions compare, as they were, unless --tap-field says otherwise: {}{more}",
        named.join(", ")
    ));
}

/// What is kept of events; what is wrong has been printed.
pub(super) fn tap_options(args: &SampleArgs) -> anyhow::Result<Result<TapOptions, Complained>> {
    let key = match &args.tap_key {
        None => {
            let mut key = [0; KEY_BYTES];
            getrandom::fill(&mut key).map_err(|error| anyhow::anyhow!("no random numbers: {error}"))?;
            PseudonymKey::new(&key)
        }
        Some(path) => {
            let key = fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
            if key.trim_ascii().len() < KEY_BYTES_MIN {
                complain(&format!(
                    "{} holds less than {KEY_BYTES_MIN} bytes, so whoever sees pseudonyms could find the key by trying",
                    path.display()
                ));
                return Ok(Err(Complained));
            }
            PseudonymKey::new(key.trim_ascii())
        }
    };
    let examples_max = usize::try_from(args.tap_max).unwrap_or(usize::MAX);
    Ok(Ok(TapOptions { examples_max, key, rules: args.tap_field.clone() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_made_of_letters_and_digits() {
        assert_eq!(slug("Order Placed"), "order-placed");
        assert_eq!(slug("../../etc/passwd"), "etc-passwd");
        assert_eq!(slug("日本"), "event");
        assert_eq!(slug(&"x".repeat(1_000)).len(), SLUG_CHARS_MAX);
    }
}
