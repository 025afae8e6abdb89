//! The headers that prove a call: each provider's, over the body byte for byte.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::notice::Notice;
use super::scheme::Scheme;
use crate::clock::rfc3339;
use crate::hex::hex;

/// Before the base64 of a Standard Webhooks secret.
const STANDARD_PREFIX: &str = "whsec_";
/// Lengths of such a secret, in bytes.
const STANDARD_BYTES: std::ops::RangeInclusive<usize> = 24..=64;
/// The shop behind a Shopify sender.
const SHOP_DOMAIN: &str = "possim.myshopify.com";

/// What a sender signs with.
#[derive(Clone, PartialEq, Eq)]
pub struct Key {
    scheme: Scheme,
    /// None: calls are not signed, as those of hand-made webhooks of X-Series are not.
    bytes: Option<Vec<u8>>,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Key").field("scheme", &self.scheme).finish_non_exhaustive()
    }
}

/// A secret that a provider could not have.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// There is none.
    #[error("expected --secret: only lightspeed-x has webhooks that are not signed")]
    Missing,
    /// A Standard Webhooks secret has a form.
    #[error("expected whsec_ and the base64 of 24 to 64 bytes, found another secret")]
    Standard,
    /// HTTP Basic has a name and a password.
    #[error("expected USER:PASSWORD, found no colon")]
    Basic,
}

impl Key {
    /// The key of a sender that is like `scheme`.
    pub fn new(scheme: Scheme, secret: Option<&str>) -> Result<Self, KeyError> {
        let bytes = match (scheme, secret) {
            (Scheme::LightspeedX, None) => None,
            (_, None) => return Err(KeyError::Missing),
            (Scheme::Standard, Some(secret)) => {
                let text = secret.strip_prefix(STANDARD_PREFIX).ok_or(KeyError::Standard)?;
                let bytes = STANDARD.decode(text).map_err(|_| KeyError::Standard)?;
                let fits = STANDARD_BYTES.contains(&bytes.len());
                Some(fits.then_some(bytes).ok_or(KeyError::Standard)?)
            }
            (Scheme::LightspeedK, Some(secret)) if !secret.contains(':') => {
                return Err(KeyError::Basic);
            }
            (_, Some(secret)) => Some(secret.as_bytes().to_vec()),
        };
        Ok(Self { scheme, bytes })
    }

    /// The headers of one try at `now_ms`; `url` is the address as it was subscribed.
    pub fn headers(&self, notice: &Notice, url: &str, now_ms: i64) -> Vec<(&'static str, String)> {
        let Some(key) = &self.bytes else {
            return vec![("content-type", "application/x-www-form-urlencoded".to_owned())];
        };
        let body = notice.body.as_slice();
        let json = ("content-type", "application/json".to_owned());
        match self.scheme {
            Scheme::Square => vec![
                json,
                ("x-square-hmacsha256-signature", base64(key, &[url.as_bytes(), body])),
                ("square-environment", "Production".to_owned()),
                ("square-initial-delivery-timestamp", rfc3339(notice.created_ms)),
                ("user-agent", "Square-Webhooks".to_owned()),
            ],
            Scheme::LightspeedX => {
                // Hex or base64 is documented nowhere.
                let signature = hex(&code(key, &[body]));
                let value = format!("signature={signature},algorithm=HMAC-SHA256");
                vec![
                    ("content-type", "application/x-www-form-urlencoded".to_owned()),
                    ("x-signature", value),
                ]
            }
            Scheme::LightspeedK => {
                vec![json, ("authorization", format!("Basic {}", STANDARD.encode(key)))]
            }
            Scheme::Shopify => vec![
                json,
                ("x-shopify-hmac-sha256", base64(key, &[body])),
                ("x-shopify-webhook-id", notice.id.clone()),
                ("x-shopify-topic", notice.topic.to_owned()),
                ("x-shopify-shop-domain", SHOP_DOMAIN.to_owned()),
                ("x-shopify-triggered-at", rfc3339(notice.created_ms)),
            ],
            Scheme::Standard => {
                let at = now_ms.div_euclid(1_000).to_string();
                let parts = [notice.id.as_bytes(), b".", at.as_bytes(), b".", body];
                let signature = format!("v1,{}", base64(key, &parts));
                vec![
                    json,
                    ("webhook-id", notice.id.clone()),
                    ("webhook-timestamp", at),
                    ("webhook-signature", signature),
                ]
            }
        }
    }
}

