//! What happens when: a schedule drawn from a seed. Pure.

use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::Plan;

/// Pause between two questions of people, on average, in milliseconds of the shop's time.
const QUESTION_MS: i64 = 12_000;
/// The same of transfers that somebody asks for, and of processes that staff begin.
const TRANSFER_MS: i64 = 180_000;
const PROCESS_MS: i64 = 150_000;
/// So many of each at least, however short the soak is.
const AT_LEAST: i64 = 12;
/// The same of troubles that end no connection.
const TROUBLE_MS: i64 = 90_000;
/// How long a manager thinks, at least and at most.
const THINK_MS: std::ops::Range<i64> = 10_000..60_000;
/// Of so many connections that end, one falls silent.
const ZOMBIE_OF: u32 = 20;
/// Of so many, one ends by a frame that is too large, and one by nonsense.
const SPOILT_OF: u32 = 12;
/// Of so many, after one the gateway is away for a while, and after one the application is refused.
const OUTAGE_OF: u32 = 100;
/// How long it is away, in milliseconds of the shop's time.
const OUTAGE_MS: u64 = 300_000;
/// Longest that a connection stands before it ends, where it is to be a short one.
const SHORT_MS: i64 = 25_000;

/// How a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ill {
    /// Cut without a word.
    Cut,
    /// A farewell, then silence on an open line.
    Farewell,
    /// Open, and dead.
    Zombie,
    /// A frame that is too large.
    Oversized,
    /// Nothing but nonsense.
    Nonsense,
}

/// What meets the next tries to open a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Obstacle {
    /// The ticket has ended when it is used.
    ExpiredTicket,
    /// So many of the next fail.
    Failing(u32),
    /// All of them, for so many milliseconds.
    Outage(u64),
    /// The application's secret is said to be wrong.
    Refused,
}

/// A connection that ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Disconnect {
    /// Not before this.
    pub(super) at_ms: i64,
    /// Not before the connection has stood for so long.
    pub(super) stands_ms: i64,
    pub(super) ill: Ill,
    pub(super) obstacle: Option<Obstacle>,
    /// How many people speak in its last moment.
    pub(super) crowd: u32,
}

/// Something else that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// Somebody asks for a receipt. Where the answer's address has ended, the robot has to say it.
    Ask {
        ended: bool,
        alone: bool,
    },
    /// Somebody asks for a transfer.
    Transfer,
    /// Staff begin a process.
    Begin,
    /// The manager decides the oldest that is not decided: agreed or not.
    Decide(bool),
    LoseAcks(u32),
    RepeatEvents(u32),
    /// From now on frames of this connection take so many real milliseconds.
    Slow(u64),
    /// A frame that is no JSON.
    Nonsense,
    /// The next answer is refused at its address.
    NoAnswer,
    /// The access token becomes invalid.
    Revoke,
    /// The brain is killed and started again.
    Kill,
}

/// The whole schedule, each part in order.
#[derive(Clone, Debug)]
pub(super) struct Script {
    pub(super) disconnects: Vec<Disconnect>,
    pub(super) acts: Vec<(i64, Act)>,
}

impl Script {
    pub(super) fn new(plan: &Plan) -> Self {
        let mut chance = ChaCha8Rng::seed_from_u64(plan.seed);
        let span = plan.span_ms();
        let disconnects = disconnects(plan, span, &mut chance);
        let mut acts = Vec::new();
        let mut every = |mean_ms: i64, chance: &mut ChaCha8Rng, act: fn(&mut ChaCha8Rng) -> Act| {
            let mut at = chance.random_range(0..mean_ms);
            while at < span {
                acts.push((at, act(chance)));
                at += chance.random_range(1..2 * mean_ms);
            }
        };
        every(QUESTION_MS, &mut chance, |chance| Act::Ask {
            ended: chance.random_bool(0.03),
            alone: chance.random_bool(0.1),
        });
        let often = |mean_ms: i64| mean_ms.min(span / AT_LEAST).max(1);
        every(often(TRANSFER_MS), &mut chance, |_| Act::Transfer);
        every(TROUBLE_MS, &mut chance, trouble);
        let mut begun = Vec::new();
        every(often(PROCESS_MS), &mut chance, |_| Act::Begin);
        begun.extend(acts.iter().filter(|(_, act)| *act == Act::Begin).map(|(at, _)| *at));
        for at in begun {
            let decided = at + chance.random_range(THINK_MS);
            acts.push((decided, Act::Decide(chance.random_bool(0.7))));
        }
        let kills = i64::from(plan.kills);
        for kill in 0..kills {
            // Neither at the very beginning nor at the end.
            let at = span * (2 * kill + 1) / (2 * kills) + chance.random_range(-5_000..5_000);
            acts.push((at.max(1), Act::Kill));
        }
        acts.sort_by_key(|(at, _)| *at);
        Self { disconnects, acts }
    }
}

