//! Each scheme against values that other projects publish, and against what people get wrong.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;

use super::verify::{Call, Proof, StandardKey, TOLERANCE_S, Unproved};
use crate::hex::hex;
use crate::secret::Secret;

const BODY: &[u8] = br#"{"a":1}"#;

fn published() -> Value {
    serde_json::from_str(include_str!("fixtures/published.json")).expect("JSON")
}

pub(super) fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a name");
        headers.append(name, HeaderValue::from_str(value).expect("a value"));
    }
    headers
}

fn check(proof: &Proof, pairs: &[(&str, &str)], body: &[u8]) -> Result<(), Unproved> {
    at(proof, pairs, body, 1_649_367_553)
}

fn at(proof: &Proof, pairs: &[(&str, &str)], body: &[u8], now_s: i64) -> Result<(), Unproved> {
    proof.check(&Call { headers: &headers(pairs), body, now_s })
}

pub(super) fn sha256(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length");
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

#[test]
fn squares_published_signatures_hold_for_their_url_and_body_alone() {
    let all = published();
    let vectors = all["square"].as_array().expect("a list");
    assert_eq!(vectors.len(), 2);
    for vector in vectors {
        let word = |key: &str| vector[key].as_str().expect("a string");
        let key = Secret::new(word("key"));
        let proof =
            |url: &str| Proof::Square { key: key.clone(), urls: vec!["x".into(), url.into()] };
        let given = [("x-square-hmacsha256-signature", word("signature"))];
        let body = word("body").as_bytes();
        assert_eq!(check(&proof(word("url")), &given, body), Ok(()));
        let slash = format!("{}/", word("url"));
        assert_eq!(check(&proof(&slash), &given, body), Err(Unproved::Signature));
        let spaced = word("body").replace(':', ": ");
        let other = check(&proof(word("url")), &given, spaced.as_bytes());
        assert_eq!(other, Err(Unproved::Signature), "the body as received, not as read");
        let twice = [given[0], given[0]];
        assert!(matches!(check(&proof(word("url")), &twice, body), Err(Unproved::Header(_))));
    }
}

#[test]
fn the_published_standard_webhooks_hold_for_five_minutes_either_way() {
    let all = published();
    let vectors = all["standard_webhooks"].as_array().expect("a list");
    assert_eq!(vectors.len(), 2);
    for vector in vectors {
        let word = |key: &str| vector[key].as_str().expect("a string");
        let key = StandardKey::parse(&Secret::new(word("secret"))).expect("a key");
        let proof = Proof::Standard(key);
        let stamp: i64 = word("timestamp").parse().expect("seconds");
        let (id, body) = (("webhook-id", word("id")), word("body").as_bytes());
        let when = ("webhook-timestamp", word("timestamp"));
        let given = [id, when, ("webhook-signature", word("signature"))];
        for off in [0, TOLERANCE_S, -TOLERANCE_S] {
            assert_eq!(at(&proof, &given, body, stamp + off), Ok(()), "{off}");
        }
        for off in [TOLERANCE_S + 1, -TOLERANCE_S - 1, 86_400] {
            let stale = Err(Unproved::Stale { off_s: -off });
            assert_eq!(at(&proof, &given, body, stamp + off), stale, "{off}");
        }
        // A sender that changes its secret signs with both; other versions are passed over.
        let list = format!("v1a,AAAA v1,{} {}", STANDARD.encode([7; 32]), word("signature"));
        let both = [id, when, ("webhook-signature", &*list)];
        assert_eq!(at(&proof, &both, body, stamp), Ok(()));
        let later = (stamp + 1).to_string();
        let moved = [id, ("webhook-timestamp", &*later), given[2]];
        assert_eq!(at(&proof, &moved, body, stamp), Err(Unproved::Signature));
        for missing in 0..3 {
            let mut some = given.to_vec();
            some.remove(missing);
            assert!(matches!(at(&proof, &some, body, stamp), Err(Unproved::Header(_))));
        }
    }
}

#[test]
fn a_standard_secret_has_its_prefix_and_24_to_64_bytes() {
    let parse = |bytes: usize| {
        StandardKey::parse(&Secret::new(format!("whsec_{}", STANDARD.encode(vec![1; bytes]))))
    };
    assert!(parse(24).is_some() && parse(64).is_some());
    assert!(parse(23).is_none() && parse(65).is_none());
    assert!(StandardKey::parse(&Secret::new(STANDARD.encode([1; 32]))).is_none());
}

#[test]
fn lightspeeds_header_is_read_in_hex_or_base64_and_with_spaces() {
    let code = sha256(b"client secret", BODY);
    let proof = Proof::LightspeedX(Secret::new("client secret"));
    for form in [
        format!("signature={},algorithm=HMAC-SHA256", hex(&code)),
        format!("signature = {} , algorithm = hmac-sha256", STANDARD.encode(&code)),
        format!("algorithm=HMAC-SHA256,signature={}", hex(&code)),
        format!("signature={}", hex(&code)),
    ] {
        assert_eq!(check(&proof, &[("X-Signature", &form)], BODY), Ok(()), "{form}");
        assert_eq!(check(&proof, &[("X-Signature", &form)], b"{}"), Err(Unproved::Signature));
    }
    for form in [
        format!("signature={},algorithm=HMAC-MD5", hex(&code)),
        format!("signature={0},signature={0}", hex(&code)),
        hex(&code),
        "algorithm=HMAC-SHA256".to_owned(),
        String::new(),
    ] {
        let refused = check(&proof, &[("X-Signature", &form)], BODY);
        assert!(matches!(refused, Err(Unproved::Header(_))), "{form}");
    }
}

#[test]
fn shopify_loyverse_and_a_configured_header_cover_the_body() {
    let code = sha256(b"secret", BODY);
    let secret = || Secret::new("secret");
    let shopify = [("X-Shopify-Hmac-SHA256", &*STANDARD.encode(&code))];
    assert_eq!(check(&Proof::Shopify(secret()), &shopify, BODY), Ok(()));
    assert_eq!(check(&Proof::Shopify(secret()), &shopify, b"{}"), Err(Unproved::Signature));

    // Computed with another implementation: HMAC-SHA1 of the body under "secret".
    let sha1 = ring::hmac::Key::new(ring::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, b"secret");
    let sha1 = ring::hmac::sign(&sha1, BODY);
    for form in [hex(sha1.as_ref()), STANDARD.encode(sha1.as_ref())] {
        let given = [("X-Loyverse-Signature", &*form)];
        assert_eq!(check(&Proof::Loyverse(secret()), &given, BODY), Ok(()), "{form}");
        assert_eq!(check(&Proof::Loyverse(secret()), &given, b"{}"), Err(Unproved::Signature));
    }
    let proof = Proof::Header { name: "x-hub-signature-256".into(), key: secret() };
    let given = [("X-Hub-Signature-256", &*format!("sha256={}", hex(&code)))];
    assert_eq!(check(&proof, &given, BODY), Ok(()));
    assert_eq!(check(&proof, &given, b"{}"), Err(Unproved::Signature));
}

#[test]
fn credentials_are_taken_whole_and_tell_nothing() {
    let basic = Proof::Basic(Secret::new("till:pass:word"));
    let encoded = STANDARD.encode("till:pass:word");
    for form in [format!("Basic {encoded}"), format!("basic {encoded}")] {
        assert_eq!(check(&basic, &[("authorization", &form)], BODY), Ok(()));
    }
    let other = format!("Basic {}", STANDARD.encode("till:pass:words"));
    let refused = check(&basic, &[("authorization", &other)], BODY).expect_err("another one");
    assert_eq!(refused, Unproved::Credentials);
    assert!(!refused.to_string().contains("till"), "{refused}");
    let bearer = Proof::Bearer(Secret::new("t0k3n"));
    assert_eq!(check(&bearer, &[("authorization", "Bearer t0k3n")], BODY), Ok(()));
    for form in ["Bearer t0k3", "Bearer t0k3nn", "Bearer "] {
        let refused = check(&bearer, &[("authorization", form)], BODY);
        assert_eq!(refused, Err(Unproved::Credentials), "{form}");
    }
    for form in ["t0k3n", "Basic t0k3n", ""] {
        let refused = check(&bearer, &[("authorization", form)], BODY);
        assert!(matches!(refused, Err(Unproved::Header(_))), "{form}");
    }
}
