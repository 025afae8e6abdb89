//! How something ended that somebody had to decide: the field `approval` of schema 1.
//!
//! It is said once, when the matter is closed. What follows from it (stock that moves) is worked out
//! elsewhere.

use serde::{Deserialize, Serialize};

use super::inventory::Stocked;
use crate::money::Amount;

/// A matter that is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Our short name of the matter, as it stands in cards and forms.
    pub matter: String,
    /// What it was about.
    pub about: About,
    /// How it ended.
    pub ruling: Ruling,
    /// Who was asked how. Absent: nobody was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub way: Option<Way>,
    /// DingTalk's id of the process, or our own name of the card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// Who decided: a DingTalk user id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Why nobody could be asked, or why what was approved could not be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// The shop that it is about; of a transfer, the one that gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shop: Option<String>,
    /// Of a transfer: the shop that gets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Of a transfer: how much of what.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<Stocked>,
    /// Receipt number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The money it was about; below zero where it is missing or went back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
}

/// What had to be decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// A refund over the limit.
    Refund,
    /// Stock that goes from one shop to another.
    Transfer,
    /// A drawer that was counted and is short.
    CashShort,
    /// Goods that came back, with a photo in a form.
    Return,
}

impl About {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Refund, Self::Transfer, Self::CashShort, Self::Return];

    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Refund => "refund",
            Self::Transfer => "transfer",
            Self::CashShort => "cash_short",
            Self::Return => "return",
        }
    }
}

/// How a matter ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ruling {
    /// Somebody said yes, and what was asked for is done.
    Approved,
    /// Somebody said no.
    Rejected,
    /// Whoever asked took it back.
    Withdrawn,
    /// Nobody answered in time.
    Lapsed,
    /// Nobody could be asked.
    Unasked,
    /// Somebody said yes, and it could not be done any more.
    Impossible,
}

impl Ruling {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Approved,
        Self::Rejected,
        Self::Withdrawn,
        Self::Lapsed,
        Self::Unasked,
        Self::Impossible,
    ];

    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Lapsed => "lapsed",
            Self::Unasked => "unasked",
            Self::Impossible => "impossible",
        }
    }
}

/// How people are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// A process of the organisation's OA.
    Oa,
    /// A process of a Yida application.
    Yida,
    /// A card with buttons.
    Card,
}

/// Why nobody could be asked, or why what was approved was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// No DingTalk application is set up.
    NoApplication,
    /// No way to ask is configured for this.
    NotConfigured,
    /// DingTalk refused it.
    Refused,
    /// DingTalk could not be asked for too long.
    Unreached,
    /// It may have been asked: no answer came, and asking again would ask twice.
    Unknown,
    /// An article is in the catalogue of one of the shops no more.
    Gone,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::NoApplication,
        Self::NotConfigured,
        Self::Refused,
        Self::Unreached,
        Self::Unknown,
        Self::Gone,
    ];
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{About, Approval, Ruling, Way};
    use crate::event::Stocked;

    #[test]
    fn an_approved_transfer_is_written_as_the_schema_says_and_reads_back() {
        let approval = Approval {
            matter: "7f3a91c2".into(),
            about: About::Transfer,
            ruling: Ruling::Approved,
            way: Some(Way::Card),
            instance: Some("posbridge-7f3a91c2".into()),
            by: Some("manager01".into()),
            reason: None,
            shop: Some("central".into()),
            to: Some("mongkok".into()),
            lines: vec![Stocked { article: "珍珠".into(), quantity: 5.into() }],
            number: None,
            amount: None,
        };
        let expected = json!({
            "matter": "7f3a91c2", "about": "transfer", "ruling": "approved", "way": "card",
            "instance": "posbridge-7f3a91c2", "by": "manager01", "shop": "central",
            "to": "mongkok", "lines": [{"article": "珍珠", "quantity": "5"}],
        });
        assert_eq!(serde_json::to_value(&approval).expect("plain data"), expected);
        assert_eq!(serde_json::from_value::<Approval>(expected).expect("as written"), approval);
    }

    #[test]
    fn the_words_are_those_on_the_wire() {
        for about in About::ALL {
            assert_eq!(serde_json::to_value(about).expect("a word"), about.as_str());
        }
        for ruling in Ruling::ALL {
            assert_eq!(serde_json::to_value(ruling).expect("a word"), ruling.as_str());
        }
    }
}
