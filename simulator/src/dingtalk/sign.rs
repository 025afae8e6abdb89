//! The signature of a robot's call: base64 of HMAC-SHA256 over `timestamp`, newline, `secret`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::answer::Refusal;

/// How far the time stamp may be from the robot's clock, either way, in milliseconds.
pub(super) const MAX_SKEW_MS: i64 = 3_600_000;

/// Judges the `timestamp` and `sign` of a query whose percent-encoding is already undone.
pub(super) fn check(
    secret: &str,
    timestamp: Option<&str>,
    sign: Option<&str>,
    now_ms: i64,
) -> Result<(), Refusal> {
    let (timestamp, sign) = timestamp.zip(sign).ok_or(Refusal::Signature)?;
    let at_ms: i64 = timestamp.parse().map_err(|_| Refusal::Timestamp)?;
    if at_ms.abs_diff(now_ms) > MAX_SKEW_MS.unsigned_abs() {
        return Err(Refusal::Timestamp);
    }
    let given = STANDARD.decode(sign).map_err(|_| Refusal::Signature)?;
    mac(secret, timestamp).verify_slice(&given).map_err(|_| Refusal::Signature)
}

fn mac(secret: &str, timestamp: &str) -> Hmac<Sha256> {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(format!("{timestamp}\n{secret}").as_bytes());
    mac
}

#[cfg(test)]
mod tests {
    use super::{MAX_SKEW_MS, Refusal, check};

    /// Published by other projects: time stamp, secret, signature.
    const VECTORS: [(&str, &str, &str); 3] = [
        ("1700000000000", "secret", "OuzzJR5+xZ4/EYwqtNt6sMYZQMTa/HEGvc9miJe7XzY="),
        (
            "1735693200000",
            "SEC045ae0433d866d0019a47f441d3da2c3c5862b8a8c46f8ab1de83a6fb0b9a54c",
            "BSe0QzwtBdzTlEnmaVptmDApFF/EyDdmvpE/DajHtoE=",
        ),
        (
            "1582163555000",
            "SECb90923e19e58b466481e9e7b7a5b4f108a4531abde590ad3967fb29f0eae5c68",
            "BQKsG+QOCl+bYJOLc6pxDHxjVquzlZPWgvRzeN2J5zY=",
        ),
    ];

    #[test]
    fn published_signatures_are_accepted() {
        for (timestamp, secret, sign) in VECTORS {
            let now = timestamp.parse().expect("a number");
            assert_eq!(check(secret, Some(timestamp), Some(sign), now), Ok(()));
        }
    }

    #[test]
    fn the_time_stamp_may_be_an_hour_away_and_no_more() {
        let (timestamp, secret, sign) = VECTORS[0];
        let at: i64 = timestamp.parse().expect("a number");
        for skew in [-MAX_SKEW_MS, MAX_SKEW_MS] {
            assert_eq!(check(secret, Some(timestamp), Some(sign), at + skew), Ok(()));
        }
        for skew in [-MAX_SKEW_MS - 1, MAX_SKEW_MS + 1] {
            let judged = check(secret, Some(timestamp), Some(sign), at + skew);
            assert_eq!(judged, Err(Refusal::Timestamp));
        }
    }

    #[test]
    fn a_wrong_or_missing_signature_does_not_match() {
        let (timestamp, secret, sign) = VECTORS[0];
        let now = timestamp.parse().expect("a number");
        let twice_encoded = sign.replace('+', "%2B");
        for (secret, sign) in [
            ("other", Some(sign)),
            (secret, None),
            (secret, Some("AAAA")),
            (secret, Some(&*twice_encoded)),
        ] {
            assert_eq!(check(secret, Some(timestamp), sign, now), Err(Refusal::Signature));
        }
        assert_eq!(check(secret, None, Some(sign), now), Err(Refusal::Signature));
    }
}
