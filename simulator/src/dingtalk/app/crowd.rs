//! People who act on their own: they ask at random moments, decide what is open, press what is put
//! before them.
//!
//! Who asks what and when follows from the seed; the moments are the mock's. Nothing here waits: what
//! is due is handed out with every look at the clock.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;
use serde_json::{Value, json};

use super::approval::Verdict;
use super::people::{Deciding, Pressing, Saying};
use super::state::App;
use super::workflow::Product;
use crate::shop::exponential;

/// Most questions of a minute.
const MAX_PER_MINUTE: u32 = 60_000;
/// Most people, and most questions that they know.
const MAX_KNOWN: usize = 1_000;
/// Most questions that are asked at one look at the clock: after a jump the rest comes with the next.
const MAX_AT_ONCE: usize = 100;

/// Some people and their habits.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crowd {
    /// Their user ids.
    pub users: Vec<String>,
    /// What they ask.
    pub texts: Vec<String>,
    /// How often one of them asks, on average; 0 is never.
    #[serde(default)]
    pub per_minute: u32,
    /// How long they act, in milliseconds of the mock's clock; absent, until they are sent home.
    pub for_ms: Option<u64>,
    /// The same seed asks the same.
    #[serde(default)]
    pub seed: u64,
    /// What becomes of an open approval.
    pub decide: Option<Decide>,
    /// What becomes of a card that calls back.
    pub press: Option<Press>,
}

/// How open approvals are decided.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decide {
    /// `agree`, `refuse`, `return` or `terminate`.
    verdict: Verdict,
    /// How long after its start, in milliseconds of the mock's clock.
    after_ms: u32,
}

/// Which button is pressed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Press {
    /// The button's id.
    action: String,
    /// How long after the card was put there, in milliseconds of the mock's clock.
    after_ms: u32,
}

impl Crowd {
    /// Whether they are people, know something to ask if they ask, and are not too many.
    pub(in crate::dingtalk) fn is_sensible(&self) -> bool {
        let known = |list: &[String]| !list.is_empty() && list.len() <= MAX_KNOWN;
        known(&self.users)
            && (self.per_minute == 0 || known(&self.texts))
            && self.per_minute <= MAX_PER_MINUTE
    }
}

/// People who are there.
#[derive(Debug)]
pub(super) struct Present {
    crowd: Crowd,
    random: ChaCha8Rng,
    next_ms: i64,
    until_ms: Option<i64>,
    asked: u64,
}

/// What people do now.
#[derive(Debug, Default)]
pub(in crate::dingtalk) struct Due {
    pub(in crate::dingtalk) sayings: Vec<Saying>,
    pub(in crate::dingtalk) presses: Vec<Pressing>,
}

impl Present {
    fn new(crowd: Crowd, now_ms: i64) -> Self {
        let random = ChaCha8Rng::seed_from_u64(crowd.seed);
        let until_ms = crowd.for_ms.map(|ms| now_ms.saturating_add_unsigned(ms));
        let mut present = Self { crowd, random, next_ms: now_ms, until_ms, asked: 0 };
        present.next_ms = present.later(now_ms);
        present
    }

    /// When somebody asks next.
    fn later(&mut self, from_ms: i64) -> i64 {
        if self.crowd.per_minute == 0 {
            return i64::MAX;
        }
        let mean = u64::from(60_000 / self.crowd.per_minute.max(1));
        from_ms.saturating_add_unsigned(exponential(self.random.random(), mean))
    }

    fn one_of<'a>(random: &mut ChaCha8Rng, list: &'a [String]) -> &'a str {
        let at = random.random_range(0..list.len().max(1) as u32) as usize;
        list.get(at).map_or("", String::as_str)
    }

    fn ask(&mut self, now_ms: i64) -> Vec<Saying> {
        let mut sayings = Vec::new();
        while self.next_ms <= now_ms
            && self.until_ms.is_none_or(|until| self.next_ms < until)
            && sayings.len() < MAX_AT_ONCE
        {
            let user = Self::one_of(&mut self.random, &self.crowd.users).to_owned();
            let text = Self::one_of(&mut self.random, &self.crowd.texts).to_owned();
            sayings.push(Saying::plain(user, text));
            self.asked += 1;
            self.next_ms = self.later(self.next_ms);
        }
        sayings
    }

    fn is_over(&self, now_ms: i64) -> bool {
        self.until_ms.is_some_and(|until| until <= now_ms)
    }
}

