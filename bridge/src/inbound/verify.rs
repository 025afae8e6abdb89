//! Whether a call comes from who it says: each provider's scheme, over the body as it was received.
//!
//! It reads no field of the body and knows no configuration file. Time is passed in.

use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::mac;
use crate::secret::Secret;

/// How far a time stamp may be off, either way, in seconds: what the libraries of Standard Webhooks
/// allow. An older call may be a replay.
pub const TOLERANCE_S: i64 = 5 * 60;
/// Most signatures in one header. A sender that changes its secret has two.
const MAX_SIGNATURES: usize = 8;
/// Lengths of a Standard Webhooks secret, in bytes.
const STANDARD_KEY_BYTES: std::ops::RangeInclusive<usize> = 24..=64;
/// Before the base64 of such a secret.
const STANDARD_KEY_PREFIX: &str = "whsec_";

/// Header of Square's code.
pub const SQUARE_SIGNATURE: &str = "x-square-hmacsha256-signature";
/// Header of Lightspeed X's code.
pub const LIGHTSPEED_SIGNATURE: &str = "x-signature";
/// Header of Shopify's code.
pub const SHOPIFY_SIGNATURE: &str = "x-shopify-hmac-sha256";
/// Header of Loyverse's code.
pub const LOYVERSE_SIGNATURE: &str = "x-loyverse-signature";
/// Standard Webhooks: which message, the same with each try.
pub const STANDARD_ID: &str = "webhook-id";
/// Standard Webhooks: when this try was made, in Unix seconds.
pub const STANDARD_TIMESTAMP: &str = "webhook-timestamp";
/// Standard Webhooks: its codes.
pub const STANDARD_SIGNATURE: &str = "webhook-signature";

/// A call as it came in.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// Its headers.
    pub headers: &'a HeaderMap,
    /// Its body, byte for byte.
    pub body: &'a [u8],
    /// The wall time at which it came, in Unix seconds.
    pub now_s: i64,
}

/// What proves a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// HMAC-SHA256 over the subscribed URL and the body, base64.
    Square {
        /// The subscription's signature key.
        key: Secret,
        /// The URL as subscribed; where several spellings may be meant, all of them.
        urls: Vec<String>,
    },
    /// HMAC-SHA256 over the body in `X-Signature: signature=…,algorithm=HMAC-SHA256`.
    LightspeedX(Secret),
    /// HTTP Basic with this `user:password`. The body is not covered.
    Basic(Secret),
    /// HMAC-SHA256 over the body, base64.
    Shopify(Secret),
    /// HMAC-SHA1 over the body, base64 or hex.
    Loyverse(Secret),
    /// Standard Webhooks, `v1`.
    Standard(StandardKey),
    /// HMAC-SHA256 over the body, hex or base64, in a configured header.
    Header {
        /// Its name, in lower case.
        name: String,
        /// The key.
        key: Secret,
    },
    /// A bearer token. The body is not covered.
    Bearer(Secret),
}

/// Why a call is not believed. It holds nothing of the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unproved {
    /// The header is missing, stands there twice or is not of its form.
    #[error("expected one header {0} of the scheme's form")]
    Header(&'static str),
    /// The code is another one.
    #[error("expected a signature of this body with our secret, found another one")]
    Signature,
    /// The time stamp is off.
    #[error(
        "expected a time stamp within {TOLERANCE_S} s of now, found one that is {off_s} s off\n\
         hint: a replay, or one of the two clocks is wrong"
    )]
    Stale {
        /// Seconds that it is ahead; negative: behind.
        off_s: i64,
    },
    /// The credentials are other ones.
    #[error("expected our credentials, found others")]
    Credentials,
}

impl Proof {
    /// Whether `call` is proved.
    pub fn check(&self, call: &Call<'_>) -> Result<(), Unproved> {
        match self {
            Self::Square { key, urls } => {
                let code = of_header(call, SQUARE_SIGNATURE, mac::sha256_code)?;
                let key = key.expose().as_bytes();
                // Each is computed, whichever fits.
                let fits = |url: &String| mac::is_sha256(key, &[url.as_bytes(), call.body], &code);
                signed(urls.iter().map(fits).fold(false, |any, fits| any | fits))
            }
            Self::LightspeedX(key) => {
                let code = of_header(call, LIGHTSPEED_SIGNATURE, lightspeed_code)?;
                signed(mac::is_sha256(key.expose().as_bytes(), &[call.body], &code))
            }
            Self::Shopify(key) => {
                let code = of_header(call, SHOPIFY_SIGNATURE, mac::sha256_code)?;
                signed(mac::is_sha256(key.expose().as_bytes(), &[call.body], &code))
            }
            Self::Loyverse(key) => {
                let code = of_header(call, LOYVERSE_SIGNATURE, mac::sha1_code)?;
                signed(mac::is_sha1(key.expose().as_bytes(), call.body, &code))
            }
            Self::Standard(key) => key.check(call),
            Self::Header { name, key } => {
                let text = single(call.headers, name).map(unprefixed);
                let code = text.and_then(mac::sha256_code);
                let code = code.ok_or(Unproved::Header("that is configured"))?;
                signed(mac::is_sha256(key.expose().as_bytes(), &[call.body], &code))
            }
            Self::Basic(pair) => {
                let given = of_header(call, "authorization", |text| {
                    let (word, value) = text.split_once(' ')?;
                    let basic = word.eq_ignore_ascii_case("basic");
                    basic.then(|| STANDARD.decode(value.trim()).ok()).flatten()
                })?;
                admitted(mac::same_secret(&given, pair.expose().as_bytes()))
            }
            Self::Bearer(token) => {
                let given = bearer(call.headers).ok_or(Unproved::Header("authorization"))?;
                admitted(mac::same_secret(given.as_bytes(), token.expose().as_bytes()))
            }
        }
    }
}