fn code(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}

fn base64(key: &[u8], parts: &[&[u8]]) -> String {
    STANDARD.encode(code(key, parts))
}

#[cfg(test)]
mod tests {
    use super::{Key, KeyError, Notice, Scheme};

    fn header(scheme: Scheme, secret: &str, notice: &Notice, url: &str, at_ms: i64) -> Vec<String> {
        let key = Key::new(scheme, Some(secret)).expect("a secret");
        key.headers(notice, url, at_ms).into_iter().map(|(_, value)| value).collect()
    }

    fn notice(id: &str, body: &str) -> Notice {
        let (id, body) = (id.to_owned(), body.as_bytes().to_vec());
        Notice { id, topic: "orders/paid", body, created_ms: 0 }
    }

    /// Published by Square's SDK.
    #[test]
    fn the_published_calls_of_square_are_signed_alike() {
        let body = r#"{"merchant_id":"MLEFBHHSJGVHD","type":"webhooks.test_notification","event_id":"ac3ac95b-f97d-458c-a6e6-18981597e05f","created_at":"2022-07-13T20:30:59.037339943Z","data":{"type":"webhooks","id":"bc368e64-01aa-407e-b46e-3231809b1129"}}"#;
        let url = "https://webhook.site/679a4f3a-dcfa-49ee-bac5-9d0edad886b9";
        let of = |key: &str, url: &str, body: &str| {
            header(Scheme::Square, key, &notice("e", body), url, 0)[1].clone()
        };
        let signature = "GF4YkrJgGBDZ9NIYbNXBnMzqb2HoL4RW/S6vkZ9/2N4=";
        assert_eq!(of("Ibxx_5AKakO-3qeNVR61Dw", url, body), signature);
        let signature = "Cxt7+aTi4rKgcA0bC4g9EHdVtLSDWdqccmL5MvihU4U=";
        let body = r#"{"data":{"type":"webhooks","id":">id<"}}"#;
        assert_eq!(of("signature-key", "https://webhook.site/webhooks", body), signature);
    }

    /// Published by the libraries of Standard Webhooks.
    #[test]
    fn the_published_calls_of_standard_webhooks_are_signed_alike() {
        let of = |secret: &str, id: &str, at_s: i64, body: &str| {
            header(Scheme::Standard, secret, &notice(id, body), "", at_s * 1_000)[3].clone()
        };
        let body = r#"{"email":"test@example.com","username":"test_user"}"#;
        let signature = "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=";
        let secret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
        assert_eq!(of(secret, "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk", 1_649_367_553, body), signature);
        let signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let body = r#"{"test": 2432232314}"#;
        assert_eq!(of(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body), signature);
    }

    #[test]
    fn a_secret_has_the_form_of_its_provider() {
        let of = |scheme, secret| Key::new(scheme, secret);
        assert!(matches!(of(Scheme::Square, None), Err(KeyError::Missing)));
        assert!(of(Scheme::LightspeedX, None).is_ok());
        assert!(matches!(of(Scheme::Standard, Some("whsec_AAAA")), Err(KeyError::Standard)));
        assert!(matches!(of(Scheme::LightspeedK, Some("name")), Err(KeyError::Basic)));
        let key = of(Scheme::LightspeedK, Some("name:word")).expect("a pair");
        assert_eq!(key.headers(&notice("e", "{}"), "", 0)[1].1, "Basic bmFtZTp3b3Jk");
        assert!(!format!("{key:?}").contains("word"));
    }
}
