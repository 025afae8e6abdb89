//! Plays a schedule: connections end, people speak, and everybody waits until nothing is left to wait
//! for.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use possim::dingtalk::FaultAnswer;
use serde_json::{Value, json};

use super::books::{Books, Life, Strike, said};
use super::memory::Memory;
use super::outcome::Outcome;
use super::people::{People, begin, decide};
use super::scene::{GATEWAY, Scene};
use super::script::{Act, Disconnect, Ill, Obstacle, Script};
use super::{Plan, questions};

/// Where a question is answered.
const SESSION: &str = "/robot/sendBySession";
/// Longest pause between two looks at what is due, and the shortest.
const LOOK: Duration = Duration::from_millis(20);
/// Time between two looks at the cards, and at the brain's memory.
const CARDS_EVERY: Duration = Duration::from_millis(500);
/// A frame that is too large for the bridge, in bytes.
const OVERSIZED: usize = 1_100_000;
/// More nonsense than the bridge bears at once. A ping between two ends a run, hence the rounds.
const NONSENSE: usize = 60;
const ROUNDS: usize = 5;
/// A dead connection is found after a minute of the shop's time and ten seconds of the network's; the
/// mock keeps it a little longer.
const ZOMBIE_MS: i64 = 90_000;
const ZOMBIE_PONG: Duration = Duration::from_secs(10);
/// So many times its span a soak may take; then the bridge does not come back.
const LATEST: i64 = 3;
/// How long everything may take to come to its end once nothing happens any more, beside the longest
/// wait of the bridge (five minutes after a refusal, and the minute's allowance).
const SETTLE: Duration = Duration::from_mins(2);
const SETTLE_MS: i64 = 900_000;

/// What plays, and how far it is.
struct Stage {
    plan: Plan,
    scene: Scene,
    people: People,
    books: Books,
    memory: Memory,
    looked: Instant,
}

/// Plays the whole plan.
///
/// # Panics
/// Where the plan is [refused](Plan::refused), or a process that must run does not.
pub fn play(plan: Plan) -> Outcome {
    assert_eq!(plan.refused(), None);
    let began = Instant::now();
    let script = Script::new(&plan);
    let scene = Scene::open(&plan);
    let mut books = Books::default();
    books.lives.push(Life { from_ms: i64::MIN, to_ms: None });
    let people = People::new(plan.seed);
    let (memory, looked) = (Memory::default(), Instant::now());
    let mut stage = Stage { plan, scene, people, books, memory, looked };
    let undone = stage.run(script);
    let settled = stage.settle();
    stage.people.hear(&stage.scene, &mut stage.books, true);
    stage.books.read(&stage.scene);
    let Stage { books, memory, .. } = stage;
    Outcome::new(plan, &books, memory.growth(), undone, settled, began.elapsed())
}

impl Stage {
    /// Until all has happened; how many connections were still to end when there was no time left.
    fn run(&mut self, script: Script) -> usize {
        let Script { disconnects, acts } = script;
        let (mut disconnects, mut acts) = (VecDeque::from(disconnects), VecDeque::from(acts));
        // What waited for a connection happens later: a dead one alone is not noticed for ten seconds
        // of the machine's time.
        let latest = self.plan.span_ms() * LATEST;
        while !(disconnects.is_empty() && acts.is_empty()) && self.scene.now_ms() < latest {
            while let Some((_, act)) = acts.pop_front_if(|(at, _)| *at <= self.scene.now_ms()) {
                self.act(act);
            }
            let now = self.scene.now_ms();
            if let Some(next) = disconnects.front().filter(|next| next.at_ms <= now)
                && self.disconnect(*next)
            {
                disconnects.pop_front();
            }
            self.look();
            let next = acts.front().map_or(i64::MAX, |(at, _)| *at);
            self.scene.sleep_until(next, self.plan.rate, LOOK);
        }
        disconnects.len()
    }

    /// Presses what there is to press, and looks at the memory, now and then.
    fn look(&mut self) {
        if self.looked.elapsed() >= CARDS_EVERY {
            self.people.press(&self.scene, &mut self.books);
            if let Some(pid) = self.scene.bridge.brain_pid() {
                self.memory.look(pid, self.scene.now_ms());
            }
            self.looked = Instant::now();
        }
    }

    fn act(&mut self, act: Act) {
        let Self { scene, people, books, .. } = self;
        match act {
            Act::Ask { ended, alone } => people.ask(scene, books, ended, alone),
            Act::Transfer => people.ask_transfer(scene, books),
            Act::Begin => begin(scene, books),
            Act::Decide(agreed) => decide(scene, books, agreed),
            Act::LoseAcks(count) => self.order(&json!({ "do": "lose_acks", "count": count })),
            Act::RepeatEvents(count) => {
                self.order(&json!({ "do": "repeat_events", "count": count }));
            }
            Act::Slow(ms) => self.order(&json!({ "do": "slow", "ms": ms })),
            Act::Nonsense => self.order(&json!({ "do": "garbage" })),
            Act::NoAnswer => scene.fail(SESSION, FaultAnswer::Http503, Some(1), None),
            Act::Revoke => {
                scene.order("app", &json!({ "revoke_token": true }));
            }
            Act::Kill => self.kill(),
        }
    }

