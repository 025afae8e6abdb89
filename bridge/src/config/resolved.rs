//! What the configuration means once it has been checked: every default filled in, every unit
//! resolved, nothing left to complain about. The rest of the program sees only these types.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use pos_protocol::event::{About, Kind};

use super::exceptions::Exceptions;
use super::hooks::Hooks;
use super::resolved_matters::{Agenda, Approve, TodayCard};
use super::resolved_shop::{Occasion, Shop};
use super::resolved_source::Source;
use super::web::Web;
use crate::journal::Keep;
use crate::notice::{ReceiptLink, Templates};
use crate::secret::Secret;
use crate::shop::{FindingKind, Rule};

/// A checked configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Where it was read from, made absolute.
    pub file: PathBuf,
    /// Whether receipts count.
    pub mode: Mode,
    /// The shop.
    pub shop: Shop,
    /// The journal.
    pub journal: Journal,
    /// The printers listened to, at least one, names unique.
    pub sources: Vec<Source>,
    /// The robots told, at least one, names unique.
    pub robots: Vec<Robot>,
    /// What is worth a look at a till.
    pub exceptions: Exceptions,
    /// What the owner wants said, names unique.
    pub rules: Vec<Rule>,
    /// What holds for all robots.
    pub dingtalk: Dingtalk,
    /// Who is told when the bridge itself needs a person.
    pub admin: Option<Admin>,
    /// Directory with the owner's own templates.
    pub templates: Option<PathBuf>,
    /// The templates messages are made with: read when the configuration is.
    pub wording: Arc<Templates>,
    /// Where a receipt can be looked at: the button of a card.
    pub receipt_link: Option<ReceiptLink>,
    /// The page, and what monitors ask.
    pub web: Web,
    /// The tills that push.
    pub hooks: Option<Hooks>,
    /// Holidays and promotions, by their first day.
    pub calendar: Vec<Occasion>,
    /// Who is asked about what.
    pub approvals: Vec<Approve>,
    /// Whose calendar and tasks are filled.
    pub agenda: Option<Agenda>,
    /// The card that shows the day.
    pub today: Option<TodayCard>,
}

impl Config {
    /// The shop that a source belongs to; `""` is the only one.
    pub fn shop_of(&self, source: &str) -> &str {
        let known = self.sources.iter().find(|known| known.name == source);
        known.map_or("", |known| known.shop.as_str())
    }

    /// How people are asked about something, where that is configured.
    pub fn approval(&self, about: About) -> Option<&Approve> {
        self.approvals.iter().find(|one| one.about == about)
    }

    /// All shops of this bridge.
    pub fn shops(&self) -> BTreeSet<String> {
        self.sources.iter().map(|source| source.shop.clone()).collect()
    }
}

/// Whether receipts count or are marked as tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Receipts count.
    Live,
    /// Everything said is marked as a test.
    Setup,
}

/// `[journal]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journal {
    /// The SQLite file, absolute.
    pub path: PathBuf,
    /// Days that chunks are kept.
    pub keep_days: u32,
    /// Largest size of the file, its log included, in MiB.
    pub max_mib: u32,
}

impl Journal {
    /// What the journal keeps.
    pub fn keep(&self) -> Keep {
        Keep { days: self.keep_days, max_bytes: u64::from(self.max_mib) * 1024 * 1024 }
    }
}

