//! What happens when, on a trading day: a pure function of scale and seed.

use jiff::SignedDuration;
use jiff::civil::{DateTime, datetime};
use pos_protocol::event::{Event, Kind};
use possim::print::Style;
use possim::shop::{Day, Shop, Slip};
use possim::truth;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::tills::{STANDS, Stand};

/// The day begins on the first of a month of 31 days: the month's quota is whole, and every day's
/// share of it is the smallest there is.
const OPENING: DateTime = datetime(2026, 12, 1, 11, 0, 0, 0);
/// What a standard organisation has in a month, in calls.
const STANDARD_QUOTA: u32 = 3_000;
/// Half an hour cannot wait for digests that an even share of a standard month would make hourly.
const AMPLE_QUOTA: u32 = 60_000;
/// The shops' zone is eight hours ahead of UTC.
const UTC_OFFSET_S: i64 = 8 * 3_600;
/// Slips that a till is asked for until it has printed what the script needs.
const MOST_SLIPS: usize = 20_000;
const MINUTE: u32 = 60;

/// How much of a day is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// 600 slips from eleven to eight, with everything that can go wrong.
    Full,
    /// 40 slips in half an hour: a rush, a throttling, a cut, a kill, a reset after delivery.
    Short,
}

/// One thing that goes wrong, or is mended. Times are in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// The network is away.
    Cut(u32),
    /// The main robot is throttled, whatever it does.
    Throttle(u32),
    /// DingTalk answers 503 to everybody.
    Storm(u32),
    /// So many calls are reset before they are judged.
    ResetBefore(u32),
    /// So many calls are reset after their message was shown.
    ResetAfter(u32),
    /// DingTalk's clock and ours are seventy minutes apart.
    ClockOff(u32),
    /// kill -9 of the sender between the message's appearance and its answer.
    KillInAttempt,
    /// kill -9 of the sender.
    KillSender,
    /// kill -9 of the process that owns the ports.
    KillWire,
    /// The main robot's address is dead until it is set anew.
    RobotDies,
    /// Somebody gives the main robot's new address.
    RobotSet,
}

/// A slip that is printed.
#[derive(Clone, Debug)]
pub struct Printout {
    /// Seconds after opening.
    pub at_s: u32,
    /// Which till.
    pub till: usize,
    /// What was sold, paid back or opened.
    pub truth: Event,
    /// What the till sends.
    pub bytes: Vec<u8>,
}

/// A day.
#[derive(Clone, Debug)]
pub struct Script {
    /// Factor between virtual and real time.
    pub rate: f64,
    /// Slips in the order of their times.
    pub slips: Vec<Printout>,
    /// What happens, and how many seconds after opening.
    pub acts: Vec<(u32, Act)>,
    /// How long after the last slip the groups are watched, in seconds.
    pub settle_s: u32,
    /// Calls that the organisation has in a month.
    pub monthly_quota: u32,
}

/// When customers come: between two seconds after opening, so many.
type Crowd = (u32, u32, usize);

impl Script {
    /// The day of this seed.
    ///
    /// # Panics
    /// Where the simulator's shops do not sell what the script needs.
    pub fn new(scale: Scale, seed: u64) -> Self {
        let minute = |hour: u32, minute: u32| ((hour - 11) * 60 + minute) * MINUTE;
        let quota = match scale {
            Scale::Full => STANDARD_QUOTA,
            Scale::Short => AMPLE_QUOTA,
        };
        let (crowds, urgent, acts, rate, settle_s): (&[Crowd], Vec<u32>, _, _, _) = match scale {
            Scale::Full => (
                &[
                    (0, minute(12, 20), 60),
                    // Seventeen a minute at three tills, at times more than a robot may say.
                    (minute(12, 20), minute(12, 34), 240),
                    (minute(12, 34), minute(14, 0), 90),
                    (minute(14, 0), minute(18, 0), 100),
                    (minute(18, 0), minute(19, 50), 86),
                ],
                urgent_of_a_day(minute),
                acts_of_a_day(minute),
                72.0,
                4 * 3_600,
            ),
            Scale::Short => (
                &[(0, 5 * MINUTE, 5), (5 * MINUTE, 7 * MINUTE, 24), (7 * MINUTE, 28 * MINUTE, 7)],
                vec![3 * MINUTE, 12 * MINUTE, 20 * MINUTE, 26 * MINUTE],
                vec![
                    (2 * MINUTE, Act::ResetAfter(1)),
                    (5 * MINUTE + 20, Act::KillInAttempt),
                    (9 * MINUTE, Act::Throttle(6 * MINUTE)),
                    (18 * MINUTE, Act::Cut(5 * MINUTE)),
                ],
                60.0,
                3_600,
            ),
        };
        let slips = slips(crowds, urgent, seed);
        Self { rate, slips, acts, settle_s, monthly_quota: quota }
    }

