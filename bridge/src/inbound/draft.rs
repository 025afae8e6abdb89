//! What a call says, in the words of wire schema 1, before it has an id and a source.
//!
//! Ids follow from what is told of (`payment/KkAk…`), never from the call: the same sale told in five
//! calls, in any order, is one event.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use pos_protocol::event::{
    Entry, Event, EventId, Evidence, Inventory, Kind, Receipt, SCHEMA, Verdict,
};
use pos_protocol::money::Currency;
use pos_protocol::time::Timestamp;
use sha2::{Digest, Sha256};

use super::scheme::Scheme;
use crate::hex::hex;

/// What a provider's words are read by.
#[derive(Clone, Debug)]
pub struct Ground {
    /// The shop's time zone.
    pub zone: TimeZone,
    /// The shop's currency, where the call names none.
    pub currency: Currency,
}

impl Ground {
    /// The currency of this code, or the shop's.
    pub(super) fn currency(&self, code: Option<&str>) -> Currency {
        code.and_then(Currency::from_code).unwrap_or(self.currency)
    }
}

/// What one call was read as.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// What the call is known by, the same with every try.
    pub delivery: String,
    /// The provider's own word for what happened.
    pub topic: String,
    /// What it says.
    pub meaning: Meaning,
}

/// What a call says.
#[derive(Clone, Debug, PartialEq)]
pub enum Meaning {
    /// These things; nothing of it where there is nothing to count yet.
    Says(Vec<Draft>),
    /// It is a provider's test.
    Test,
    /// This program does not know its topic.
    Unknown,
    /// It should tell of a transaction, and its field is missing or of another form.
    Unreadable {
        /// The JSON pointer of the field.
        field: &'static str,
    },
}

/// One event of a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// What it tells of, unique within the scheme.
    pub object: String,
    /// What kind of statement.
    pub kind: Kind,
    /// A receipt.
    pub receipt: Option<Receipt>,
    /// Goods.
    pub stock: Option<Entry>,
    /// The object that it belongs to.
    pub related: Option<String>,
    /// It counts nothing where this object was told of before: a sale that was taken back already.
    pub unless: Option<String>,
    /// Whether the amounts add up, where that was said.
    pub verdict: Option<Verdict>,
}

impl Draft {
    /// A receipt of this kind.
    pub(super) fn receipt(object: String, kind: Kind, receipt: Receipt) -> Self {
        let (receipt, stock) = (Some(receipt), None);
        Self { object, kind, receipt, stock, related: None, unless: None, verdict: None }
    }

    /// Goods that were counted.
    pub(super) fn stock(object: String, entry: Entry) -> Self {
        let (kind, stock) = (Kind::Inventory, Some(entry));
        Self { object, kind, receipt: None, stock, related: None, unless: None, verdict: None }
    }
}

/// Where drafts become events.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The journal's UUID.
    pub journal: &'a str,
    /// Who called.
    pub scheme: Scheme,
    /// What the call is known by.
    pub delivery: &'a str,
    /// Bytes of its body.
    pub bytes: usize,
    /// When it came.
    pub now: Timestamp,
    /// The shop that it is about, where the bridge has several; `""` is the only one.
    pub shop: &'a str,
}

impl Place<'_> {
    /// The id of the event that tells of `object`.
    pub fn id(&self, object: &str) -> EventId {
        let mut hash = Sha256::new();
        for part in ["inbound", self.journal, self.scheme.as_str(), object] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        let digits = hex(&hash.finalize()[..16]);
        EventId::parse(&digits).expect("16 bytes in hex")
    }

    /// The event that a draft becomes.
    pub fn event(&self, draft: Draft) -> Event {
        let shop = Some(self.shop.to_owned()).filter(|shop| !shop.is_empty());
        Event {
            schema: SCHEMA,
            id: self.id(&draft.object),
            source: self.scheme.source(),
            observed_at: self.now.rfc3339(),
            kind: draft.kind,
            test: false,
            related: draft.related.map(|object| self.id(&object)),
            corrects: None,
            receipt: draft.receipt,
            report: None,
            drawer: None,
            printer: None,
            inventory: draft.stock.map(|entry| Inventory { shop, entry }),
            approval: None,
            text: None,
            verdict: draft.verdict,
            evidence: Some(Evidence {
                session: format!("{}/{}", self.scheme.source(), self.delivery),
                start: 0,
                end: self.bytes as u64,
                profile: self.scheme.as_str().to_owned(),
                dialect: "json".to_owned(),
                encoding: "utf-8".to_owned(),
                fields: BTreeMap::new(),
                diagnostics: Vec::new(),
            }),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use jiff::tz::TimeZone;
    use pos_protocol::event::{Kind, Receipt};
    use pos_protocol::money::Currency;
    use pos_protocol::time::Timestamp;

    use super::{Draft, Ground, Meaning, Place, Reading};
    use crate::inbound::Scheme;

    /// A shop in Hong Kong.
    pub(in crate::inbound) fn ground() -> Ground {
        let zone = TimeZone::get("Asia/Hong_Kong").expect("a zone");
        Ground { zone, currency: Currency::HKD }
    }

    /// The one draft of a reading.
    pub(in crate::inbound) fn only(reading: Reading) -> Draft {
        let Meaning::Says(mut drafts) = reading.meaning else { panic!("{:?}", reading.meaning) };
        assert_eq!(drafts.len(), 1, "{drafts:?}");
        drafts.remove(0)
    }

    /// A draft's receipt as it goes over the wire.
    pub(in crate::inbound) fn shown(draft: &Draft) -> serde_json::Value {
        serde_json::to_value(&draft.receipt).expect("plain data")
    }

    #[test]
    fn an_event_is_the_same_whichever_call_told_of_it() {
        let place = |delivery| Place {
            journal: "u",
            scheme: Scheme::Square,
            delivery,
            bytes: 9,
            now: Timestamp::new(0, 0),
            shop: "",
        };
        let draft = || Draft::receipt("payment/1".into(), Kind::Sale, Receipt::default());
        let (one, other) = (place("a").event(draft()), place("b").event(draft()));
        assert_eq!(one.id, other.id);
        assert_eq!(one.source, "hooks/square");
        assert_ne!(place("a").id("payment/1"), place("a").id("payment/11"));
        let loyverse = Place { scheme: Scheme::Loyverse, ..place("a") };
        assert_ne!(place("a").id("payment/1"), loyverse.id("payment/1"));
        let elsewhere = Place { journal: "v", ..place("a") };
        assert_ne!(place("a").id("payment/1"), elsewhere.id("payment/1"));
    }
}
