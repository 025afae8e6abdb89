//! What the configuration means once it has been checked: every default filled in, every unit
//! resolved, nothing left to complain about. The rest of the program sees only these types.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use pos_protocol::event::Kind;
use pos_protocol::money::{Amount, Currency};

use super::exceptions::Exceptions;
use super::profile::Loaded;
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
    /// Where `/healthz` and `/metrics` are served: a loopback address.
    pub web: Option<SocketAddr>,
    /// Holidays and promotions, by their first day.
    pub calendar: Vec<Occasion>,
}

impl Config {
    /// The shop that a source belongs to; `""` is the only one.
    pub fn shop_of(&self, source: &str) -> &str {
        let known = self.sources.iter().find(|known| known.name == source);
        known.map_or("", |known| known.shop.as_str())
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

/// `[shop]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shop {
    /// Name as it stands in messages.
    pub name: String,
    /// IANA time zone, known to exist.
    pub timezone: jiff::tz::TimeZone,
    /// Currency where the receipt names none.
    pub currency: Currency,
    /// Language of messages.
    pub language: Language,
    /// When the shop is open; nothing where it was not said.
    pub hours: Option<Hours>,
    /// When a business day ends; sales before it belong to the day before.
    pub day_ends: jiff::civil::Time,
    /// Cash that lies in each drawer before the first sale.
    pub float: Amount,
}

/// A holiday or a promotion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occasion {
    /// Which.
    pub kind: OccasionKind,
    /// Its name.
    pub name: String,
    /// First day.
    pub from: jiff::civil::Date,
    /// Last day.
    pub to: jiff::civil::Date,
    /// Days before the first one that people are reminded.
    pub remind_days: i64,
    /// What to prepare.
    pub prepare: Vec<String>,
}

/// What an occasion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OccasionKind {
    /// A day with other hours.
    Holiday {
        /// When the shop is open; nothing: it is closed.
        hours: Option<Hours>,
    },
    /// A day with other prices.
    Promotion,
}

impl Occasion {
    /// Whether `day` is one of its days.
    pub fn covers(&self, day: jiff::civil::Date) -> bool {
        (self.from..=self.to).contains(&day)
    }
}

/// Opening hours, local time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    /// Opens.
    pub from: jiff::civil::Time,
    /// Closes; before `from`: after midnight; equal to it: never.
    pub to: jiff::civil::Time,
}

impl Hours {
    /// Whether the shop is open at `time`.
    pub fn contains(&self, time: jiff::civil::Time) -> bool {
        if self.from < self.to {
            (self.from..self.to).contains(&time)
        } else {
            time >= self.from || time < self.to
        }
    }
}

/// Language of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Traditional Chinese as written in Hong Kong.
    ZhHk,
    /// Simplified Chinese as written in mainland China.
    ZhCn,
    /// English.
    En,
    /// Indonesian.
    Id,
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

/// One `[[source]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Unique; 1 to 64 bytes of letters, digits, `-`, `_` and `.`.
    pub name: String,
    /// The shop whose till it is, where a bridge has several; `""` for the only one.
    pub shop: String,
    /// How bytes are got.
    pub kind: SourceKind,
    /// How its receipts read, and the printer's language, encoding and pages: the profile's,
    /// or what is configured beside it.
    pub profile: Loaded,
    /// Silence that ends a document.
    pub idle: Duration,
    /// The drawer.
    pub drawer: pos_protocol::drawer::Setup,
}

/// How bytes are got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// Receive only, on a Y cable.
    SerialTap {
        /// The port that hears the POS.
        port: SerialPort,
        /// The port that hears what the printer answers, where there is one.
        answers: Option<SerialPort>,
    },
    /// Between POS and printer on a serial line.
    SerialInline {
        /// The port towards the POS.
        pos: SerialPort,
        /// The port towards the printer.
        printer: SerialPort,
    },
    /// Receive only, on the line of a drawer that has a port of its own.
    SerialDrawer(SerialPort),
    /// Between POS and printer on TCP.
    TcpProxy {
        /// Where the POS connects.
        listen: SocketAddr,
        /// The printer, `host:port`.
        upstream: String,
        /// Most connections at once.
        max_connections: usize,
    },
    /// In the place of a printer on TCP.
    TcpPrinter {
        /// Where the POS connects.
        listen: SocketAddr,
        /// Most connections at once.
        max_connections: usize,
        /// What prints.
        printer: Option<PrintOn>,
    },
    /// A character device that hands out what is printed.
    Lp {
        /// The device.
        path: PathBuf,
        /// What prints.
        printer: Option<PrintOn>,
    },
    /// A FIFO that others write to.
    Fifo {
        /// The FIFO, made where there is none.
        path: PathBuf,
        /// What prints.
        printer: Option<PrintOn>,
    },
    /// A file that is read once and followed.
    File {
        /// The file.
        path: PathBuf,
    },
}

impl SourceKind {
    /// The word that stands for it in `kind = "..."`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::SerialTap { .. } => "serial-tap",
            Self::SerialInline { .. } => "serial-inline",
            Self::SerialDrawer(_) => "serial-drawer",
            Self::TcpProxy { .. } => "tcp-proxy",
            Self::TcpPrinter { .. } => "tcp-printer",
            Self::Lp { .. } => "lp",
            Self::Fifo { .. } => "fifo",
            Self::File { .. } => "file",
        }
    }

    /// Whether it is one line, however often that is reopened, and not a connection per writer.
    pub fn is_line(&self) -> bool {
        !matches!(self, Self::TcpProxy { .. } | Self::TcpPrinter { .. } | Self::Fifo { .. })
    }

    /// Its serial ports.
    pub fn serial_ports(&self) -> Vec<&SerialPort> {
        match self {
            Self::SerialTap { port, answers } => {
                std::iter::once(port).chain(answers.as_ref()).collect()
            }
            Self::SerialInline { pos, printer } => vec![pos, printer],
            Self::SerialDrawer(port) => vec![port],
            _ => Vec::new(),
        }
    }

    /// Where it listens on the network.
    pub fn listen(&self) -> Option<SocketAddr> {
        match self {
            Self::TcpProxy { listen, .. } | Self::TcpPrinter { listen, .. } => Some(*listen),
            _ => None,
        }
    }
}

/// What prints for a source that stands in for a printer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrintOn {
    /// A printer's device, a FIFO, or a file that is added to.
    Path(PathBuf),
    /// A printer on the network, `host:port`.
    Tcp(String),
}

impl std::fmt::Display for PrintOn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Path(path) => write!(f, "{}", path.display()),
            Self::Tcp(address) => write!(f, "tcp:{address}"),
        }
    }
}

/// A serial port and its line settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SerialPort {
    /// Device or symbolic link.
    pub path: PathBuf,
    /// Bits per second.
    pub baud: u32,
    /// 5 to 8.
    pub data_bits: u8,
    /// Parity.
    pub parity: Parity,
    /// 1 or 2.
    pub stop_bits: u8,
    /// Flow control.
    pub flow: Flow,
}

/// Parity of a serial line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parity {
    /// None.
    None,
    /// Odd.
    Odd,
    /// Even.
    Even,
}

/// Flow control of a serial line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// None.
    None,
    /// RTS/CTS.
    Hardware,
    /// XON/XOFF.
    Software,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dingtalk {
    /// Calls a month that the organisation has.
    pub monthly_quota: u32,
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
