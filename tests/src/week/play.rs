//! Plays the week: bytes through the tills' sessions, events into rows in memory and into a journal,
//! the clerk's round each minute. What comes of it is checked elsewhere.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;

use pos_protocol::event::{Event, Kind, SCHEMA, SessionId};
use pos_protocol::limits::Limits;
use pos_protocol::money::Currency;
use pos_protocol::profile::{Encoding, Profile};
use pos_protocol::session::{Lane, Session};
use pos_protocol::time::Timestamp;
use posbridge::config::{self, Config};
use posbridge::dingtalk::Message;
use posbridge::journal::{Batch, Journal, Memory, NewFinding, NewNotice, Rows, Understand};
use posbridge::notice::{self, Context};
use posbridge::shop::{Clerk, Finding};
use possim::shop::{Slip, epoch_ms, local_time};
use possim::truth;
use serde_json::json;
use tokio::runtime::Runtime;

use super::counted::Counted;
use super::outcome::Outcome;
use super::roll::{Act, is_z};
use super::script::{Entered, Heard, Script};
use super::shelf::{Shelf, moves};
use super::stand::{STANDS, config};
use super::told::{runs_out, told, wanted};
use crate::street::{Pair, Score};

const MINUTE_MS: i64 = 60_000;
/// A till asks whether there is paper, and the two answers.
const ASK_PAPER: [u8; 3] = [0x10, 0x04, 0x04];
const PAPER: u8 = 0x12;
const NO_PAPER: u8 = 0x72;
/// Fields of a slip that the books follow from.
const FIELDS: [&str; 7] = ["kind", "number", "printed_at", "total", "cashier", "items", "payments"];

/// Plays so many days from `seed`.
///
/// # Panics
/// Where the journal in `dir` cannot be written.
pub fn play(seed: u64, days: u32, dir: &Path) -> Outcome {
    let mut stage = Stage::set(Script::new(seed, days), dir);
    let script = std::mem::replace(&mut stage.script, Script::none());
    stage.run(&script);
    stage.script = script;
    stage.judge();
    stage.outcome
}

pub(super) struct Stage {
    pub(super) script: Script,
    config: Arc<Config>,
    pub(super) clerk: Arc<Clerk>,
    runtime: Runtime,
    pub(super) journal: Journal,
    pub(super) memory: Memory,
    pub(super) tills: Vec<Till>,
    pub(super) counted: Counted,
    pub(super) shelves: Vec<Shelf>,
    /// Keys of everything told, in its order.
    pub(super) keys: Vec<String>,
    pub(super) outcome: Outcome,
}

/// A till's session, and what its slips that were not read yet say.
pub(super) struct Till {
    session: Session,
    pub(super) printed: VecDeque<(Event, Option<String>)>,
}

impl Stage {
    fn set(script: Script, dir: &Path) -> Self {
        let file = dir.join("posbridge.toml");
        std::fs::write(&file, config()).expect("a directory with room");
        let config = Arc::new(config::load(&file).expect("a good configuration"));
        let tills = STANDS.iter().map(|stand| {
            let encoding = Encoding::parse(stand.encoding).expect("an encoding");
            let currency = Currency::from_code("HKD");
            let profile = Profile { encoding, currency, ..Profile::default() };
            let id = session(stand.till);
            Till {
                session: Session::new(id, Arc::new(profile), Limits::default()),
                printed: VecDeque::new(),
            }
        });
        Self {
            clerk: Arc::new(Clerk::new(Arc::clone(&config))),
            config,
            runtime: Runtime::new().expect("threads"),
            journal: Journal::open(&dir.join("week.db")).expect("a journal"),
            memory: Memory::default(),
            tills: tills.collect(),
            counted: Counted::default(),
            shelves: vec![Shelf::default(); STANDS.len()],
            keys: Vec::new(),
            outcome: Outcome::new(&script.injected.iter().map(wanted).collect::<Vec<_>>()),
            script,
        }
    }