    /// Opening, in milliseconds since the Unix epoch.
    pub fn opening_ms() -> i64 {
        let since = OPENING.duration_since(DateTime::constant(1970, 1, 1, 0, 0, 0, 0));
        (since.as_secs() - UTC_OFFSET_S) * 1_000
    }

    /// The clock that everybody lives by, as a `--clock` argument.
    pub fn clock(&self) -> String {
        let opening = jiff::Timestamp::from_millisecond(Self::opening_ms()).expect("this century");
        format!("origin={opening},rate={}", self.rate)
    }

    /// Everything that was printed, as a perfect reader would tell it.
    pub fn truth(&self) -> Vec<Event> {
        self.slips.iter().map(|slip| slip.truth.clone()).collect()
    }
}

/// Refunds and drawers opened by hand: some in every trouble of the day, the others in between.
fn urgent_of_a_day(minute: impl Fn(u32, u32) -> u32) -> Vec<u32> {
    [
        (11, 15),
        (11, 42),
        (12, 10),
        (12, 22),
        (12, 26),
        (12, 31),
        (12, 50),
        (13, 12),
        (13, 16),
        (13, 30),
        (13, 47),
        (13, 58),
        (14, 10),
        (14, 31),
        (14, 50),
        (15, 10),
        (15, 40),
        (16, 10),
        (16, 50),
        (17, 30),
        (18, 5),
        (18, 40),
        (19, 10),
        (19, 45),
    ]
    .into_iter()
    .map(|(hour, past)| minute(hour, past) + 20)
    .collect()
}

fn acts_of_a_day(minute: impl Fn(u32, u32) -> u32) -> Vec<(u32, Act)> {
    vec![
        (minute(11, 40), Act::ResetBefore(3)),
        (minute(11, 55), Act::ResetAfter(3)),
        (minute(12, 24), Act::KillInAttempt),
        (minute(13, 10), Act::Throttle(10 * MINUTE)),
        (minute(13, 45), Act::Cut(20 * MINUTE)),
        (minute(13, 55), Act::KillSender),
        (minute(14, 30), Act::Storm(5 * MINUTE)),
        (minute(15, 0), Act::RobotDies),
        (minute(16, 0), Act::RobotSet),
        (minute(16, 45), Act::ClockOff(60 * MINUTE)),
        (minute(18, 15), Act::KillWire),
    ]
}

/// Slips for every customer, till by till in the order in which the till numbered them.
fn slips(crowds: &[Crowd], urgent: Vec<u32>, seed: u64) -> Vec<Printout> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut times: Vec<(u32, bool)> = urgent.into_iter().map(|at| (at, true)).collect();
    for (from, to, customers) in crowds {
        times.extend((0..*customers).map(|_| (random.random_range(*from..*to), false)));
    }
    times.sort_unstable();
    let mut tills: Vec<Stock> = STANDS.iter().map(|stand| Stock::of(stand, seed)).collect();
    let mut printouts = Vec::with_capacity(times.len());
    for (at_s, is_urgent) in times {
        let till = random.random_range(0..tills.len());
        printouts.push(tills[till].print(at_s, till, is_urgent));
    }
    printouts
}