fn disconnects(plan: &Plan, span: i64, chance: &mut ChaCha8Rng) -> Vec<Disconnect> {
    let count = plan.disconnects;
    // A short soak has one of each as well.
    let some = |ill: Ill, of: u32| std::iter::repeat_n(ill, (count / of).max(1) as usize);
    let rare = some(Ill::Zombie, ZOMBIE_OF).chain(some(Ill::Oversized, SPOILT_OF));
    let rare: Vec<Ill> = rare.chain(some(Ill::Nonsense, SPOILT_OF)).collect();
    let common = (0..count).map(|n| if n.is_multiple_of(2) { Ill::Cut } else { Ill::Farewell });
    let mut ills: Vec<Ill> = rare.into_iter().chain(common).take(count as usize).collect();
    ills.shuffle(chance);
    let mut obstacles: Vec<Option<Obstacle>> = vec![None; count as usize];
    let (outages, refusals) = (count / OUTAGE_OF, count / OUTAGE_OF);
    let rare = (0..outages).map(|_| Obstacle::Outage(OUTAGE_MS));
    let rare = rare.chain((0..refusals).map(|_| Obstacle::Refused));
    let often = (0..count / 10).map(|_| Obstacle::ExpiredTicket);
    let often = often.chain((0..count / 12).map(|n| Obstacle::Failing(1 + n % 2)));
    for (place, obstacle) in obstacles.iter_mut().zip(rare.chain(often)) {
        *place = Some(obstacle);
    }
    obstacles.shuffle(chance);
    let pace = span / i64::from(count.max(1));
    let all = ills.into_iter().zip(obstacles).enumerate();
    all.map(|(n, (ill, obstacle))| Disconnect {
        at_ms: pace * n as i64 + chance.random_range(0..pace.max(1)),
        stands_ms: if chance.random_bool(0.4) { chance.random_range(0..SHORT_MS) } else { 0 },
        ill,
        obstacle,
        crowd: chance.random_range(0..4),
    })
    .collect()
}

fn trouble(chance: &mut ChaCha8Rng) -> Act {
    match chance.random_range(0..8) {
        0 | 1 => Act::LoseAcks(chance.random_range(1..4)),
        2 | 3 => Act::RepeatEvents(chance.random_range(1..3)),
        4 => Act::Slow(chance.random_range(5..40)),
        5 => Act::Nonsense,
        6 => Act::NoAnswer,
        _ => Act::Revoke,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Act, Ill, Script};
    use crate::soak::Plan;

    #[test]
    fn a_schedule_has_something_of_everything_in_order_and_the_same_seed_gives_the_same() {
        for (minutes, disconnects) in [(1, 20), (30, 200)] {
            let span = Duration::from_mins(minutes);
            let plan = Plan { span, rate: 20, seed: 7, disconnects, kills: 2 };
            let script = Script::new(&plan);
            assert_eq!(format!("{script:?}"), format!("{:?}", Script::new(&plan)));
            assert_eq!(script.disconnects.len(), disconnects as usize);
            for ill in [Ill::Cut, Ill::Farewell, Ill::Zombie, Ill::Oversized, Ill::Nonsense] {
                assert!(script.disconnects.iter().any(|one| one.ill == ill), "{ill:?}");
            }
            assert!(script.disconnects.iter().filter(|one| one.obstacle.is_some()).count() > 2);
            assert!(script.disconnects.windows(2).all(|two| two[0].at_ms <= two[1].at_ms));
            assert!(script.acts.windows(2).all(|two| two[0].0 <= two[1].0));
            let count = |wanted: fn(&Act) -> bool| {
                script.acts.iter().filter(|(_, act)| wanted(act)).count()
            };
            assert_eq!(count(|act| *act == Act::Kill), 2);
            let (begun, decided) =
                (count(|act| *act == Act::Begin), count(|act| matches!(act, Act::Decide(_))));
            assert!(begun > 0 && begun == decided);
        }
    }
}
