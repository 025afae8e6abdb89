//! How often somebody may try to log in: few times a minute from one place, few times in all.
//!
//! It judges no password.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What attempts are counted over.
const WINDOW: Duration = Duration::from_mins(1);
/// Most attempts from one address in a window: a person who mistypes, not a program that guesses.
pub(super) const MOST_OF_PEER: u32 = 5;
/// Most attempts in all in a window, whoever makes them. Each costs the box tens of milliseconds.
pub(super) const MOST_OF_ALL: u32 = 20;
/// Most addresses that are told apart.
const MAX_PEERS: usize = 256;

/// Counts them.
#[derive(Debug, Default)]
pub(super) struct Attempts(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    since: Option<Instant>,
    all: u32,
    peers: HashMap<IpAddr, u32>,
}

impl Attempts {
    /// Counts an attempt; whether it may be made.
    pub(super) fn may(&self, peer: IpAddr, now: Instant) -> bool {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.since.is_none_or(|since| now.saturating_duration_since(since) >= WINDOW) {
            *counts = Counts { since: Some(now), ..Counts::default() };
        }
        let known = counts.peers.contains_key(&peer) || counts.peers.len() < MAX_PEERS;
        if !known || counts.all >= MOST_OF_ALL {
            return false;
        }
        let own = counts.peers.entry(peer).or_default();
        if *own >= MOST_OF_PEER {
            return false;
        }
        *own += 1;
        counts.all += 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;
    use std::time::Instant;

    use super::{Attempts, MOST_OF_ALL, MOST_OF_PEER, WINDOW};

    #[test]
    fn few_attempts_from_one_place_and_few_in_all() {
        let (attempts, now) = (Attempts::default(), Instant::now());
        let peer = |n: u8| IpAddr::from([192, 168, 1, n]);
        let made = (0..50).filter(|_| attempts.may(peer(1), now)).count();
        assert_eq!(made, MOST_OF_PEER as usize);
        assert!(attempts.may(peer(2), now), "somebody else still may");
        let made = (3..200).filter(|n| attempts.may(peer(*n), now)).count();
        assert_eq!(made, (MOST_OF_ALL - MOST_OF_PEER - 1) as usize);
        assert!(!attempts.may(peer(1), now + WINDOW / 2));
        assert!(attempts.may(peer(1), now + WINDOW));
    }
}