    fn run(&mut self, script: &Script) {
        let (begin, end) = script.span();
        let mut heard = script.heard.iter().peekable();
        let mut entered = script.entered.iter().enumerate().peekable();
        let mut minute_ms = epoch_ms(begin);
        while minute_ms <= epoch_ms(end) {
            let mut events = Vec::new();
            while let Some((number, one)) = entered.next_if(|(_, one)| one.at_ms < minute_ms) {
                while let Some(slip) = heard.next_if(|slip| slip.at_ms < one.at_ms) {
                    self.hear(slip, &mut events);
                }
                self.look(one.at_ms, &mut events);
                self.enter(number, one, &mut events);
            }
            while let Some(slip) = heard.next_if(|slip| slip.at_ms < minute_ms) {
                self.hear(slip, &mut events);
            }
            self.look(minute_ms, &mut events);
            self.commit(events);
            self.round(minute_ms);
            minute_ms += MINUTE_MS;
        }
    }

    fn hear(&mut self, heard: &Heard, events: &mut Vec<Event>) {
        let stand = &STANDS[heard.till];
        let till = &mut self.tills[heard.till];
        let now = time(heard.at_ms);
        till.session.handle_timeout(now);
        match &heard.act {
            Act::Paper(is_there) => {
                till.session.receive(Lane::ToPrinter(0), now, &ASK_PAPER);
                let answer = if *is_there { PAPER } else { NO_PAPER };
                till.session.receive(Lane::FromPrinter(0), now, &[answer]);
            }
            Act::Prints(slip) => {
                let style = stand.style();
                let original = match &**slip {
                    Slip::Ticket(_, sale) => sale.original.clone(),
                    _ => None,
                };
                till.printed.push_back((truth::slip(slip, style, stand.till), original));
                till.session.receive(Lane::ToPrinter(0), now, &style.print_slip(slip));
                self.count(heard, slip);
            }
        }
        self.drain(heard.till, events);
    }

    /// Counts by hand what a slip does to takings and stock.
    fn count(&mut self, heard: &Heard, slip: &Slip) {
        let stand = &STANDS[heard.till];
        self.outcome.slips += 1;
        self.outcome.receipts += usize::from(matches!(slip.kind(), Kind::Sale | Kind::Refund));
        self.outcome.ends += usize::from(is_z(slip));
        let taken_back = self.counted.count(stand, slip, local_time(heard.at_ms));
        let (Slip::Ticket(kind, sale), Some(sign)) = (slip, moves(slip.kind())) else { return };
        let moved = if *kind == Kind::Void { taken_back } else { Some(sale.clone()) };
        let goods = &mut self.shelves[heard.till];
        for (article, word) in
            moved.iter().flat_map(|sale| goods.take(stand, sale, sign, heard.at_ms))
        {
            self.outcome.wanted.push(runs_out(stand.shop, &article, word, heard.at_ms));
        }
    }

    fn enter(&mut self, number: usize, entered: &Entered, events: &mut Vec<Event>) {
        let till = STANDS.iter().position(|stand| stand.shop == entered.shop).expect("a shop");
        for (article, word) in self.shelves[till].enter(entered) {
            self.outcome.wanted.push(runs_out(entered.shop, &article, word, entered.at_ms));
        }
        let event = json!({
            "schema": SCHEMA, "id": session("office").event(0, number as u64, 0),
            "source": "office", "observed_at": time(entered.at_ms).rfc3339(),
            "kind": Kind::Inventory, "inventory": entered.json(),
        });
        events.push(serde_json::from_value(event).expect("the wire schema"));
    }

    /// Everybody looks at the clock.
    fn look(&mut self, now_ms: i64, events: &mut Vec<Event>) {
        for till in 0..self.tills.len() {
            self.tills[till].session.handle_timeout(time(now_ms));
            self.drain(till, events);
        }
    }

    /// Takes what was read, and holds it against what was printed.
    fn drain(&mut self, till: usize, events: &mut Vec<Event>) {
        while let Some(event) = self.tills[till].session.poll_event() {
            if event.text.is_some() {
                match self.tills[till].printed.pop_front() {
                    Some((printed, original)) => {
                        self.outcome.misread.extend(misread(&printed, original.as_deref(), &event));
                    }
                    None => self.outcome.misread.push(format!("nothing printed: {event:?}")),
                }
            }
            events.push(event);
        }
    }

