//! Everything that runs during a demonstration, and the one loop that watches it.
//!
//! Time passes only in [`World::pulse`]: whoever waits, waits for a condition or a time by pulsing.

use std::collections::HashSet;
use std::time::Duration;

use pos_protocol::event::EventId;
use tokio::sync::mpsc;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval};

use super::bridge::Bridge;
use super::error::DemoError;
use super::show::{self, Show};
use super::tills::{Done, Tills, count_torn};
use crate::dingtalk::MockRobot;
use crate::ledger::Ledger;
use crate::printer::Printer;

/// Pause between two looks at journal and group.
const LOOK_PAUSE: Duration = Duration::from_millis(300);

/// Everything that runs.
pub(super) struct World {
    pub(super) bridge: Bridge,
    pub(super) printers: Vec<Printer>,
    pub(super) tills: Tills,
    pub(super) show: Show,
    pub(super) ledger: Ledger,
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
    ) -> Self {
        let mut look = interval(LOOK_PAUSE);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            bridge,
            printers,
            tills,
            show,
            ledger: Ledger::default(),
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
        self.ledger.sold.len() == self.tills.ordered
    }

    /// Receipts on paper at all printers.
    pub(super) fn receipts(&self) -> u64 {
        self.printers.iter().map(Printer::receipts).sum()
    }

    /// Whether the journal holds every sale of `source` so far.
    pub(super) fn all_journalled(&self, source: &str) -> bool {
        let numbers = |events: &[pos_protocol::event::Event]| -> HashSet<String> {
            let own = events.iter().filter(|event| event.source == source);
            own.filter_map(|event| event.receipt.as_ref()?.number.clone()).collect()
        };
        numbers(&self.ledger.sold).is_subset(&numbers(&self.ledger.journal))
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
        count_torn(&mut self.ledger.torn, &done.sold.source, printed);
        let again = if printed.torn > 0 { ", after a torn attempt" } else { "" };
        self.show.line("till", &format!("{}  printed{again}", show::sale(&done.sold)))?;
        self.ledger.sold.push(done.sold);
        Ok(())
    }

    fn take_events(&mut self, events: Vec<pos_protocol::event::Event>) -> Result<(), DemoError> {
        for event in &events {
            if self.events_seen.insert(event.id) {
                self.show.line("event", &show::event(event))?;
            }
        }
        self.ledger.journal = events;
        Ok(())
    }

    fn take_messages(&mut self) -> Result<(), DemoError> {
        let messages = self.mock.messages();
        for message in messages.iter().filter(|message| message.seq > self.messages_seen) {
            self.show.message(message)?;
        }
        self.messages_seen = messages.last().map_or(self.messages_seen, |message| message.seq);
        let texts = messages
            .into_iter()
            .map(|message| format!("{}\n{}", message.title.unwrap_or_default(), message.text));
        self.ledger.group = texts.collect();
        Ok(())
    }
}
