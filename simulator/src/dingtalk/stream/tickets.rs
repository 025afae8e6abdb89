//! The tickets of the gateway: each is good for one connection and a while.

use std::collections::VecDeque;

/// Most tickets that are out.
const MAX_TICKETS: usize = 1_024;

/// Why a ticket does not open a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::dingtalk) enum Untaken {
    Unknown,
    Expired,
    Full,
}

#[derive(Debug)]
struct Ticket {
    value: String,
    topics: Vec<String>,
    expires_ms: i64,
}

/// Tickets that are out.
#[derive(Debug, Default)]
pub(super) struct Tickets {
    out: VecDeque<Ticket>,
    /// How many of the next are expired when they are given out.
    stillborn: u32,
}

impl Tickets {
    /// Gives one out for these topics.
    pub(super) fn issue(&mut self, value: String, topics: Vec<String>, now_ms: i64, valid_ms: i64) {
        let expires_ms = if self.stillborn > 0 { now_ms } else { now_ms + valid_ms };
        self.stillborn = self.stillborn.saturating_sub(1);
        self.out.push_back(Ticket { value, topics, expires_ms });
        if self.out.len() > MAX_TICKETS {
            self.out.pop_front();
        }
    }

    /// Takes one back, whatever becomes of it: what it was for.
    pub(super) fn redeem(&mut self, ticket: &str, now_ms: i64) -> Result<Vec<String>, Untaken> {
        let at = self.out.iter().position(|known| known.value == ticket);
        let ticket = at.and_then(|at| self.out.remove(at)).ok_or(Untaken::Unknown)?;
        if ticket.expires_ms <= now_ms { Err(Untaken::Expired) } else { Ok(ticket.topics) }
    }

    /// Those that are out expire, and so many of the next are expired when they are given out.
    pub(super) fn expire(&mut self, next: u32, now_ms: i64) {
        for ticket in &mut self.out {
            ticket.expires_ms = now_ms;
        }
        self.stillborn = next;
    }

    /// The next ones are as good as any.
    pub(super) fn reset(&mut self) {
        self.stillborn = 0;
    }

    /// How many are out.
    pub(super) fn count(&self) -> usize {
        self.out.len()
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_TICKETS, Tickets, Untaken};

    #[test]
    fn a_ticket_is_good_once_and_for_its_time() {
        let mut tickets = Tickets::default();
        let topics = vec!["*".to_owned()];
        tickets.issue("a".to_owned(), topics.clone(), 0, 90_000);
        assert_eq!(tickets.redeem("a", 89_999), Ok(topics.clone()));
        assert_eq!(tickets.redeem("a", 89_999), Err(Untaken::Unknown));
        tickets.issue("b".to_owned(), topics.clone(), 0, 90_000);
        assert_eq!(tickets.redeem("b", 90_000), Err(Untaken::Expired));
        assert_eq!(tickets.redeem("b", 0), Err(Untaken::Unknown), "used up all the same");
        tickets.expire(1, 0);
        tickets.issue("c".to_owned(), topics.clone(), 0, 90_000);
        assert_eq!(tickets.redeem("c", 0), Err(Untaken::Expired));
        tickets.issue("d".to_owned(), topics.clone(), 0, 90_000);
        assert_eq!(tickets.redeem("d", 0), Ok(topics));
    }

    #[test]
    fn whoever_takes_tickets_and_never_comes_costs_a_bounded_number() {
        let mut tickets = Tickets::default();
        for n in 0..=MAX_TICKETS {
            tickets.issue(n.to_string(), Vec::new(), 0, 90_000);
        }
        assert_eq!(tickets.count(), MAX_TICKETS);
        assert_eq!(tickets.redeem("0", 0), Err(Untaken::Unknown));
    }
}
