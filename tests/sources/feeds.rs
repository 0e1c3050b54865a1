//! Feeds whose inputs are given once: where batches end, what a limit lets through, and what is told to be recorded.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::sync::{Arc, Mutex};

use ruleproof::sources::{
    Acknowledge, Again, Batch, EventSource, FedInput, Feed, FeedFailure, Feeds, FileEvents, FirstEvents,
    OpenError, OpenFeed, Position, Progress, Recorded, SourceLimits,
};

/// Three messages: one event, two events, and one event that is longer than a batch.
struct Messages {
    next: usize,
}

impl Feed for Messages {
    fn next(&mut self) -> Option<FedInput> {
        let bodies = [
            "{\"n\":0}".to_owned(),
            "[{\"n\":1},{\"n\":2}]".to_owned(),
            format!("{{\"n\":\"{}\"}}\n{{}}", "x".repeat(900)),
        ];
        let body = bodies.get(self.next)?.clone();
        self.next += 1;
        Some(FedInput {
            name: format!("m{}", self.next).into(),
            place: self.next.to_string(),
            again: Again::Never,
            first_line: 1,
            content: Ok(Box::new(std::io::Cursor::new(body))),
        })
    }
}

#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<String>>>);

impl Told {
    fn note(&self, what: String) {
        self.0.lock().unwrap().push(what);
    }
}

impl Acknowledge for Told {
    fn durable(&mut self, recorded: Recorded<'_>) -> String {
        format!("durable {recorded:?}")
    }

    fn recorded(&mut self, recorded: Recorded<'_>) {
        self.note(format!("{recorded:?}"));
    }

    fn settle(&mut self) -> usize {
        2
    }

    fn complete(&mut self) {
        self.note("complete".to_owned());
    }

    fn finish(self: Box<Self>) {
        self.note("finished".to_owned());
    }
}

impl Feeds for Told {
    fn open(&self, _: &str, from: Option<&str>) -> Result<OpenFeed, OpenError> {
        let next = from.map_or(0, |from| from.parse().unwrap());
        Ok(OpenFeed {
            feed: Box::new(Messages { next }),
            failure: FeedFailure::default(),
            acknowledge: Some(Box::new(self.clone())),
        })
    }
}

fn open(told: &Told, from: Option<&Position>) -> FileEvents {
    let limits = SourceLimits { batch_bytes_target: 300, block_bytes: 64, ..SourceLimits::default() };
    FileEvents::open_at(&["sqs://q".to_owned()], limits, told, from).unwrap()
}

/// Of each batch, how many items it has and where reading goes on: at a place, at the end or nowhere.
fn batches(mut source: impl EventSource) -> Vec<(usize, String)> {
    let (mut batch, mut batches) = (Batch::default(), Vec::new());
    loop {
        let progress = source.next_batch(&mut batch);
        let position = match batch.position() {
            None => "nowhere".to_owned(),
            Some(position) if *position == Position::END => "end".to_owned(),
            Some(Position { place, .. }) => place.clone().unwrap_or_default(),
        };
        batches.push((batch.items().len(), position));
        if progress == Progress::Done {
            return batches;
        }
    }
}

fn with_items(batches: &[(usize, String)]) -> Vec<(usize, &str)> {
    batches
        .iter()
        .filter(|(items, _)| *items > 0)
        .map(|(items, position)| (*items, position.as_str()))
        .collect()
}

#[test]
fn a_batch_ends_with_an_input_that_is_given_once_and_reading_goes_on_behind_it() {
    let told = Told::default();
    let all = batches(open(&told, None));
    assert_eq!(all[0], (1, "1".to_owned()));
    assert_eq!(all[1], (2, "2".to_owned()));
    assert_eq!(all.last().unwrap(), &(0, "end".to_owned()));
    assert_eq!(all.iter().map(|(items, _)| items).sum::<usize>(), 5);
    // In the middle of an input that is gone when it is closed, nothing can go on.
    let last: Vec<&str> = all[2..all.len() - 1].iter().map(|(_, position)| position.as_str()).collect();
    let (behind, inside) = last.split_last().unwrap();
    assert!(*behind == "3" && inside.iter().all(|position| *position == "nowhere"), "{last:?}");
    let position = Position { input: 0, place: Some("1".to_owned()), items: 0 };
    assert_eq!(with_items(&batches(open(&told, Some(&position))))[0], (2, "2"));
}

#[test]
fn a_limit_lets_the_last_input_through_as_a_whole() {
    for (limit, read) in [(1, 1), (2, 3), (3, 3), (4, 5), (5, 5), (9, 5)] {
        let all = batches(FirstEvents::of(open(&Told::default(), None), Some(limit)));
        assert_eq!(all.iter().map(|(items, _)| items).sum::<usize>(), read, "{limit}: {all:?}");
        assert_eq!(all.last().unwrap().1, "end", "{limit}: {all:?}");
    }
}

#[test]
fn feeds_are_told_what_is_recorded_and_give_the_words_of_checkpoints() {
    let told = Told::default();
    let mut acknowledgements = open(&told, None).acknowledgements();
    let at = |place: Option<&str>| Position { input: 0, place: place.map(str::to_owned), items: 0 };
    let durable = [at(None), at(Some("2")), Position::END].map(|position| {
        acknowledgements.recorded(&position);
        acknowledgements.durable(&position).place.unwrap()
    });
    assert_eq!(durable, ["durable Nothing", "durable UpTo(\"2\")", "durable All"]);
    assert_eq!(acknowledgements.durable(&Position::END).input, 0);
    assert_eq!(acknowledgements.settle(), 2);
    acknowledgements.finish();
    assert_eq!(*told.0.lock().unwrap(), ["Nothing", "UpTo(\"2\")", "All", "finished"]);
}