fn signed(fits: bool) -> Result<(), Unproved> {
    if fits { Ok(()) } else { Err(Unproved::Signature) }
}

fn admitted(fits: bool) -> Result<(), Unproved> {
    if fits { Ok(()) } else { Err(Unproved::Credentials) }
}

/// The bearer token of a call.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (word, token) = single(headers, "authorization")?.split_once(' ')?;
    word.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// A header that must stand there once: of two, this side and a proxy might read different ones.
pub fn single<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

fn of_header<T>(
    call: &Call<'_>,
    name: &'static str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<T, Unproved> {
    single(call.headers, name).and_then(read).ok_or(Unproved::Header(name))
}

/// `signature=…,algorithm=HMAC-SHA256`, in any order, with or without spaces.
fn lightspeed_code(text: &str) -> Option<Vec<u8>> {
    let (mut code, mut algorithm) = (None, None);
    for part in text.split(',') {
        let (key, value) = part.split_once('=')?;
        let place = match key.trim() {
            "signature" => &mut code,
            "algorithm" => &mut algorithm,
            _ => continue,
        };
        if place.replace(value.trim()).is_some() {
            return None;
        }
    }
    if algorithm.is_some_and(|name| !name.eq_ignore_ascii_case("HMAC-SHA256")) {
        return None;
    }
    mac::sha256_code(code?)
}

/// Without the name of the hash that some put before the code.
fn unprefixed(text: &str) -> &str {
    text.strip_prefix("sha256=").unwrap_or(text)
}

/// A secret of Standard Webhooks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandardKey(Secret);

impl StandardKey {
    /// Reads `whsec_` and base64 of 24 to 64 bytes; `None` for anything else.
    pub fn parse(text: &Secret) -> Option<Self> {
        let key = Self(text.clone());
        key.bytes().map(|_| key)
    }

    fn bytes(&self) -> Option<Vec<u8>> {
        let bytes = mac::from_base64(self.0.expose().strip_prefix(STANDARD_KEY_PREFIX)?)?;
        STANDARD_KEY_BYTES.contains(&bytes.len()).then_some(bytes)
    }

    fn check(&self, call: &Call<'_>) -> Result<(), Unproved> {
        // A full stop in it would let one signed text be read as two different calls.
        let id = single(call.headers, STANDARD_ID).filter(|id| !id.is_empty() && !id.contains('.'));
        let id = id.ok_or(Unproved::Header(STANDARD_ID))?;
        let stamp = single(call.headers, STANDARD_TIMESTAMP);
        let stamp = stamp.ok_or(Unproved::Header(STANDARD_TIMESTAMP))?;
        let at = unix_seconds(stamp).ok_or(Unproved::Header(STANDARD_TIMESTAMP))?;
        let list = single(call.headers, STANDARD_SIGNATURE);
        let list = list.ok_or(Unproved::Header(STANDARD_SIGNATURE))?;
        let codes: Vec<Vec<u8>> = list
            .split(' ')
            .take(MAX_SIGNATURES)
            .filter_map(|one| mac::sha256_code(one.strip_prefix("v1,")?))
            .collect();
        if codes.is_empty() {
            return Err(Unproved::Header(STANDARD_SIGNATURE));
        }
        let key = self.bytes().unwrap_or_default();
        let parts = [id.as_bytes(), b".", stamp.as_bytes(), b".", call.body];
        let fits = |code: &Vec<u8>| mac::is_sha256(&key, &parts, code);
        signed(codes.iter().map(fits).fold(false, |any, fits| any | fits))?;
        // Only what is signed tells a time that is worth a word.
        let off_s = at.saturating_sub(call.now_s);
        if off_s.unsigned_abs() > TOLERANCE_S.unsigned_abs() {
            return Err(Unproved::Stale { off_s });
        }
        Ok(())
    }
}

/// Digits alone: `+5` and `05` would be other spellings of one time.
fn unix_seconds(text: &str) -> Option<i64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    plain.then(|| text.parse().ok()).flatten()
}
