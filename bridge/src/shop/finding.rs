//! What the shop found in its events and a group is to be told: the plain facts, as they are kept in
//! the outbox until they are said.
//!
//! It says nothing in words (`notice` does). What is found, and when, is decided in the module of
//! each kind.

use pos_protocol::event::{About, Kind, Ruling};
use serde::{Deserialize, Serialize};

use super::rulebook::{RuleFault, Said};
use super::schedule::Reminder;
use super::shift::Reckoning;
use super::stock::StockAlert;
use super::summary::Summary;
use super::watch::Exception;

/// What a robot's `notices` can ask for besides kinds of event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// Something runs out or has run out.
    LowStock,
    /// Something that should not happen at a till, or not so often.
    Exception,
    /// A Z report against our own count, a cash count against the drawer.
    Reconciliation,
    /// The day's takings.
    DailySummary,
    /// The week's.
    WeeklySummary,
    /// The month's.
    MonthlySummary,
    /// A promotion or a holiday that is near.
    Reminder,
    /// What a rule of the owner says.
    Rule,
}

impl FindingKind {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::LowStock,
        Self::Exception,
        Self::Reconciliation,
        Self::DailySummary,
        Self::WeeklySummary,
        Self::MonthlySummary,
        Self::Reminder,
        Self::Rule,
    ];

    /// The word in the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LowStock => "low_stock",
            Self::Exception => "exception",
            Self::Reconciliation => "reconciliation",
            Self::DailySummary => "daily_summary",
            Self::WeeklySummary => "weekly_summary",
            Self::MonthlySummary => "monthly_summary",
            Self::Reminder => "reminder",
            Self::Rule => "rule",
        }
    }

    /// The kind that `word` names.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// What a finding is about: a robot that hears of less is not told it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place<'a> {
    /// One till.
    Source(&'a str),
    /// A shop with all its tills.
    Shop(&'a str),
    /// All shops together.
    Together,
}

/// An approval that ended and changes nothing: it came too late, or was not asked for here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Foreign {
    /// What it was about.
    pub about: About,
    /// How it ended.
    pub ruling: Ruling,
    /// How the matter had ended before; nothing: it is not known here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Ruling>,
    /// Our short name of the matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter: Option<String>,
    /// DingTalk's id of the process.
    pub instance: String,
}

impl Foreign {
    /// What is told once.
    fn key(&self) -> String {
        format!("foreign/{}@{}", self.instance, self.ruling.as_str())
    }
}

/// Something found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Finding {
    /// Something that should not happen at a till.
    Exception(Exception),
    /// A Z report that differs from our own count.
    Reconciliation(Box<Reckoning>),
    /// What a day, a week or a month brought.
    Summary(Box<Summary>),
    /// A holiday or a promotion that is near.
    Reminder(Reminder),
    /// Something runs out or has run out.
    Stock(StockAlert),
    /// What a rule of the owner said.
    Rule(Said),
    /// A rule that failed.
    RuleFailed(RuleFault),
    /// An approval that ended and changes nothing.
    Foreign(Foreign),
}

impl Finding {
    /// What a robot asks for to be told it.
    pub fn kind(&self) -> FindingKind {
        match self {
            Self::Exception(_) | Self::Foreign(_) => FindingKind::Exception,
            Self::Rule(_) | Self::RuleFailed(_) => FindingKind::Rule,
            Self::Reconciliation(_) => FindingKind::Reconciliation,
            Self::Summary(summary) => summary.kind(),
            Self::Reminder(_) => FindingKind::Reminder,
            Self::Stock(_) => FindingKind::LowStock,
        }
    }

    /// What is told once: two findings with one key are the same one.
    pub fn key(&self) -> String {
        match self {
            Self::Exception(exception) => exception.key(),
            Self::Rule(said) => said.key(),
            Self::RuleFailed(fault) => fault.key(),
            Self::Reconciliation(reckoning) => format!("reconciliation@{}", reckoning.event),
            Self::Summary(summary) => summary.key(),
            Self::Reminder(reminder) => reminder.key(),
            Self::Stock(alert) => alert.key(),
            Self::Foreign(found) => found.key(),
        }
    }

    /// The kind of event whose notice tells the same.
    pub fn said_by(&self) -> Option<Kind> {
        match self {
            Self::Exception(exception) => exception.said_by(),
            _ => None,
        }
    }

    /// Whom it concerns.
    pub fn place(&self) -> Place<'_> {
        match self {
            Self::Exception(exception) => Place::Source(&exception.source),
            Self::Rule(said) => Place::Source(&said.source),
            Self::RuleFailed(fault) => Place::Source(&fault.source),
            Self::Reconciliation(reckoning) => Place::Source(&reckoning.source),
            Self::Summary(summary) => summary.place(),
            Self::Reminder(_) | Self::Foreign(_) => Place::Together,
            Self::Stock(alert) => Place::Shop(&alert.shop),
        }
    }

    /// Whether it goes before ordinary notices: somebody may have to act on it.
    pub fn is_urgent(&self) -> bool {
        match self {
            Self::Exception(_) | Self::Reconciliation(_) | Self::Stock(_) | Self::Foreign(_) => {
                true
            }
            Self::Rule(said) => said.urgent,
            Self::Summary(_) | Self::Reminder(_) | Self::RuleFailed(_) => false,
        }
    }
}
