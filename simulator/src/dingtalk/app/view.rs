//! What there is to see of the application's things: for the control API and for the page.

use serde::Serialize;
use serde_json::{Value, json};

use super::state::App;
use crate::dingtalk::stream::Push;
use crate::dingtalk::stream::Untaken;
use tokio::sync::mpsc;

fn list<'a, T: Serialize + 'a>(things: impl Iterator<Item = &'a T>) -> Vec<Value> {
    // Every key is a text and every number finite: it cannot fail.
    things.map(|thing| serde_json::to_value(thing).unwrap_or_default()).collect()
}

impl App {
    /// Every card in its present state, oldest first.
    pub(in crate::dingtalk) fn cards(&self) -> Vec<Value> {
        list(self.cards.iter())
    }

    /// Every todo, oldest first.
    pub(in crate::dingtalk) fn todos(&self) -> Vec<Value> {
        list(self.tasks.iter())
    }

    /// Every calendar entry, oldest first.
    pub(in crate::dingtalk) fn entries(&self) -> Vec<Value> {
        list(self.calendar.entries())
    }

    /// Every instance, oldest first.
    pub(in crate::dingtalk) fn instances(&self) -> Vec<Value> {
        list(self.instances.iter())
    }

    /// The cards and todos that changed after `revision`.
    pub(in crate::dingtalk) fn changed_after(&self, revision: u64) -> Value {
        let cards = self.cards.iter().filter(|card| card.revision > revision);
        let todos = self.tasks.iter().filter(|task| task.revision > revision);
        json!({"cards": list(cards), "todos": list(todos)})
    }

    /// Opens a connection of the Stream for a ticket.
    pub(in crate::dingtalk) fn connect(
        &mut self,
        ticket: &str,
        now_ms: i64,
    ) -> Result<(u64, mpsc::Receiver<Push>), Untaken> {
        self.stream.redeem(ticket, &self.rules, now_ms)
    }

    /// Lets time pass.
    pub(in crate::dingtalk) fn tick(&mut self, now_ms: i64) {
        self.stream.tick(&self.rules, now_ms);
    }

    /// Sends the events that are due.
    pub(super) fn pump(&mut self, now_ms: i64) {
        self.stream.pump(&self.rules, now_ms);
    }

    /// Whether a call with this `x-client-token` is the only one that waits for its answer.
    pub(in crate::dingtalk) fn begin(&mut self, token: &str) -> bool {
        self.calendar.begin(token)
    }

    /// A call with this `x-client-token` has its answer.
    pub(in crate::dingtalk) fn end(&mut self, token: &str) {
        self.calendar.end(token);
    }

    /// Does what a test ordered of the application itself.
    pub(super) fn order(&mut self, order: &super::control::Order) {
        if order.revoke_token {
            self.revoke();
        }
        self.denied.extend(order.deny.iter().cloned());
        self.denied.retain(|scope| !order.allow.contains(scope));
        self.throttled.extend(order.hold_back.iter().cloned());
        if order.hold_back_nobody {
            self.throttled.clear();
        }
    }
}
