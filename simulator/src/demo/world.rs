//! Everything that runs during a demonstration, and the one loop that watches it.
//!
//! Time passes only in [`World::pulse`]: whoever waits, waits for a condition or a time by pulsing.

use std::collections::HashSet;
use std::time::Duration;

use pos_protocol::event::{Event, EventId, Kind};
use tokio::sync::mpsc;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval};

use super::error::DemoError;
use super::show::{self, Show};
use super::tills::{Done, Tills};
use crate::bridge::Bridge;
use crate::dingtalk::MockRobot;
use crate::ledger::{Account, Books, Bounds, Journalled, Shown, Slip, Timing};
use crate::printer::Printer;

/// Pause between two looks at journal and group.
const LOOK_PAUSE: Duration = Duration::from_millis(300);

/// Everything that runs.
pub(super) struct World {
    pub(super) bridge: Bridge,
    pub(super) printers: Vec<Printer>,
    pub(super) tills: Tills,
    pub(super) show: Show,
    pub(super) books: Books,
    mock: MockRobot,
    done: mpsc::UnboundedReceiver<Done>,
    events_seen: HashSet<EventId>,
    messages_seen: u64,
    look: Interval,
}

impl World {
    pub(super) fn new(
        bridge: Bridge,
        printers: Vec<Printer>,
        mock: MockRobot,
        tills: Tills,
        done: mpsc::UnboundedReceiver<Done>,
        show: Show,
        seed: u64,
    ) -> Self {
        let mut look = interval(LOOK_PAUSE);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // Nothing is late here: the demonstration waits until everything was told.
        let books =
            Books { seed, journal: Some(Vec::new()), timing: Timing::Unknown, ..Books::default() };
        Self {
            bridge,
            printers,
            tills,
            show,
            books,
            mock,
            done,
            events_seen: HashSet::new(),
            messages_seen: 0,
            look,
        }
    }

    /// Watches until `at`.
    pub(super) async fn watch_until(&mut self, at: Instant) -> Result<(), DemoError> {
        while Instant::now() < at {
            self.pulse(at).await?;
        }
        Ok(())
    }

    /// Watches until `holds`, at most for `patience`; whether it came to hold.
    pub(super) async fn watch_for(
        &mut self,
        patience: Duration,
        holds: impl Fn(&Self) -> bool,
    ) -> Result<bool, DemoError> {
        let deadline = Instant::now() + patience;
        while !holds(self) {
            if Instant::now() >= deadline {
                return Ok(false);
            }
            self.pulse(deadline).await?;
        }
        Ok(true)
    }

    /// Whether every receipt that was ordered is on paper.
    pub(super) fn all_printed(&self) -> bool {
        self.books.slips.len() == self.tills.ordered
    }

    /// Receipts on paper at all printers.
    pub(super) fn receipts(&self) -> u64 {
        self.printers.iter().map(Printer::receipts).sum()
    }

    /// Whether the journal holds every sale of `source` so far.
    pub(super) fn all_journalled(&self, source: &str) -> bool {
        let number = |event: &Event| {
            let own = Some(event).filter(|event| event.source == source);
            own.and_then(|event| event.receipt.as_ref()?.number.clone())
        };
        let sold: HashSet<String> =
            self.books.slips.iter().filter_map(|slip| number(&slip.event)).collect();
        let journal = self.books.journal.iter().flatten();
        let journal: HashSet<String> = journal.filter_map(|seen| number(&seen.event)).collect();
        sold.is_subset(&journal)
    }

    /// What was sold against what journal and group hold at this moment.
    pub(super) fn settle(&self) -> Account {
        let bounds =
            Bounds { told_kinds: vec![Kind::Sale], shows_items: true, ..Bounds::default() };
        self.books.settle(&bounds)
    }

    /// A last look, which must succeed.
    pub(super) async fn look_again(&mut self) -> Result<(), DemoError> {
        let events = self.bridge.events().await?;
        self.take_events(events)?;
        self.take_messages()
    }

    /// Whatever happens next, or nothing before `until`.
    async fn pulse(&mut self, until: Instant) -> Result<(), DemoError> {
        tokio::select! {
            Some(done) = self.done.recv() => self.take_receipt(done),
            _ = self.look.tick() => {
                // While the brain is dead or starting the journal may not be readable; the last
                // look is the one that counts.
                let events = self.bridge.events().await;
                // What the till did is shown before what became of it.
                while let Ok(done) = self.done.try_recv() {
                    self.take_receipt(done)?;
                }
                if let Ok(events) = events {
                    self.take_events(events)?;
                }
                self.take_messages()
            }
            () = tokio::time::sleep_until(until) => Ok(()),
        }
    }

    fn take_receipt(&mut self, done: Done) -> Result<(), DemoError> {
        let printed = done.printed?;
        let again = if printed.torn > 0 { ", after a torn attempt" } else { "" };
        self.show.line("till", &format!("{}  printed{again}", show::sale(&done.sold)))?;
        let n = self.books.slips.len() as u64 + 1;
        self.books.slips.push(Slip { torn: printed.torn, ..Slip::untimed(n, done.sold) });
        Ok(())
    }

    fn take_events(&mut self, events: Vec<Event>) -> Result<(), DemoError> {
        for event in &events {
            if self.events_seen.insert(event.id) {
                self.show.line("event", &show::event(event))?;
            }
        }
        let journal = events.into_iter().map(|event| Journalled { at_us: 0, event });
        self.books.journal = Some(journal.collect());
        Ok(())
    }

    fn take_messages(&mut self) -> Result<(), DemoError> {
        let messages = self.mock.messages();
        for message in messages.iter().filter(|message| message.seq > self.messages_seen) {
            self.show.message(message)?;
        }
        self.messages_seen = messages.last().map_or(self.messages_seen, |message| message.seq);
        let shown = messages.into_iter();
        let shown = shown.map(|told| Shown::untimed(told.robot, told.title, told.text));
        self.books.group = shown.collect();
        Ok(())
    }
}
