//! Which files are read, and what happens to those that cannot be.

use std::fs;
use std::path::Path;

use ruleproof::sources::{Batch, EventSource, FileEvents, InputId, Progress, SourceLimits};

use super::common::{drain, gzip, without_place};

fn write(directory: &Path, name: &str, text: &[u8]) {
    let path = directory.join(name);
    fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
    fs::write(path, text).expect("a file");
}

fn open(specs: &[String]) -> FileEvents {
    FileEvents::open(specs, SourceLimits::default()).unwrap_or_else(|errors| panic!("{errors:?}"))
}

fn contents(specs: &[String]) -> Vec<String> {
    drain(open(specs)).iter().map(|item| without_place(item)).collect()
}

#[test]
fn directories_and_globs_are_read_in_order() {
    let directory = tempfile::tempdir().expect("a directory");
    let root = directory.path();
    write(root, "b/2.json", b"{\"id\":\"b2\"}");
    write(root, "b/1.json", &gzip(b"{\"id\":\"b1\"}"));
    write(root, "a.json", b"[{\"id\":\"a\"}]");
    write(root, "c/.hidden", b"{\"id\":\"hidden\"}");
    write(root, "c/aws-logs-write-test", b"Permission Check Successful");
    write(root, "c/x[1].json", b"{\"id\":\"c\"}");
    let spec = |path: &str| format!("{}/{path}", root.display());
    let all = ["{\"id\":\"a\"}", "{\"id\":\"b1\"}", "{\"id\":\"b2\"}"].map(|event| format!("event {event}"));
    let skipped = "skipped the write test of a Logs export".to_owned();
    let last = "event {\"id\":\"c\"}".to_owned();
    let expected = [&all[..], &[skipped.clone(), last.clone()]].concat();
    assert_eq!(contents(&[root.display().to_string()]), expected);
    assert_eq!(contents(&[spec("**/*")]), expected);
    assert_eq!(contents(&[spec("*")]), expected);
    assert_eq!(contents(&[spec("b/*.json"), spec("a.json")]), [&all[1..], &all[..1]].concat());
    assert_eq!(contents(&[spec("c/x[1].json")]), [last]);
    assert_eq!(contents(&[spec("c/aws-logs-write-test")]), ["event Permission Check Successful"]);
}

#[test]
fn all_that_is_wrong_with_the_inputs_is_said_at_once() {
    let directory = tempfile::tempdir().expect("a directory");
    fs::create_dir(directory.path().join("empty")).expect("a directory");
    let spec = |path: &str| format!("{}/{path}", directory.path().display());
    let specs = ["missing.json", "*.nothing", "empty", "a[", "x/**b"].map(spec);
    let specs = [&specs[..], &["-".to_owned(), "-".to_owned()]].concat();
    let errors = FileEvents::open(&specs, SourceLimits::default()).err().expect("errors");
    let shown: Vec<String> = errors.iter().map(|error| error.to_string().replace(&spec(""), "")).collect();
    assert_eq!(
        shown,
        [
            "`missing.json` does not exist; check the path, or quote it if it is a glob",
            "no file matches `*.nothing`; `*` does not cross `/`, `**` does",
            "`empty` holds no file; hidden files are left out",
            "`a[` is not a glob: invalid range pattern",
            "`x/**b` is not a glob: recursive wildcards must form a single path component",
            "standard input (`-`) is named more than once",
        ]
    );
}

#[test]
fn a_file_that_is_gone_when_its_turn_comes_is_an_item() {
    let directory = tempfile::tempdir().expect("a directory");
    for name in ["1", "2", "3"] {
        write(directory.path(), name, format!("{{\"id\":{name}}}\n{{\"cut\":").as_bytes());
    }
    let source = open(&[directory.path().display().to_string()]);
    fs::remove_file(directory.path().join("2")).expect("there");
    let items = drain(source);
    assert_eq!(items[0], "0:1 event {\"id\":1}");
    assert!(items[1].starts_with("9:2 broken the input ends inside this document"), "{}", items[1]);
    assert_eq!(items[2], "0:1 broken cannot be read: No such file or directory (os error 2)");
    assert_eq!(items[3], "0:1 event {\"id\":3}");
    assert_eq!(items.len(), 5);
}

#[test]
fn a_source_knows_its_size_its_progress_and_its_names() {
    let directory = tempfile::tempdir().expect("a directory");
    write(directory.path(), "a", b"{\"id\":1}\n");
    write(directory.path(), "b", &gzip(b"{\"id\":2}\n"));
    let mut source = open(&[directory.path().display().to_string()]);
    let progress = source.progress();
    let total = source.bytes_total().expect("plain files");
    assert_eq!(progress.get(), 0);
    let mut batch = Batch::with_limits(&SourceLimits::default());
    assert_eq!(source.next_batch(&mut batch), Progress::Done);
    assert_eq!(batch.items().len(), 2);
    assert_eq!(progress.get(), total);
    assert_eq!(batch.items()[1].origin().input, InputId(1));
    assert_eq!(source.input_name(InputId(1)), directory.path().join("b").display().to_string());
    assert_eq!(open(&["-".to_owned()]).bytes_total(), None);
}
