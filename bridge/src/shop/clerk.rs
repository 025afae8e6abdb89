//! Reads every new event once and has the books kept.
//!
//! It decides who keeps something of an event, in which order, and nothing else.

use std::collections::BTreeMap;
use std::sync::Arc;

use pos_protocol::event::{About, Approval, Entry, Event, Inventory, Kind, Ruling};

use super::drawer::Drawer;
use super::finding::{Finding, Place};
use super::moment::Moment;
use super::receipts::{Receipts, Standing};
use super::rulebook::Occasion;
use super::schedule;
use super::settings::Settings;
use super::shift::{self, Reckoning};
use super::stock::{self, Slip};
use super::tally::{self, Counted};
use super::twins;
use super::watch::{self, Watched};
use crate::config::{Config, Mode, Robot, Source};
use crate::journal::{JournalError, NewFinding, NewMatter, Rows, Understand, Understood};
use crate::{agenda, approve};

/// Keeps the books of all shops of a bridge.
#[derive(Clone, Debug)]
pub struct Clerk {
    pub(super) config: Arc<Config>,
    settings: Settings,
    /// The settings as they are kept with each event.
    written: String,
    /// The tills of each shop, which has thousands in a mall.
    tills: BTreeMap<String, Vec<String>>,
}

/// Which rows the books have of the same events. Another number makes them anew at the next start.
const BOOKS_VERSION: u32 = 3;

/// What an event does to the day that it counts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// It counts.
    Count,
    /// It takes back what it counted before: a better reading follows.
    TakeBack,
}

impl Clerk {
    /// A clerk who goes by `config`.
    pub fn new(config: Arc<Config>) -> Self {
        let settings = Settings::of(&config);
        Self::by(config, settings)
    }

    fn by(config: Arc<Config>, settings: Settings) -> Self {
        let mut tills: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for source in &config.sources {
            tills.entry(source.shop.clone()).or_default().push(source.name.clone());
        }
        let written = serde_json::to_string(&settings).expect("plain data always serialises");
        Self { config, settings, written, tills }
    }

    /// The shop that a source belongs to.
    fn shop(&self, source: &str) -> &str {
        self.settings.shop(source)
    }

    fn moment(&self, event: &Event) -> Option<Moment> {
        Moment::of(event, &self.settings.zone(), self.settings.day_ends)
    }

    /// Counts the event; what it is in the light of those before it, and what runs out.
    fn keep(
        &self,
        event: &Event,
        at: Moment,
        effect: Effect,
        rows: &mut dyn Rows,
    ) -> Result<(Standing, Vec<Finding>), JournalError> {
        let shop = self.shop(&event.source);
        let own = &*self.settings.currency;
        let standing = Receipts::new(shop).keep(event, at, effect, rows)?;
        let settings = &self.config.shop;
        let slip = Slip { event, shop, settings, standing: &standing, effect };
        let stock = stock::keep(&slip, rows)?;
        let counted = Counted { event, at, shop, own, standing: standing.clone(), effect };
        tally::keep(&counted, rows)?;
        Ok((standing, stock.into_iter().map(Finding::Stock).collect()))
    }

    /// What the event shows that is worth a look.
    fn watch(
        &self,
        event: &Event,
        at: Moment,
        standing: &Standing,
        rows: &mut dyn Rows,
    ) -> Result<Vec<Finding>, JournalError> {
        let shop = self.shop(&event.source);
        let watched = Watched {
            event,
            at,
            shop,
            tills: self.tills.get(shop).map_or(&[], Vec::as_slice),
            own: &self.settings.currency,
            doors: schedule::doors(&self.config, at.day),
            standing,
            limits: self.config.exceptions.of(&event.source),
        };
        let found = watch::look(&watched, rows)?;
        Ok(found.into_iter().map(Finding::Exception).collect())
    }

