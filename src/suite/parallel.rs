//! Work on many threads whose results come in the order of the work.

use std::num::NonZeroUsize;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

/// Stack of a thread. Trees are walked by recursion; an event may have 1,000 levels, and a change may put 1,000
/// more into it, which does not fit the 2 MB of a common thread in an unoptimised build. Only what is used is
/// ever taken from the system.
const STACK_BYTES: usize = 64 << 20;

/// What became of one piece of work, and whether to go on.
#[derive(Debug)]
pub(super) enum Step<R> {
    /// This is the result, and there may be more.
    More(R),
    /// This is the result, and no later one is wanted.
    Last(R),
    /// There is no result, and no later one is wanted.
    End,
}

/// Calls `work` with each number below `len` on up to `threads` threads, each with a state of its own from
/// `begin`, and gives the results in order, up to the first one behind which none is wanted. Everything before that
/// one is finished, whatever the threads.
///
/// # Errors
/// The system gives no thread.
pub(super) fn in_order<S, R: Send>(
    len: usize,
    threads: NonZeroUsize,
    begin: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) -> Step<R> + Sync,
) -> std::io::Result<Vec<R>> {
    let (next, end) = (AtomicUsize::new(0), AtomicUsize::new(len));
    let run = || {
        let (mut state, mut done) = (begin(), Vec::new());
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= end.load(Ordering::Relaxed) {
                return done;
            }
            match work(&mut state, index) {
                Step::More(result) => done.push((index, result)),
                Step::Last(result) => {
                    done.push((index, result));
                    end.fetch_min(index + 1, Ordering::Relaxed);
                }
                Step::End => {
                    end.fetch_min(index, Ordering::Relaxed);
                }
            }
        }
    };
    let mut done = thread::scope(|scope| {
        let spawn = |_| thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, run);
        let handles: Vec<_> = (0..threads.get().min(len.max(1))).map(spawn).collect::<Result<_, _>>()?;
        let parts =
            handles.into_iter().map(|handle| handle.join().unwrap_or_else(|panic| resume_unwind(panic)));
        std::io::Result::Ok(parts.flatten().collect::<Vec<_>>())
    })?;
    done.sort_unstable_by_key(|(index, _)| *index);
    let end = end.load(Ordering::Relaxed);
    Ok(done.into_iter().take_while(|(index, _)| *index < end).map(|(_, result)| result).collect())
}

/// As [`in_order`], for work that is worth something only as a whole: `None` if `stop` was set before all was done.
///
/// # Errors
/// The system gives no thread.
pub(super) fn all_in_order<S, R: Send>(
    len: usize,
    threads: NonZeroUsize,
    stop: &AtomicBool,
    begin: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) -> R + Sync,
) -> std::io::Result<Option<Vec<R>>> {
    let is_stopped = || stop.load(Ordering::Relaxed);
    let work = |state: &mut S, index| if is_stopped() { Step::End } else { Step::More(work(state, index)) };
    let done = in_order(len, threads, begin, work)?;
    Ok((!is_stopped()).then_some(done))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_whatever_the_threads() {
        for threads in 1..5 {
            let threads = NonZeroUsize::new(threads).unwrap();
            let doubled = in_order(1_000, threads, || (), |(), index| Step::More(index * 2)).unwrap();
            assert_eq!(doubled, (0..1_000).map(|index| index * 2).collect::<Vec<_>>());
            let nothing = in_order(0, threads, || (), |(), index| Step::More(index)).unwrap();
            assert!(nothing.is_empty());
        }
    }

    #[test]
    fn what_is_stopped_gives_all_or_nothing() {
        let (stop, threads) = (AtomicBool::new(false), NonZeroUsize::new(2).unwrap());
        let done = all_in_order(100, threads, &stop, || (), |(), index| index).unwrap();
        assert_eq!(done, Some((0..100).collect()));
        let stopping = |(): &mut (), index| stop.fetch_or(index == 50, Ordering::Relaxed);
        assert_eq!(all_in_order(100, threads, &stop, || (), stopping).unwrap(), None);
    }

    #[test]
    fn the_first_end_counts_and_everything_before_is_there() {
        for threads in 1..5 {
            let threads = NonZeroUsize::new(threads).unwrap();
            let work = |last: bool| {
                move |(): &mut (), index| match index {
                    700 | 900 if last => Step::Last(index),
                    700 | 900 => Step::End,
                    _ => Step::More(index),
                }
            };
            for (last, len) in [(false, 700), (true, 701)] {
                let done = in_order(1_000, threads, || (), work(last)).unwrap();
                assert_eq!(done, (0..len).collect::<Vec<_>>());
            }
        }
    }
}