    /// Into the rows in memory and into the journal, as ingest does it.
    fn commit(&mut self, events: Vec<Event>) {
        if events.is_empty() {
            return;
        }
        let config = Arc::clone(&self.config);
        let robot = &config.robots[0];
        let mut notices = Vec::new();
        for event in &events {
            self.memory.remember(event).expect("plain data");
            let found = self.clerk.event(event, &mut self.memory).expect("memory").findings;
            if robot.is_told(event.kind, &event.source) {
                let urgent = event.kind != Kind::Sale;
                if urgent {
                    self.outcome.at_once += 1;
                    self.say(&notice::render(event, &Context::new(&config, robot)));
                }
                let at = event.observed_at.parse::<jiff::Timestamp>().expect("RFC 3339");
                notices.push(NewNotice {
                    event_id: event.id,
                    robot: robot.name.clone(),
                    urgent,
                    created_ms: at.as_millisecond(),
                });
            }
            self.tell(found);
        }
        let shop: Option<Arc<dyn Understand>> = Some(Arc::clone(&self.clerk) as Arc<_>);
        let batch = Batch { events, notices, shop, ..Batch::default() };
        self.journal.commit(batch).expect("commits");
    }

    fn round(&mut self, now_ms: i64) {
        let now = self.clerk.moment_of(now_ms).expect("a time");
        let found = self.clerk.tick(now, &self.memory).expect("memory");
        self.tell(found);
        let clerk = Arc::clone(&self.clerk);
        let looked = self.journal.look_for(now_ms, move |rows| clerk.tick(now, rows));
        self.runtime.block_on(looked).expect("a round");
    }

    /// A message that goes by itself. One that cannot be said is wrong.
    fn say(&mut self, message: &Message) {
        match message.body(&format!("week-{}", self.outcome.said.len())) {
            Ok(body) => self.outcome.said.push(body),
            Err(error) => self.outcome.wrong.push(format!("cannot be said: {error}")),
        }
    }

    /// As the outbox takes it: each key once.
    fn tell(&mut self, found: Vec<NewFinding>) {
        for new in found {
            if self.memory.told(&new.key).expect("memory") {
                continue;
            }
            self.memory.tell(std::slice::from_ref(&new));
            self.keys.push(new.key);
            let finding: Finding = serde_json::from_str(&new.body).expect("a finding");
            *self.outcome.findings.entry(finding.kind().as_str()).or_default() += 1;
            let config = Arc::clone(&self.config);
            self.say(&notice::finding(&finding, &Context::new(&config, &config.robots[0])));
            match (told(&finding), finding) {
                (Some(told), _) => self.outcome.told.push(told),
                (None, Finding::Summary(summary)) => {
                    self.outcome.summaries += 1;
                    self.check_summary(&summary);
                }
                (None, other) => self.outcome.wrong.push(format!("nothing to say of {other:?}")),
            }
        }
    }
}

/// What of a slip was not read as it was printed.
fn misread(printed: &Event, original: Option<&str>, read: &Event) -> Option<String> {
    let pair = Pair { truth: printed.clone(), read: Some(read.clone()) };
    let mut wrong = Score::default().add(&pair);
    wrong.retain(|field| FIELDS.contains(field));
    if printed.report != read.report {
        wrong.push("report");
    }
    let receipt = read.receipt.as_ref();
    if original.is_some() && receipt.and_then(|r| r.original_number.as_deref()) != original {
        wrong.push("original_number");
    }
    let text = read.text.as_deref().unwrap_or_default();
    let facts = json!({"receipt": read.receipt, "report": read.report, "kind": read.kind});
    (!wrong.is_empty()).then(|| format!("{} of\n{text}\n{facts}", wrong.join(", ")))
}

fn session(source: &str) -> SessionId {
    SessionId { journal: "week".into(), source: source.into(), epoch: 0 }
}

/// Wall time in milliseconds, with a monotonic clock that began with the era.
fn time(at_ms: i64) -> Timestamp {
    Timestamp::new(at_ms.unsigned_abs() * 1_000_000, at_ms)
}