    /// What the owner's rules say of the event. One that fails is told to those who look after the
    /// bridge, and no other one suffers.
    fn rules(
        &self,
        event: &Event,
        at: Moment,
        rows: &dyn Rows,
    ) -> Result<Vec<NewFinding>, JournalError> {
        let config = &self.config;
        let occasion = Occasion { event, at, shop: self.shop(&event.source) };
        let mut new = Vec::new();
        for rule in &config.rules {
            match rule.apply(&occasion, config, rows)? {
                Ok(said) => new
                    .extend(said.into_iter().map(|(robot, said)| {
                        queued(&robot, &Finding::Rule(said), heard_ms(event))
                    })),
                Err(fault) => {
                    tracing::warn!(rule = rule.name, why = fault.why, "a rule failed");
                    let admin = config.admin.as_ref();
                    new.extend(admin.map(|admin| {
                        queued(&admin.robot, &Finding::RuleFailed(fault), heard_ms(event))
                    }));
                }
            }
        }
        Ok(new)
    }

    /// What a person entered. It counts in practice too: the catalogue is there when the shop goes
    /// live.
    fn enter(
        &self,
        event: &Event,
        entered: &Inventory,
        rows: &mut dyn Rows,
    ) -> Result<Vec<Finding>, JournalError> {
        let shop = entered.shop.as_deref().unwrap_or_default();
        let (standing, effect) = (&Standing::Alone, Effect::Count);
        let slip = Slip { event, shop, settings: &self.config.shop, standing, effect };
        Ok(stock::enter(&slip, entered, rows)?.into_iter().map(Finding::Stock).collect())
    }

    /// What an approved transfer moves. It counts in practice too, as what people enter does.
    fn approved(
        &self,
        event: &Event,
        approval: &Approval,
        rows: &mut dyn Rows,
    ) -> Result<Vec<Finding>, JournalError> {
        if (approval.about, approval.ruling) != (About::Transfer, Ruling::Approved) {
            return Ok(Vec::new());
        }
        let (standing, effect) = (&Standing::Alone, Effect::Count);
        let settings = &self.config.shop;
        let slip = Slip { event, shop: "", settings, standing, effect };
        let alerts = stock::transfer(&slip, approval, rows)?;
        Ok(alerts.into_iter().map(Finding::Stock).collect())
    }

    /// What a drawer that was counted lacks, where somebody has to decide about that.
    fn short(
        &self,
        event: &Event,
        entered: &Inventory,
        rows: &dyn Rows,
    ) -> Result<Option<NewMatter>, JournalError> {
        let Entry::Cash { amount, till: Some(till), .. } = &entered.entry else { return Ok(None) };
        let (shop, float) = (self.shop(till), self.config.shop.float);
        let drawer = Drawer::counted(rows, shop, till, float, *amount)?;
        Ok(drawer.and_then(|drawer| approve::short(event, &drawer, shop, &self.config)))
    }

    /// What follows from these findings: who is told, what is asked, what is put on people's lists.
    fn follow(&self, event: &Event, findings: &[Finding]) -> Understood {
        let mut matters = approve::asks(event, findings, &self.config);
        matters.extend(agenda::restock(findings, &self.config));
        Understood { findings: self.tell(event, findings), matters }
    }

    /// Keeps the event for its till's shift; what a Z report was found to say, where it differs.
    fn enter_shift(
        &self,
        event: &Event,
        at: Moment,
        rows: &mut dyn Rows,
    ) -> Result<Option<Reckoning>, JournalError> {
        let (shop, own) = (self.shop(&event.source), &*self.settings.currency);
        let reckoning = shift::keep(event, at, shop, own, rows)?;
        Ok(reckoning.filter(|reckoning| !reckoning.found.agrees()))
    }

