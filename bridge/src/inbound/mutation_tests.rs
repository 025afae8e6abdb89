//! No changed body and no changed header is accepted, by any scheme whose signature covers the body.
//!
//! 5,000 changes in each run of the tests; `POSBRIDGE_MUTATIONS=1000000` makes more.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::verify::{Call, Proof, StandardKey, Unproved};
use super::verify_tests::{headers, sha256};
use crate::hex::hex;
use crate::secret::Secret;

const COUNT_VARIABLE: &str = "POSBRIDGE_MUTATIONS";
const COUNT: u32 = 5_000;
const NOW_S: i64 = 1_795_000_000;
const URL: &str = "https://shop.example/hooks/square";
const BODY: &[u8] = br#"{"merchant_id":"ML82H4QPKMGXY","type":"payment.created","event_id":"e1","data":{"id":"p1","amount":200}}"#;

/// A call that holds: the proof, and its headers.
struct Good {
    proof: Proof,
    headers: Vec<Header>,
}

/// A header, and what its value stands for.
#[derive(Clone, Debug)]
struct Header {
    name: &'static str,
    value: String,
    form: Form,
    means: Vec<u8>,
}

/// How a header's value is read. A change that leaves its meaning is none.
#[derive(Clone, Copy, Debug)]
enum Form {
    /// A code in base64.
    Base64,
    /// A code in hex.
    Hex,
    /// `signature=` and a code in hex, with spaces anywhere.
    Lightspeed,
    /// Codes in base64 behind `v1,`, one of which has to hold.
    List,
    /// Itself.
    Plain,
}

impl Form {
    /// Whether `value` still stands for `means`.
    fn stands_for(self, value: &str, means: &[u8]) -> bool {
        let base64 = |text: &str| STANDARD.decode(text).is_ok_and(|code| code == means);
        let digits = |text: &str| text.eq_ignore_ascii_case(&hex(means));
        match self {
            Self::Base64 => base64(value),
            Self::Hex => digits(value),
            Self::Lightspeed => {
                let bare: String = value.chars().filter(|c| !c.is_whitespace()).collect();
                bare.split(',').filter_map(|part| part.strip_prefix("signature=")).any(digits)
            }
            Self::List => value.split(' ').filter_map(|one| one.strip_prefix("v1,")).any(base64),
            Self::Plain => value.as_bytes() == means,
        }
    }
}

fn header(name: &'static str, form: Form, means: Vec<u8>) -> Header {
    let value = match form {
        Form::Base64 => STANDARD.encode(&means),
        Form::Hex => hex(&means),
        Form::Lightspeed => format!("signature={},algorithm=HMAC-SHA256", hex(&means)),
        Form::List => format!("v1,{}", STANDARD.encode(&means)),
        Form::Plain => String::from_utf8(means.clone()).expect("text"),
    };
    Header { name, value, form, means }
}

fn good() -> Vec<Good> {
    let secret = || Secret::new("a secret of the provider");
    let key = b"a secret of the provider";
    let code = || sha256(key, BODY);
    let square = sha256(key, &[URL.as_bytes(), BODY].concat());
    let sha1 = ring::hmac::Key::new(ring::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key);
    let sha1 = ring::hmac::sign(&sha1, BODY).as_ref().to_vec();
    let raw = [9; 32];
    let standard = Secret::new(format!("whsec_{}", STANDARD.encode(raw)));
    let signed = [format!("msg_1.{NOW_S}.").as_bytes(), BODY].concat();
    let one = |proof, header| Good { proof, headers: vec![header] };
    vec![
        one(
            Proof::Square { key: secret(), urls: vec![URL.into()] },
            header("x-square-hmacsha256-signature", Form::Base64, square),
        ),
        one(Proof::LightspeedX(secret()), header("x-signature", Form::Lightspeed, code())),
        one(Proof::Shopify(secret()), header("x-shopify-hmac-sha256", Form::Base64, code())),
        one(Proof::Loyverse(secret()), header("x-loyverse-signature", Form::Hex, sha1)),
        one(
            Proof::Header { name: "x-code".into(), key: secret() },
            header("x-code", Form::Hex, code()),
        ),
        Good {
            proof: Proof::Standard(StandardKey::parse(&standard).expect("a key")),
            headers: vec![
                header("webhook-id", Form::Plain, b"msg_1".to_vec()),
                header("webhook-timestamp", Form::Plain, NOW_S.to_string().into_bytes()),
                header("webhook-signature", Form::List, sha256(&raw, &signed)),
            ],
        },
    ]
}