    fn order(&self, fault: &Value) {
        self.scene.order("stream", fault);
    }

    /// Kills the brain in the middle of questions, and asks one more while there is none.
    fn kill(&mut self) {
        let Self { scene, people, books, .. } = self;
        for _ in 0..2 {
            people.ask(scene, books, false, false);
        }
        scene.bridge.kill_brain();
        let now = scene.now_ms();
        if let Some(life) = books.lives.last_mut() {
            life.to_ms = Some(now);
        }
        people.ask(scene, books, false, false);
        books.lives.push(Life { from_ms: now, to_ms: None });
        scene.bridge.start_brain();
    }

    /// Ends the connection as `next` says; false where none stands for long enough.
    fn disconnect(&mut self, next: Disconnect) -> bool {
        let Some((connection, since)) = self.scene.open_connection() else { return false };
        if self.scene.now_ms() < since + next.stands_ms {
            return false;
        }
        self.obstruct(next.obstacle);
        for _ in 0..next.crowd {
            self.people.ask(&self.scene, &mut self.books, false, false);
        }
        let at_ms = self.scene.now_ms();
        self.books.strikes.push(Strike { at_ms, connection: connection.clone(), ill: next.ill });
        let one = |what: &str| json!({ "do": what, "connection": connection });
        match next.ill {
            Ill::Cut => self.order(&one("drop")),
            Ill::Farewell => self.order(&one("disconnect")),
            Ill::Zombie => {
                let mut silence = one("silence");
                silence["for_ms"] = json!(ZOMBIE_MS + self.plan.real(ZOMBIE_PONG));
                self.order(&silence);
            }
            Ill::Oversized => {
                let mut large = one("oversized");
                large["bytes"] = json!(OVERSIZED);
                self.order(&large);
            }
            Ill::Nonsense => self.talk_nonsense(&connection),
        }
        true
    }

    fn obstruct(&self, obstacle: Option<Obstacle>) {
        let fail = |answer, count, for_ms| self.scene.fail(GATEWAY, answer, count, for_ms);
        match obstacle {
            None => {}
            Some(Obstacle::ExpiredTicket) => {
                self.order(&json!({ "do": "expire_tickets", "next": 1 }));
            }
            Some(Obstacle::Failing(count)) => fail(FaultAnswer::Http502, Some(count), None),
            Some(Obstacle::Outage(for_ms)) => fail(FaultAnswer::Http503, None, Some(for_ms)),
            Some(Obstacle::Refused) => {
                let refusal = json!({ "fail": { "status": 401, "code": "authFailed",
                    "message": "鉴权失败" } });
                let refusal = serde_json::from_value(refusal).expect("a documented fault");
                fail(refusal, Some(1), None);
            }
        }
    }

    /// Nonsense until the bridge has enough of it.
    fn talk_nonsense(&self, connection: &str) {
        let frame = json!({ "do": "garbage", "connection": connection });
        for _ in 0..ROUNDS {
            (0..NONSENSE).for_each(|_| self.order(&frame));
            let begun = Instant::now();
            while begun.elapsed() < CARDS_EVERY {
                let open = self.scene.open_connection();
                if open.is_none_or(|(id, _)| id != connection) {
                    return;
                }
            }
        }
    }

    /// Waits until the last question is answered, the last card decided and the last event
    /// acknowledged; whether that came to be in time.
    fn settle(&mut self) -> bool {
        // Faults that nobody met are nobody's any more.
        self.scene.forgive();
        let deadline = Instant::now() + SETTLE;
        let latest = self.scene.now_ms() + SETTLE_MS;
        let mut last = None;
        loop {
            self.look();
            if last.is_none() && self.scene.open_connection().is_some() {
                self.people.ask_transfer(&self.scene, &mut self.books);
                // Whatever was asked before it was handed on before it.
                self.people.ask(&self.scene, &mut self.books, false, false);
                last = self.books.asked.last().cloned();
            }
            if let Some(last) = &last
                && self.is_settled(last)
            {
                return true;
            }
            if Instant::now() >= deadline && self.scene.now_ms() >= latest {
                return false;
            }
            std::thread::sleep(LOOK);
        }
    }

    fn is_settled(&mut self, last: &super::books::Asked) -> bool {
        let said = said(&self.scene);
        if !questions::answers(&self.books.asked, &said).contains_key(&last.about) {
            return false;
        }
        self.books.read(&self.scene);
        let closed = self.books.cards.values().all(|open| !open);
        let (questions, transfers) = questions::waiting(&self.books, &self.plan);
        closed && self.books.waiting_events == 0 && questions == 0 && transfers == 0
    }
}