    /// The robots that are told of each finding.
    fn tell(&self, event: &Event, findings: &[Finding]) -> Vec<NewFinding> {
        let told = |finding: &Finding, robot: &Robot| {
            wants(robot, finding) && robot.sources.contains(&event.source)
        };
        let mut new = Vec::new();
        for finding in findings {
            if matches!(finding.place(), Place::Source(_)) {
                let robots = self.config.robots.iter().filter(|robot| told(finding, robot));
                new.extend(robots.map(|robot| queued(&robot.name, finding, heard_ms(event))));
            } else {
                new.extend(self.announce(finding, heard_ms(event)));
            }
        }
        new
    }

    /// What is to be told because of the time alone: nothing where all of it was told before. It
    /// changes no row, so it can be asked as often as one likes.
    pub fn tick(&self, now: Moment, rows: &dyn Rows) -> Result<Vec<NewFinding>, JournalError> {
        // Practice before the shop goes live counts nowhere.
        if self.config.mode == Mode::Setup {
            return Ok(Vec::new());
        }
        let due = self.due(now, rows)?;
        let created = now.local.to_zoned(self.config.shop.timezone.clone());
        let created_ms = created.map_or(0, |now| now.timestamp().as_millisecond());
        let mut new = Vec::new();
        for finding in due {
            if !rows.told(&finding.key())? {
                new.extend(self.announce(&finding, created_ms));
            }
        }
        Ok(new)
    }

    /// What is due at `now`, whether it was told or not.
    fn due(&self, now: Moment, rows: &dyn Rows) -> Result<Vec<Finding>, JournalError> {
        let mut due = schedule::due(&self.config, now, rows)?;
        due.extend(watch::due(now, &self.config, rows)?.into_iter().map(Finding::Exception));
        Ok(due)
    }

    /// The moment that `now_ms`, a wall time, is for the shop.
    pub fn moment_of(&self, now_ms: i64) -> Option<Moment> {
        let shop = &self.config.shop;
        let now = jiff::Timestamp::from_millisecond(now_ms).ok()?;
        Some(Moment::at(now.to_zoned(shop.timezone.clone()).datetime(), shop.day_ends))
    }

    /// A finding for each robot that asks for its kind and hears of all that it is about.
    fn announce(&self, finding: &Finding, created_ms: i64) -> Vec<NewFinding> {
        let about = |source: &&Source| match finding.place() {
            Place::Source(name) => source.name == name,
            Place::Shop(shop) => source.shop == shop,
            Place::Together => true,
        };
        let told = |robot: &&Robot| {
            let mut concerned = self.config.sources.iter().filter(about);
            wants(robot, finding) && concerned.all(|source| robot.sources.contains(&source.name))
        };
        let robots = self.config.robots.iter().filter(told);
        robots.map(|robot| queued(&robot.name, finding, created_ms)).collect()
    }

    /// A better reading of an earlier event: that is taken back, and the new one counts as what it
    /// is now read as. An original that was forgotten already stays as it was counted,
    /// and one of practice counted nothing.
    fn correct(&self, correction: &Event, rows: &mut dyn Rows) -> Result<(), JournalError> {
        let Some(id) = correction.corrects else { return Ok(()) };
        let Some(original) = rows.event(&id.to_string())?.filter(|original| !original.test) else {
            return Ok(());
        };
        let read_as = correction.evidence.as_ref().and_then(|evidence| evidence.fields.get("kind"));
        let kind = read_as.and_then(|field| Kind::parse(&field.rule)).unwrap_or(original.kind);
        // A print takes the place of what was pushed: it has a time and a till of its own.
        let moved = original.source != correction.source;
        let heard = if moved { correction } else { &original };
        let observed_at = heard.observed_at.clone();
        let better = Event { kind, observed_at, corrects: None, ..correction.clone() };
        if let Some(at) = self.moment(&original) {
            let (shop, own) = (self.shop(&original.source), &*self.settings.currency);
            let gone = Event { kind: Kind::Unread, ..original.clone() };
            let left = if moved { &gone } else { &better };
            shift::correct(&original, left, at, shop, own, rows)?;
            self.keep(&original, at, Effect::TakeBack, rows)?;
            if let Some(at) = self.moment(&better).filter(|_| moved) {
                self.enter_shift(&better, at, rows)?;
            }
        }
        if let Some(at) = self.moment(&better) {
            self.keep(&better, at, Effect::Count, rows)?;
        }
        // A person looked at the paper and said what it is: there is nothing to be told.
        watch::corrected(&original, &better, self.shop(&original.source), rows)
    }
}