/// One `[[robot]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Robot {
    /// Unique; as source names.
    pub name: String,
    /// Webhook with its token; `http://` only to loopback.
    pub url: Secret,
    /// Signing secret (`SEC...`), where the robot uses one.
    pub secret: Option<Secret>,
    /// Words of which a message must contain one; at most 10.
    pub keywords: Vec<String>,
    /// Kinds of event this robot is told.
    pub notices: Vec<Kind>,
    /// What else it is told: what the shop finds in its events.
    pub findings: Vec<FindingKind>,
    /// Of which sources it is told them.
    pub sources: Hears,
    /// Message format.
    pub format: Format,
    /// How much of a receipt leaves the shop.
    pub privacy: Privacy,
    /// Further trusted certificate authorities, PEM.
    pub ca_file: Option<PathBuf>,
    /// How ordinary sales are told.
    pub sales: Sales,
    /// The robot whose messages this one helps to carry, in the same group. Such a robot has no
    /// notices of its own; sources, format, privacy, sales and mentions are that robot's.
    pub pool: Option<String>,
    /// The HTTP proxy on the way to DingTalk; its URL may hold a password.
    pub proxy: Option<Secret>,
    /// Who is mentioned, by kind of event.
    pub mentions: Vec<Mention>,
    /// The group that it speaks in, as DingTalk names it or by its conversation's id: questions asked
    /// there are answered from its sources.
    pub group: Option<String>,
    /// Whether a sale shows what is left of each article.
    pub stock_left: bool,
    /// How what runs out is told.
    pub stock_tone: Tone,
}

impl Robot {
    /// Whether it is told an event of `kind` that `source` led to.
    pub fn is_told(&self, kind: Kind, source: &str) -> bool {
        self.notices.contains(&kind) && self.sources.contains(source)
    }
}

/// The sources that a robot hears of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hears {
    /// All of them.
    All,
    /// These names; at least one.
    Only(BTreeSet<String>),
}

impl Hears {
    /// How many sources it are, where not all.
    pub fn count(&self) -> Option<usize> {
        match self {
            Self::All => None,
            Self::Only(names) => Some(names.len()),
        }
    }

    /// Whether `source` is one of them.
    pub fn contains(&self, source: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(names) => names.contains(source),
        }
    }
}

/// How ordinary sales are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sales {
    /// A message each, whatever the budget says.
    Each,
    /// Always in digests.
    Digest,
    /// A message each while the budget allows it.
    Auto,
}

/// How somebody is asked to restock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// As it is.
    Plain,
    /// With a deadline.
    Firm,
    /// With a smile.
    Humorous,
}

/// People whose phones ring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// For these kinds of event.
    pub kinds: Vec<Kind>,
    /// For these findings; there is at least one of either.
    pub findings: Vec<FindingKind>,
    /// Mobile numbers as DingTalk knows them: digits, or `+852-91234567`.
    pub mobiles: Vec<String>,
    /// DingTalk user ids.
    pub user_ids: Vec<String>,
    /// Everybody in the group.
    pub all: bool,
}

/// `[dingtalk]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dingtalk {
    /// Calls a month that the organisation has.
    pub monthly_quota: u32,
    /// The application that people can talk to, where there is one.
    pub app: Option<App>,
    /// Who may change anything by talking to it, by user id. They stand beside the application: a
    /// person more is no reason for another connection.
    pub may_change: BTreeSet<String>,
}

impl Dingtalk {
    /// Whether whoever has this user id may change anything; nobody from outside the organisation
    /// has one.
    pub fn may_change(&self, user_id: Option<&str>) -> bool {
        user_id.is_some_and(|id| self.may_change.contains(id))
    }
}

/// `[dingtalk.app]`: an application of the organisation's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct App {
    /// Its Client ID (`AppKey`).
    pub client_id: String,
    /// Its Client Secret (`AppSecret`).
    pub client_secret: Secret,
    /// Scheme, host and port of the interface: `https`, or `http` to this machine.
    pub api: String,
    /// The code of its robot; the Client ID where nothing else is said.
    pub robot_code: String,
    /// Calls of the interface a month that the organisation has.
    pub monthly_calls: u32,
    /// Authorities trusted beside the system's.
    pub ca_file: Option<PathBuf>,
    /// The way out; may hold a password.
    pub proxy: Option<Secret>,
}

/// `[admin]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admin {
    /// The robot that tells alarms.
    pub robot: String,
    /// Mobile numbers of the people mentioned in them.
    pub mention: Vec<String>,
}

/// Message format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Plain text.
    Text,
    /// DingTalk's Markdown subset.
    Markdown,
    /// An action card.
    Card,
}

/// How much of a receipt leaves the shop, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Privacy {
    /// Number, time, total.
    Totals,
    /// And means of payment and item count.
    Categories,
    /// And item names.
    Items,
    /// Everything that is not a person's data.
    Full,
}
