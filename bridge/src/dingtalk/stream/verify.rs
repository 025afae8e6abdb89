//! Whether a callback over HTTP is DingTalk's: the signatures of robot messages and of cards.
//!
//! For who receives callbacks by HTTP instead of by the Stream. Neither signature covers the body, so
//! a body that was changed on the way is not noticed: such an address has to be reached by HTTPS.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::secret::Secret;

/// How far a time stamp may be from now, in milliseconds: DingTalk's own rule for robots, kept for
/// cards as well.
const MAX_SKEW_MS: i64 = 60 * 60 * 1_000;

/// Whether a robot message's headers `timestamp` and `sign` are right at `now_ms`. The signature is
/// made with the application's secret over the time stamp, a line feed and the secret again.
pub fn robot_callback_is_signed(timestamp: &str, sign: &str, secret: &Secret, now_ms: i64) -> bool {
    let message = format!("{timestamp}\n{}", secret.expose());
    is_fresh(timestamp, now_ms) && is_signed(secret, &message, sign)
}

/// Whether a card callback's headers `x-ddpaas-signature-timestamp` and `x-ddpaas-signature` are right
/// at `now_ms`.
pub fn card_callback_is_signed(timestamp: &str, sign: &str, secret: &Secret, now_ms: i64) -> bool {
    is_fresh(timestamp, now_ms) && is_signed(secret, timestamp, sign)
}

fn is_fresh(timestamp: &str, now_ms: i64) -> bool {
    // Digits alone: a parser that takes "+1" would take what was not signed as it stands.
    let digits = !timestamp.is_empty() && timestamp.bytes().all(|b| b.is_ascii_digit());
    let at = timestamp.parse::<i64>().ok().filter(|_| digits);
    at.is_some_and(|at| now_ms.abs_diff(at) <= MAX_SKEW_MS as u64)
}

/// In constant time, whatever differs.
fn is_signed(secret: &Secret, message: &str, sign: &str) -> bool {
    let Ok(sign) = STANDARD.decode(sign) else { return false };
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes())
        .expect("HMAC takes a key of any length");
    mac.update(message.as_bytes());
    mac.verify_slice(&sign).is_ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{MAX_SKEW_MS, card_callback_is_signed, robot_callback_is_signed};
    use crate::secret::Secret;

    const AT: &str = "1577262236757";
    const NOW: i64 = 1_577_262_236_757;
    const SECRET: &str = "this is a secret";
    /// Computed from the exact inputs of the official samples.
    const ROBOT: &str = "DJrE6qdyVGCQz9z5r2MDuNcNAhwYnuAkyj13cx169CA=";
    const CARD: &str = "cviWWKk4OPwVpK0VGNkvThhQ7PXwQPYvJhM+/YVA1VI=";

    #[test]
    fn the_official_inputs_are_accepted_for_an_hour_around_their_time() {
        let secret = Secret::new(SECRET);
        for now in [NOW - MAX_SKEW_MS, NOW, NOW + MAX_SKEW_MS] {
            assert!(robot_callback_is_signed(AT, ROBOT, &secret, now));
            assert!(card_callback_is_signed(AT, CARD, &secret, now));
        }
        for now in [NOW - MAX_SKEW_MS - 1, NOW + MAX_SKEW_MS + 1, i64::MIN, i64::MAX] {
            assert!(!robot_callback_is_signed(AT, ROBOT, &secret, now));
            assert!(!card_callback_is_signed(AT, CARD, &secret, now));
        }
        assert!(!robot_callback_is_signed(AT, CARD, &secret, NOW), "one is not the other");
        assert!(!robot_callback_is_signed(AT, ROBOT, &Secret::new("other"), NOW));
    }

    proptest! {
        #[test]
        fn nothing_that_differs_is_accepted(
            at in prop_oneof![Just(AT.to_owned()), "[0-9+ ]{1,14}"],
            sign in prop_oneof![Just(ROBOT.to_owned()), "[A-Za-z0-9+/=]{0,48}"],
            secret in prop_oneof![Just(SECRET.to_owned()), "\\PC{0,20}"],
        ) {
            let expected = (at.as_str(), sign.as_str(), secret.as_str()) == (AT, ROBOT, SECRET);
            let secret = Secret::new(secret);
            prop_assert_eq!(robot_callback_is_signed(&at, &sign, &secret, NOW), expected);
        }
    }
}