impl App {
    /// Lets people act on their own from now on, in place of those who did.
    pub(in crate::dingtalk) fn invite(&mut self, crowd: Crowd, now_ms: i64) {
        self.present = Some(Present::new(crowd, now_ms));
    }

    /// Sends them home.
    pub(in crate::dingtalk) fn send_home(&mut self) {
        self.present = None;
    }

    /// How many questions were asked, and whether they are still there.
    pub(in crate::dingtalk) fn present(&self) -> Value {
        let asked = self.present.as_ref().map(|present| present.asked);
        json!({"present": asked.is_some(), "asked": asked.unwrap_or(0)})
    }

    /// What people do now; approvals are decided at once.
    pub(in crate::dingtalk) fn due(&mut self, now_ms: i64) -> Due {
        let Some(present) = &mut self.present else { return Due::default() };
        let sayings = present.ask(now_ms);
        let over = present.is_over(now_ms) && sayings.is_empty();
        let Crowd { users, decide, press, .. } = present.crowd.clone();
        if let Some(decide) = decide {
            self.decide_open(&decide, now_ms);
        }
        let presses = press.map_or_else(Vec::new, |press| self.press_new(&press, &users, now_ms));
        if over {
            self.send_home();
        }
        Due { sayings, presses }
    }

    fn decide_open(&mut self, decide: &Decide, now_ms: i64) {
        let open = self.instances.iter().filter(|instance| {
            instance.product != Product::YidaForm
                && instance.approval.status() == "RUNNING"
                && instance.created_ms + i64::from(decide.after_ms) <= now_ms
        });
        let open: Vec<String> = open.map(|instance| instance.id.clone()).collect();
        for instance in open {
            // It was open a moment ago, under the same lock.
            let _ = self.decide(&Deciding::plain(instance, decide.verdict), now_ms);
        }
    }

    fn press_new(&mut self, press: &Press, users: &[String], now_ms: i64) -> Vec<Pressing> {
        let mut presses = Vec::new();
        for card in self.cards.iter_mut() {
            let is_due = card.created_ms + i64::from(press.after_ms) <= now_ms;
            if card.calls_back && !card.pressed && is_due {
                card.pressed = true;
                let user = users.first().cloned().unwrap_or_default();
                let track = card.out_track_id.clone();
                presses.push(Pressing::plain(track, user, press.action.clone()));
            }
        }
        presses
    }
}

#[cfg(test)]
mod tests {
    use super::{Crowd, MAX_AT_ONCE, Present};

    fn crowd(per_minute: u32, for_ms: u64) -> Crowd {
        let list = |words: [&str; 2]| words.map(ToOwned::to_owned).to_vec();
        Crowd {
            users: list(["u1", "u2"]),
            texts: list(["help", "今日"]),
            per_minute,
            for_ms: Some(for_ms),
            seed: 1,
            decide: None,
            press: None,
        }
    }

    #[test]
    fn the_same_seed_asks_the_same_however_time_is_looked_at() {
        let asked = |step: i64| {
            let mut present = Present::new(crowd(60, 600_000), 0);
            let mut all = Vec::new();
            for at in (0..=700_000).step_by(step as usize) {
                all.extend(present.ask(at).into_iter().map(|one| format!("{one:?}")));
            }
            all
        };
        let often = asked(10);
        assert!((500..700).contains(&often.len()), "sixty a minute for ten: {}", often.len());
        assert_eq!(asked(10_000), often);
    }

    #[test]
    fn a_jump_of_time_asks_a_bounded_number_at_once_and_loses_none() {
        let mut present = Present::new(crowd(6_000, 60_000), 0);
        let first = present.ask(3_600_000).len();
        assert_eq!(first, MAX_AT_ONCE);
        let rest = std::iter::repeat_with(|| present.ask(3_600_000).len()).take_while(|n| *n > 0);
        let all = first + rest.sum::<usize>();
        assert!((5_000..7_000).contains(&all), "{all}");
    }

    #[test]
    fn a_crowd_that_asks_knows_something_to_ask() {
        let mute = Crowd { texts: Vec::new(), ..crowd(1, 1) };
        assert!(!mute.is_sensible() && Crowd { per_minute: 0, ..mute }.is_sensible());
        assert!(!Crowd { users: Vec::new(), ..crowd(0, 1) }.is_sensible());
        assert!(!crowd(60_001, 1).is_sensible());
    }
}
