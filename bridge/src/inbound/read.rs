//! From the body of a believed call to what it says: each scheme's own reader.
//!
//! It keeps nothing and answers nobody.

use axum::http::HeaderMap;
use pos_protocol::event::Report;

use super::draft::{Ground, Meaning, Reading};
use super::json::{self, Malformed};
use super::scheme::Scheme;
use super::strict::BadField;
use super::verify::{STANDARD_ID, single};
use super::{lightspeed_x, loyverse, mac, push, shopify, square};
use crate::config::Pushed;

/// What a sender of schema 1 may call its key, where the body has none.
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// A call that was read.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) reading: Reading,
    pub(super) report: Option<Report>,
    /// Fields that changed nothing.
    pub(super) ignored: Vec<String>,
}

/// Why a call cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unread {
    /// It is no document.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// It is no event of schema 1.
    #[error(transparent)]
    Field(#[from] BadField),
}

/// Reads a call.
pub(super) fn read(
    scheme: Scheme,
    headers: &HeaderMap,
    body: &[u8],
    pushed: &Pushed,
    ground: &Ground,
) -> Result<Read, Unread> {
    let reading = match scheme {
        Scheme::Square => square::read(&json::parse(body)?, body, ground),
        Scheme::LightspeedX => lightspeed_x::read(body, ground)?,
        Scheme::Shopify => shopify::read(&json::parse(body)?, body, headers, ground),
        Scheme::Loyverse => loyverse::read(&json::parse(body)?, body, ground),
        Scheme::LightspeedK | Scheme::Generic => {
            let value = json::parse(body)?;
            let pointers = match scheme {
                Scheme::Generic => &pushed.generic,
                _ => &pushed.lightspeed_k,
            };
            match pointers {
                Some(pointers) => pointers.read(&value, body, ground),
                None => Reading {
                    delivery: mac::fingerprint(body),
                    topic: String::new(),
                    meaning: Meaning::Unknown,
                },
            }
        }
        Scheme::Standard | Scheme::Push => {
            let key = single(headers, IDEMPOTENCY_KEY).or_else(|| single(headers, STANDARD_ID));
            let read = push::read(&json::parse(body)?, key, ground)?;
            let push::Pushed { reading, report, ignored } = read;
            return Ok(Read { reading, report, ignored });
        }
    };
    Ok(Read { reading, report: None, ignored: Vec::new() })
}