fn check(proof: &Proof, given: &[Header], body: &[u8]) -> Result<(), Unproved> {
    let pairs: Vec<(&str, &str)> =
        given.iter().map(|header| (header.name, header.value.as_str())).collect();
    proof.check(&Call { headers: &headers(&pairs), body, now_s: NOW_S })
}

/// One change of some bytes.
#[derive(Clone, Debug)]
enum Change {
    Flip(prop::sample::Index, u8),
    Insert(prop::sample::Index, u8),
    Remove(prop::sample::Index),
    Cut(prop::sample::Index),
    Swap(prop::sample::Index, prop::sample::Index),
    Twice(prop::sample::Index),
}

fn any_change() -> impl Strategy<Value = Change> {
    use prop::sample::Index;
    prop_oneof![
        4 => (any::<Index>(), 0..8_u8).prop_map(|(at, bit)| Change::Flip(at, bit)),
        2 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Insert(at, byte)),
        2 => any::<Index>().prop_map(Change::Remove),
        1 => any::<Index>().prop_map(Change::Cut),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(a, b)| Change::Swap(a, b)),
        1 => any::<Index>().prop_map(Change::Twice),
    ]
}

impl Change {
    fn of(&self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        let size = bytes.len();
        match self {
            Self::Flip(at, bit) => bytes[at.index(size)] ^= 1 << bit,
            Self::Insert(at, byte) => bytes.insert(at.index(size + 1), *byte),
            Self::Remove(at) => drop(bytes.remove(at.index(size))),
            Self::Cut(at) => bytes.truncate(at.index(size)),
            Self::Swap(a, b) => bytes.swap(a.index(size), b.index(size)),
            Self::Twice(at) => bytes.extend_from_within(at.index(size)..),
        }
    }
}

#[test]
fn every_call_holds_before_it_is_changed() {
    for Good { proof, headers } in good() {
        assert_eq!(check(&proof, &headers, BODY), Ok(()), "{proof:?}");
    }
}

#[test]
fn no_changed_body_and_no_changed_header_is_accepted() {
    let asked = std::env::var(COUNT_VARIABLE).ok();
    let count = asked.map_or(COUNT, |text| text.parse().expect("a number of changes"));
    let all = good();
    let changes = prop::collection::vec(any_change(), 1..4);
    let case = (0..all.len(), any::<prop::sample::Index>(), changes);
    let mut runner = TestRunner::new(Config {
        cases: count,
        max_global_rejects: u32::MAX,
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(&case, |(which, place, changes)| {
        let Good { proof, headers } = &all[which];
        let mut body = BODY.to_vec();
        let mut given = headers.clone();
        // One of its headers, or the body.
        let place = place.index(given.len() + 1);
        if let Some(header) = given.get_mut(place) {
            let mut bytes = header.value.clone().into_bytes();
            for change in &changes {
                change.of(&mut bytes);
            }
            // What a header cannot carry never arrives.
            let text = String::from_utf8(bytes).ok();
            let text = text.filter(|text| text.bytes().all(|b| (0x20..0x7f).contains(&b)));
            prop_assume!(text.is_some());
            header.value = text.unwrap_or_default();
            prop_assume!(!header.form.stands_for(&header.value, &header.means));
        } else {
            for change in &changes {
                change.of(&mut body);
            }
            prop_assume!(body != BODY);
        }
        prop_assert!(check(proof, &given, &body).is_err(), "{:?} {:?}", proof, given);
        Ok(())
    });
    if let Err(failed) = outcome {
        panic!("{failed}");
    }
}
