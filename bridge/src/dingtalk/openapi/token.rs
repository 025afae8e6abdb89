//! When an access token is used, renewed or not even asked for. Pure: the clock is passed in.
//!
//! It sends nothing; `client` holds its lock while it fetches, so that one fetch serves everybody
//! who waits.

use std::time::Duration;

use super::error::{ApiError, Retry};
use crate::secret::Secret;

/// A token is renewed this long before it ends, so that none ends on the way.
const RENEW_BEFORE: Duration = Duration::from_mins(5);
/// Longest life believed: the documented one.
const MAX_LIFE: Duration = Duration::from_hours(2);
/// Shortest life believed: a server that says less would be asked before every call.
const MIN_LIFE: Duration = Duration::from_mins(1);
/// Nobody asks again for this long after credentials were refused: only a person mends them.
const REFUSED_HOLD: Duration = Duration::from_mins(5);
/// Longest wait after any other failure.
const MAX_HOLD: Duration = Duration::from_mins(1);

/// What to do for a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Use this one.
    Use(Secret),
    /// Ask for one.
    Fetch,
    /// Asking would be no use yet.
    Refuse(ApiError),
}

/// The token of an application.
#[derive(Debug, Default)]
pub(super) struct Token {
    held: Option<Held>,
    failed: Option<(Duration, ApiError)>,
}

#[derive(Debug)]
struct Held {
    token: Secret,
    renew_at: Duration,
}

impl Token {
    /// What to do at `now`, by the clock that does not jump.
    pub(super) fn step(&self, now: Duration) -> Step {
        match (&self.held, &self.failed) {
            (Some(held), _) if now < held.renew_at => Step::Use(held.token.clone()),
            (_, Some((until, error))) if now < *until => Step::Refuse(error.clone()),
            _ => Step::Fetch,
        }
    }

    /// DingTalk gave a token that lives for `life`.
    pub(super) fn got(&mut self, token: Secret, life: Duration, now: Duration) {
        let life = life.clamp(MIN_LIFE, MAX_LIFE);
        // Of a short life half is used.
        let renew_at = now + life.saturating_sub(RENEW_BEFORE).max(life / 2);
        self.held = Some(Held { token, renew_at });
        self.failed = None;
    }

    /// DingTalk gave none.
    pub(super) fn failed(&mut self, error: ApiError, now: Duration) {
        let hold = match error.retry() {
            Retry::Person | Retry::Never => REFUSED_HOLD,
            Retry::After(wait) | Retry::WithKey(wait) => wait.min(MAX_HOLD),
        };
        self.failed = Some((now + hold, error));
    }

    /// A call was refused with `token`. Another one may be held by now.
    pub(super) fn refused(&mut self, token: &Secret) {
        self.held.take_if(|held| held.token == *token);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::{MAX_HOLD, MAX_LIFE, MIN_LIFE, REFUSED_HOLD, RENEW_BEFORE, Step, Token};
    use crate::dingtalk::openapi::ApiError;
    use crate::secret::Secret;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    proptest! {
        #[test]
        fn a_token_is_used_until_it_is_renewed_and_never_after_its_end(
            life in 0_u64..100_000, born in 0_u64..1_000_000, later in 0_u64..10_000,
        ) {
            let mut token = Token::default();
            token.got(Secret::new("t"), s(life), s(born));
            prop_assert_eq!(token.step(s(born)), Step::Use(Secret::new("t")), "no fetch per call");
            let believed = s(life).clamp(MIN_LIFE, MAX_LIFE);
            if s(later) >= believed {
                prop_assert_eq!(token.step(s(born + later)), Step::Fetch);
            }
        }
    }

    #[test]
    fn a_token_of_two_hours_is_renewed_five_minutes_before_its_end() {
        let mut token = Token::default();
        token.got(Secret::new("t"), s(7_200), s(10));
        assert_eq!((MAX_LIFE, RENEW_BEFORE), (s(7_200), s(300)));
        assert!(matches!(token.step(s(10 + 6_899)), Step::Use(_)));
        assert_eq!(token.step(s(10 + 6_900)), Step::Fetch);
    }

    #[test]
    fn refused_credentials_are_not_offered_again_at_once_and_a_token_mends_it() {
        let mut token = Token::default();
        token.failed(ApiError::Credentials, s(10));
        let refused = Step::Refuse(ApiError::Credentials);
        assert_eq!(token.step(s(9) + REFUSED_HOLD), refused);
        assert_eq!(token.step(s(10) + REFUSED_HOLD), Step::Fetch);
        token.failed(ApiError::AddressBanned { wait: MAX_HOLD * 9 }, s(10));
        assert_eq!(token.step(s(10) + MAX_HOLD), Step::Fetch);
        token.got(Secret::new("t"), s(7_200), s(20));
        assert!(matches!(token.step(s(20)), Step::Use(_)));
    }

    #[test]
    fn only_the_refused_token_is_forgotten() {
        let mut token = Token::default();
        token.got(Secret::new("new"), s(7_200), s(0));
        token.refused(&Secret::new("old"));
        assert_eq!(token.step(s(1)), Step::Use(Secret::new("new")), "somebody renewed it");
        token.refused(&Secret::new("new"));
        assert_eq!(token.step(s(1)), Step::Fetch);
    }
}