/// When an event was heard, in milliseconds of wall time.
fn heard_ms(event: &Event) -> i64 {
    event.observed_at.parse().map_or(0, jiff::Timestamp::as_millisecond)
}

fn queued(robot: &str, finding: &Finding, created_ms: i64) -> NewFinding {
    NewFinding {
        robot: robot.to_owned(),
        key: finding.key(),
        body: serde_json::to_string(finding).expect("plain data always serialises"),
        urgent: finding.is_urgent(),
        created_ms,
    }
}

/// Whether a robot asks for a finding, and no notice of an event tells it that already.
fn wants(robot: &Robot, finding: &Finding) -> bool {
    robot.findings.contains(&finding.kind())
        && !finding.said_by().is_some_and(|kind| robot.notices.contains(&kind))
}

impl Understand for Clerk {
    fn event(&self, event: &Event, rows: &mut dyn Rows) -> Result<Understood, JournalError> {
        // Practice before the shop goes live counts nowhere.
        if event.test {
            return Ok(Understood::default());
        }
        if let Some(entered) = &event.inventory {
            let findings = self.enter(event, entered, rows)?;
            let mut understood = self.follow(event, &findings);
            understood.matters.extend(self.short(event, entered, rows)?);
            return Ok(understood);
        }
        if let Some(approval) = &event.approval {
            let findings = self.approved(event, approval, rows)?;
            return Ok(self.follow(event, &findings));
        }
        if event.kind == Kind::Correction {
            self.correct(event, rows)?;
            return Ok(Understood::default());
        }
        let Some(at) = self.moment(event) else { return Ok(Understood::default()) };
        let (standing, mut findings) = self.keep(event, at, Effect::Count, rows)?;
        findings.extend(self.watch(event, at, &standing, rows)?);
        let mut understood = self.follow(event, &findings);
        let new = &mut understood.findings;
        if let Some(reckoning) = self.enter_shift(event, at, rows)? {
            let told = Finding::Reconciliation(Box::new(reckoning));
            new.extend(self.announce(&told, heard_ms(event)));
        }
        new.extend(self.rules(event, at, rows)?);
        Ok(understood)
    }

    fn is_practice(&self, event: &Event) -> bool {
        let entered = match &event.inventory {
            // Cash is counted against sales, and those of practice are none.
            Some(inventory) => !matches!(inventory.entry, Entry::Cash { .. }),
            None => event.kind == Kind::Approval,
        };
        self.config.mode == Mode::Setup && !entered
    }

    fn settings(&self, event: &Event) -> Option<String> {
        (!event.test).then(|| self.written.clone())
    }

    fn under(&self, settings: &str) -> Box<dyn Understand> {
        let Ok(settings) = serde_json::from_str::<Settings>(settings) else {
            return Box::new(self.clone());
        };
        let config = Arc::new(settings.applied_to(&self.config));
        Box::new(Self::by(config, settings))
    }

    fn version(&self) -> u32 {
        BOOKS_VERSION
    }

    fn hears_twice(&self) -> bool {
        self.config.hooks.is_some()
    }

    fn second(&self, event: &Event, known: &Event) -> Option<Event> {
        // Tills of two shops may count alike and sell the same. A provider whose shop nobody named may be
        // any's.
        let shops = [&event.source, &known.source].map(|source| self.shop(source));
        let apart = shops[0] != shops[1] && shops.iter().all(|shop| !shop.is_empty());
        if apart { None } else { twins::second(event, known, &self.settings.zone()) }
    }
}
