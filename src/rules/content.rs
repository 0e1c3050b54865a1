//! The content of files that may hold rules, and whether they look like it.

use std::path::Path;

use super::files::{Content, FoundFile};
use super::git::{BlobProblem, Blobs};
use super::live::LiveRules;
use super::problem::RuleProblemKind;
use super::tree::SourceFile;
use crate::document::DocumentProblem;

/// Bytes that are read of a file of rules. 100,000 rules take about 20 MB; a directory may also hold events,
/// by the gigabyte, and these must not be read into memory to find out.
const FILE_BYTES_MAX: u64 = 256 << 20;

/// Words of which each kind of file with rules holds at least one.
const WORDS: [&str; 19] = [
    "EventPattern",
    "Schedule",
    "AWS::Events::Rule",
    "AWS::EventsV2::",
    "EventBridgeRule",
    "CloudWatchEvent",
    "Targets",
    "FilterCriteria",
    "AWS::Pipes::Pipe",
    "AWS::Lambda::EventSourceMapping",
    "aws_cloudwatch_event_",
    "aws_pipes_pipe",
    "aws_lambda_event_source_mapping",
    "aws:cloudwatch/event",
    "aws-native:events:Rule",
    "eventBridge",
    "cloudwatchEvent",
    "schedule",
    "filterPatterns",
];

/// Words that no file holds by accident: a broken file with one of them was meant to hold rules.
const TELLING_WORDS: [&str; 8] = [
    "EventPattern",
    "ScheduleExpression",
    "AWS::Events::Rule",
    "EventBridgeRule",
    "CloudWatchEvent",
    "aws_cloudwatch_event_rule",
    "aws_cloudwatch_event_target",
    "aws_pipes_pipe",
];

/// Endings of files that may be meant to hold rules even if they are broken.
const RULE_FILE_ENDINGS: [&str; 7] = ["json", "yaml", "yml", "template", "tsv", "tf", "tofu"];

/// What reads contents that are not on disk.
pub(super) struct Elsewhere<'l> {
    pub(super) blobs: Blobs,
    pub(super) live: &'l dyn LiveRules,
}

/// The content of a file, wherever it is.
pub(super) fn open(file: &FoundFile, elsewhere: &mut Elsewhere<'_>) -> Result<SourceFile, RuleProblemKind> {
    match &file.content {
        Content::OnDisk => Ok(SourceFile::open(&file.path, FILE_BYTES_MAX)?),
        Content::InGit { object } => {
            let content = elsewhere.blobs.read(object, FILE_BYTES_MAX).map_err(|problem| match problem {
                BlobProblem::Git(problem) => RuleProblemKind::Git(problem),
                BlobProblem::TooLarge { bytes } => {
                    DocumentProblem::TooLarge { bytes, bytes_max: FILE_BYTES_MAX }.into()
                }
            })?;
            Ok(SourceFile::of_bytes(&file.path, content)?)
        }
        Content::Live(bus) => {
            let text = elsewhere.live.read(bus).map_err(RuleProblemKind::Live)?;
            Ok(SourceFile::of_bytes(&file.path, text.into_bytes())?)
        }
    }
}

/// Whether a text may hold rules at all.
pub(super) fn may_hold_rules(text: &str) -> bool {
    holds_any(text, &WORDS)
}

/// Whether a text was meant to hold rules, even if it is broken.
pub(super) fn tells_of_rules(text: &str) -> bool {
    holds_any(text, &TELLING_WORDS)
}

/// Likewise for a file, which has to be called like one with rules.
pub(super) fn is_meant_for_rules(source: &SourceFile) -> bool {
    is_called_like_rules(&source.path) && tells_of_rules(&source.text)
}

/// Whether a file that cannot be opened may have been meant to hold rules: passing over it in silence would pass over
/// its rules.
pub(super) fn may_hide_rules(
    file: &FoundFile,
    problem: &RuleProblemKind,
    elsewhere: &mut Elsewhere<'_>,
) -> bool {
    if !is_called_like_rules(&file.path) {
        return false;
    }
    match problem {
        RuleProblemKind::Document(DocumentProblem::NotUtf8) => {
            let content = match &file.content {
                Content::OnDisk => std::fs::read(&file.path).unwrap_or_default(),
                Content::InGit { object } => elsewhere.blobs.read(object, FILE_BYTES_MAX).unwrap_or_default(),
                // Named directly, and text.
                Content::Live(_) => Vec::new(),
            };
            // In UTF-16 every second byte of these words is zero.
            let without_zeros: Vec<u8> = content.into_iter().filter(|byte| *byte != 0).collect();
            tells_of_rules(&String::from_utf8_lossy(&without_zeros))
        }
        RuleProblemKind::Document(DocumentProblem::Unreadable { .. }) => true,
        _ => false,
    }
}

fn is_called_like_rules(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    RULE_FILE_ENDINGS.contains(&ending)
}

fn holds_any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some())
}