/// A till and what it has yet to print.
struct Stock {
    stand: &'static Stand,
    day: Day,
    sales: Vec<Slip>,
    urgent: Vec<Slip>,
}

impl Stock {
    fn of(stand: &'static Stand, seed: u64) -> Self {
        let shop = Shop::named(stand.shop).expect("a shop of the catalogue");
        let day = Day::open(shop, seed, stand.name, stand.first_number, OPENING);
        Self { stand, day, sales: Vec::new(), urgent: Vec::new() }
    }

    /// The next slip of its sort, with the time at which it is printed.
    fn print(&mut self, at_s: u32, till: usize, is_urgent: bool) -> Printout {
        for _ in 0..MOST_SLIPS {
            let wanted = if is_urgent { &self.urgent } else { &self.sales };
            if !wanted.is_empty() {
                break;
            }
            match self.day.next() {
                Some(slip @ Slip::Ticket(Kind::Sale, _)) => self.sales.push(slip),
                Some(slip @ (Slip::Ticket(Kind::Refund, _) | Slip::NoSale(_))) => {
                    self.urgent.push(slip);
                }
                _ => {}
            }
        }
        let queue = if is_urgent { &mut self.urgent } else { &mut self.sales };
        let at = OPENING.checked_add(SignedDuration::from_secs(at_s.into())).expect("this year");
        let slip = match queue.remove(0) {
            Slip::Ticket(kind, mut sale) => {
                sale.at = at;
                Slip::Ticket(kind, sale)
            }
            Slip::NoSale(mut opening) => {
                opening.at = at;
                Slip::NoSale(opening)
            }
            other => other,
        };
        let style = Style::named(self.stand.style).expect("a style of the simulator");
        let truth = truth::slip(&slip, style, self.stand.name);
        Printout { at_s, till, truth, bytes: style.print_slip(&slip) }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use pos_protocol::event::Kind;

    use super::{Scale, Script};

    #[test]
    fn a_day_has_six_hundred_slips_each_with_a_number_of_its_own() {
        let script = Script::new(Scale::Full, 1);
        assert_eq!(script.slips.len(), 600);
        let numbers: BTreeSet<_> = script
            .slips
            .iter()
            .map(|slip| slip.truth.receipt.as_ref().and_then(|receipt| receipt.number.clone()))
            .collect();
        assert_eq!(numbers.len(), 600);
        assert!(script.slips.is_sorted_by_key(|slip| slip.at_s));
        let kinds: BTreeSet<_> = script.slips.iter().map(|slip| slip.truth.kind.as_str()).collect();
        let told = [Kind::Sale, Kind::Refund, Kind::NoSale].map(Kind::as_str);
        assert_eq!(kinds, told.into_iter().collect());
        assert_eq!(Script::new(Scale::Short, 1).slips.len(), 40);
    }

    #[test]
    fn lunch_is_more_than_a_robot_may_say_in_a_minute() {
        for seed in 1..4 {
            let times: Vec<u32> =
                Script::new(Scale::Full, seed).slips.iter().map(|slip| slip.at_s).collect();
            let minute =
                |from: &u32| times.iter().filter(|at| (*from..from + 60).contains(at)).count();
            let most = times.iter().map(minute).max().expect("slips");
            assert!((21..45).contains(&most), "{most} in a minute, seed {seed}");
        }
    }

    #[test]
    fn the_same_seed_is_the_same_day() {
        let bytes = |seed| {
            let slips = Script::new(Scale::Short, seed).slips;
            slips.into_iter().flat_map(|slip| slip.bytes).collect::<Vec<u8>>()
        };
        assert_eq!(bytes(5), bytes(5));
        assert_ne!(bytes(5), bytes(6));
    }

    #[test]
    fn the_day_begins_at_eleven_in_hong_kong() {
        assert_eq!(Script::opening_ms(), 1_796_094_000_000);
        assert_eq!(Script::new(Scale::Short, 1).clock(), "origin=2026-12-01T03:00:00Z,rate=60");
    }
}
