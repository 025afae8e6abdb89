//! The people of the two shops: they ask, press and decide, and remember what they did.

use pos_protocol::event::Ruling;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::books::{About, Asked, Books, Pressed, Process, cards};
use super::scene::{FIRST_RECEIPT, GOODS, RECEIPTS, SHOPS, Scene};

/// Number of the first receipt that there is not; no receipt that there is has one like it.
const NO_RECEIPT: u32 = 500_000;
/// One question in so many is for a receipt that there is, as long as there are any.
const FOUND_OF: u32 = 9;
/// Who may decide, and who may not.
const BOSS: &str = "boss";
const GUEST: &str = "eve";

/// What is pressed and not yet told.
struct Pressing {
    card: String,
    may: bool,
    ruling: Ruling,
    answer: JoinHandle<Value>,
}

/// The people.
pub(super) struct People {
    chance: ChaCha8Rng,
    questions: u32,
    transfers: u32,
    pressing: Vec<Pressing>,
}

impl People {
    pub(super) fn new(seed: u64) -> Self {
        let chance = ChaCha8Rng::seed_from_u64(seed ^ 0x0050_4f50);
        Self { chance, questions: 0, transfers: 0, pressing: Vec::new() }
    }

    /// Somebody asks for a receipt that nobody has asked for.
    pub(super) fn ask(&mut self, scene: &Scene, books: &mut Books, ended: bool, alone: bool) {
        let n = self.questions;
        self.questions += 1;
        let there_is = n.is_multiple_of(FOUND_OF) && n / FOUND_OF < RECEIPTS;
        let number = if there_is { FIRST_RECEIPT + n / FOUND_OF } else { NO_RECEIPT + n };
        let text = match n % 5 {
            0 => format!("find {number}"),
            1 => format!("搵 #{number}"),
            2 => format!("cari struk {number}"),
            3 => format!("查找 {number}"),
            _ => format!("{number}"),
        };
        let user = if alone { BOSS } else { ["ann", "ben", "cat"][n as usize % 3] };
        let mut saying = json!({ "user": user, "text": text, "direct": alone });
        if ended {
            saying["session_seconds"] = json!(0);
        }
        say(scene, books, About::Receipt(number), &saying);
    }

    /// Somebody who may asks for a transfer like no other.
    pub(super) fn ask_transfer(&mut self, scene: &Scene, books: &mut Books) {
        self.transfers += 1;
        let [from, to] = SHOPS;
        let text = format!("transfer {} {GOODS} from {from} to {to}", self.transfers);
        let saying = json!({ "user": BOSS, "text": text });
        say(scene, books, About::Transfer(self.transfers), &saying);
    }

    /// Presses buttons of cards that wait: each once at least, some twice, some by a guest.
    pub(super) fn press(&mut self, scene: &Scene, books: &mut Books) {
        self.hear(scene, books, false);
        let open = cards(scene).into_iter().filter(|(_, open)| *open);
        for (card, _) in open.collect::<Vec<_>>() {
            let waits = self.pressing.iter().any(|press| press.card == card);
            if waits || self.chance.random_bool(0.5) {
                continue;
            }
            if self.chance.random_bool(0.2) {
                self.press_one(scene, &card, false);
            }
            let twice = self.chance.random_bool(0.3);
            for _ in 0..=usize::from(twice) {
                self.press_one(scene, &card, true);
            }
        }
    }

    fn press_one(&mut self, scene: &Scene, card: &str, may: bool) {
        // One word for each card, so that whichever press counts, what follows is known.
        let sum: u32 = card.bytes().map(u32::from).sum();
        let ruling = if sum.is_multiple_of(4) { Ruling::Rejected } else { Ruling::Approved };
        let action = if ruling == Ruling::Rejected { "reject" } else { "approve" };
        let answer = scene.press(card, if may { BOSS } else { GUEST }, action);
        self.pressing.push(Pressing { card: card.to_owned(), may, ruling, answer });
    }

    /// Hears what presses came to: those that are answered, or all.
    pub(super) fn hear(&mut self, scene: &Scene, books: &mut Books, all: bool) {
        let (told, wait): (Vec<_>, Vec<_>) = std::mem::take(&mut self.pressing)
            .into_iter()
            .partition(|press| all || press.answer.is_finished());
        self.pressing = wait;
        for Pressing { card, may, ruling, answer } in told {
            let answer = scene.wait(answer).expect("the mock answers");
            books.pressed.push(Pressed { card, may, ruling, answer });
        }
    }
}

fn say(scene: &Scene, books: &mut Books, about: About, saying: &Value) {
    let at_ms = scene.now_ms();
    let said = scene.order("say", saying);
    books.asked.push(Asked {
        about,
        seq: said["seq"].as_u64().expect("a number"),
        message: said["msgId"].as_str().expect("an id").to_owned(),
        at_ms,
    });
}

/// Staff begin a process.
pub(super) fn begin(scene: &Scene, books: &mut Books) {
    books.processes.push(Process { id: scene.begin(), decided: None });
}

/// The manager decides the oldest process that waits.
pub(super) fn decide(scene: &Scene, books: &mut Books, agreed: bool) {
    let Some(process) = books.processes.iter_mut().find(|one| one.decided.is_none()) else {
        return;
    };
    let verdict = if agreed { "agree" } else { "refuse" };
    let told = scene.order("decide", &json!({ "instance": process.id, "verdict": verdict }));
    assert_eq!(told["result"], verdict, "{told}");
    process.decided = Some(if agreed { Ruling::Approved } else { Ruling::Rejected });
}
