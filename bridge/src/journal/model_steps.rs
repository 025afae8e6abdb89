//! What can happen to the journal in its [property](super::model).

use proptest::prelude::*;

use super::model_outbox::End;

#[derive(Clone, Debug)]
pub(super) enum Step {
    /// What ingest commits: `chunks` records, then what was read from them.
    Commit {
        chunks: usize,
        bytes: usize,
        events: Vec<u64>,
        checkpoint: bool,
        printing: bool,
    },
    /// An attempt of the queue's `nth` starts and ends so; `None`: its end is never known.
    Deliver {
        nth: usize,
        end: Option<End>,
    },
    /// The oldest fresh sales become a digest of two parts.
    Merge([usize; 2]),
    Alarm(u8),
    Park,
    Unpark,
    /// A person tries a row again, or drops it.
    Retry(i64),
    Drop(i64),
    Crash,
    Reopen,
    Forget {
        by_size: bool,
    },
    /// The disk has no room from here on, or has again.
    Full(bool),
    Wait {
        hours: i64,
    },
    Jump {
        days: i64,
    },
}

pub(super) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let sizes = (prop_oneof![3 => 0_usize..4, 1 => 200_usize..400], 0_usize..600);
    let commit = (sizes, prop::collection::vec(0_u64..24, 0..5), any::<bool>(), any::<bool>())
        .prop_map(|((chunks, bytes), events, checkpoint, printing)| Step::Commit {
            chunks,
            bytes,
            events,
            checkpoint,
            printing,
        });
    let end = prop_oneof![
        4 => Just(Some(End::Ok)),
        1 => Just(Some(End::Fail)),
        1 => Just(Some(End::Unknown)),
        1 => Just(Some(End::Refused)),
        1 => Just(Some(End::Parked)),
        1 => Just(None),
    ];
    let step = prop_oneof![
        8 => commit,
        8 => (0_usize..4, end).prop_map(|(nth, end)| Step::Deliver { nth, end }),
        4 => (0_usize..4, 0_usize..3).prop_map(|(one, two)| Step::Merge([one, two])),
        1 => (0_u8..3).prop_map(Step::Alarm),
        1 => Just(Step::Park),
        2 => Just(Step::Unpark),
        1 => (1_i64..30).prop_map(Step::Retry),
        1 => (1_i64..30).prop_map(Step::Drop),
        1 => Just(Step::Crash),
        1 => Just(Step::Reopen),
        3 => any::<bool>().prop_map(|by_size| Step::Forget { by_size }),
        2 => any::<bool>().prop_map(Step::Full),
        3 => (0_i64..1_200).prop_map(|hours| Step::Wait { hours }),
        1 => (-400_i64..400).prop_map(|days| Step::Jump { days }),
    ];
    prop::collection::vec(step, 1..40)
}
