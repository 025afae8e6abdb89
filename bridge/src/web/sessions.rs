//! Who is at the page: a random word in a cookie, and what a form must carry to be believed.
//!
//! Sessions live in memory and end with the process. It knows no HTTP, and no password but by its
//! hash.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use hmac::{Hmac, KeyInit, Mac};
use ring::rand::{SecureRandom, SystemRandom};
use sha2::{Digest, Sha256};

use crate::hex::hex;

/// A session ends so long after its last request: the shop's quiet hours, not its night.
const IDLE_LIMIT: Duration = Duration::from_hours(4);
/// A session ends so long after its login: a working day.
const WHOLE_LIMIT: Duration = Duration::from_hours(16);
/// Most sessions at once; the one that was quiet longest makes room.
const MAX_SESSIONS: usize = 64;
/// Random bytes of a cookie.
const COOKIE_BYTES: usize = 32;

/// The word in somebody's cookie: 64 hex digits.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Cookie(String);

impl fmt::Debug for Cookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Cookie {
    /// A new one; `None` where the machine gives no random numbers.
    pub(super) fn new() -> Option<Self> {
        let mut bytes = [0; COOKIE_BYTES];
        SystemRandom::new().fill(&mut bytes).ok()?;
        Some(Self(hex(&bytes)))
    }

    /// What a browser sent, where it has the form of one.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits = text.len() == 2 * COOKIE_BYTES && text.bytes().all(|b| b.is_ascii_hexdigit());
        digits.then(|| Self(text.to_owned()))
    }

    /// For the header.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

/// Everybody who is at the page.
#[derive(Debug)]
pub(super) struct Sessions {
    /// By the cookie's hash: looking one up tells no time about it.
    open: Mutex<HashMap<[u8; 32], Session>>,
    /// What tokens are made with, new with each start.
    key: [u8; 32],
}

#[derive(Clone, Debug)]
struct Session {
    since: Instant,
    seen: Instant,
    /// The hash of the password that it was opened with, hashed.
    password: [u8; 32],
}

impl Session {
    fn holds(&self, now: Instant, password: &[u8; 32]) -> bool {
        self.password == *password
            && now.saturating_duration_since(self.seen) < IDLE_LIMIT
            && now.saturating_duration_since(self.since) < WHOLE_LIMIT
    }
}

impl Sessions {
    /// Nobody is there. `None` where the machine gives no random numbers.
    pub(super) fn new() -> Option<Self> {
        let mut key = [0; 32];
        SystemRandom::new().fill(&mut key).ok()?;
        Some(Self { open: Mutex::default(), key })
    }

    /// Opens a session for whoever has `cookie` and knew the password whose hash is `password`.
    pub(super) fn open(&self, cookie: &Cookie, password: &str, now: Instant) {
        let password = hash(password);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, session| session.holds(now, &password));
        if open.len() >= MAX_SESSIONS
            && let Some(quiet) = open.iter().min_by_key(|(_, session)| session.seen)
        {
            let quiet = *quiet.0;
            open.remove(&quiet);
        }
        open.insert(hash(cookie.expose()), Session { since: now, seen: now, password });
    }

    /// Whether `cookie` is somebody's who is logged in under this password. `used`: this counts as a
    /// request.
    pub(super) fn knows(&self, cookie: &Cookie, password: &str, now: Instant, used: bool) -> bool {
        let password = hash(password);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(session) = open.get_mut(&hash(cookie.expose())) else { return false };
        let holds = session.holds(now, &password);
        if holds && used {
            session.seen = now;
        }
        holds
    }

    /// Ends a session.
    pub(super) fn close(&self, cookie: &Cookie) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.remove(&hash(cookie.expose()));
    }

    /// What a form of the page that `cookie` was shown carries. Nobody else can make it.
    pub(super) fn token(&self, cookie: &Cookie) -> String {
        hex(&self.mac(cookie).finalize().into_bytes())
    }

    /// Whether `token` is that of `cookie`.
    pub(super) fn is_token(&self, cookie: &Cookie, token: &str) -> bool {
        digits(token).is_some_and(|bytes| self.mac(cookie).verify_slice(&bytes).is_ok())
    }

    fn mac(&self, cookie: &Cookie) -> Hmac<Sha256> {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.key).expect("a key of any length is taken");
        mac.update(cookie.expose().as_bytes());
        mac
    }
}

/// The bytes that pairs of hex digits stand for.
fn digits(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    pairs.map(pair).collect()
}

fn hash(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{Cookie, IDLE_LIMIT, MAX_SESSIONS, Sessions, WHOLE_LIMIT};

    fn cookie() -> Cookie {
        Cookie::new().expect("random numbers")
    }

    #[test]
    fn a_session_ends_when_it_is_idle_or_old_or_closed_or_the_password_changes() {
        let sessions = Sessions::new().expect("random numbers");
        let (one, start) = (cookie(), Instant::now());
        assert!(!sessions.knows(&one, "p", start, true), "nobody has logged in");
        sessions.open(&one, "p", start);
        assert!(sessions.knows(&one, "p", start, true));
        assert!(!sessions.knows(&one, "q", start, true), "another password");
        assert!(!sessions.knows(&cookie(), "p", start, true));
        assert!(!sessions.knows(&one, "p", start + IDLE_LIMIT, true), "idle");
        let mut now = start;
        while now + IDLE_LIMIT / 2 < start + WHOLE_LIMIT {
            now += IDLE_LIMIT / 2;
            assert!(sessions.knows(&one, "p", now, true), "used");
        }
        assert!(!sessions.knows(&one, "p", start + WHOLE_LIMIT, true), "old");
        sessions.open(&one, "p", start);
        sessions.close(&one);
        assert!(!sessions.knows(&one, "p", start, true), "logged out");
    }

    #[test]
    fn a_look_that_is_no_use_does_not_keep_a_session_open() {
        let sessions = Sessions::new().expect("random numbers");
        let (one, start) = (cookie(), Instant::now());
        sessions.open(&one, "p", start);
        assert!(sessions.knows(&one, "p", start + IDLE_LIMIT / 2, false));
        assert!(!sessions.knows(&one, "p", start + IDLE_LIMIT, false));
    }

    #[test]
    fn the_quietest_makes_room() {
        let sessions = Sessions::new().expect("random numbers");
        let start = Instant::now();
        let all: Vec<Cookie> = (0..=MAX_SESSIONS).map(|_| cookie()).collect();
        for (n, one) in (0..).zip(&all) {
            sessions.open(one, "p", start + Duration::from_secs(n));
        }
        let later = start + Duration::from_mins(10);
        let there: Vec<bool> = all.iter().map(|c| sessions.knows(c, "p", later, true)).collect();
        assert_eq!(there.iter().filter(|there| !**there).count(), 1);
        assert!(!there[0]);
    }

    #[test]
    fn a_token_is_of_one_cookie_and_one_process() {
        let (one, other) = (Sessions::new().expect("random"), Sessions::new().expect("random"));
        let (mine, yours) = (cookie(), cookie());
        let token = one.token(&mine);
        assert!(one.is_token(&mine, &token));
        assert!(!one.is_token(&yours, &token) && !other.is_token(&mine, &token));
        for wrong in ["", "00", &token[2..], &token.replace(&token[..1], "g")] {
            assert!(!one.is_token(&mine, wrong), "{wrong}");
        }
        assert!(Cookie::parse(mine.expose()).is_some() && Cookie::parse("../etc").is_none());
    }
}
