//! What the configuration means once it has been checked: every default filled in, every unit
//! resolved, nothing left to complain about. The rest of the program sees only these types.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use pos_protocol::event::Kind;
use pos_protocol::money::Currency;

use super::profile::Loaded;
use crate::secret::Secret;

/// A checked configuration.
#[derive(Clone, Debug)]
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
    /// Where `/healthz` and `/metrics` are served: a loopback address.
    pub web: Option<SocketAddr>,
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
#[derive(Clone, Debug)]
pub struct Shop {
    /// Name as it stands in messages.
    pub name: String,
    /// IANA time zone, known to exist.
    pub timezone: jiff::tz::TimeZone,
    /// Currency where the receipt names none.
    pub currency: Currency,
    /// Language of messages.
    pub language: Language,
}

/// Language of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Traditional Chinese as written in Hong Kong.
    ZhHk,
    /// English.
    En,
}

/// `[journal]`.
#[derive(Clone, Debug)]
pub struct Journal {
    /// The SQLite file, absolute.
    pub path: PathBuf,
    /// Days that chunks are kept.
    pub keep_days: u32,
}

/// One `[[source]]`.
#[derive(Clone, Debug)]
pub struct Source {
    /// Unique; 1 to 64 bytes of letters, digits, `-`, `_` and `.`.
    pub name: String,
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
    SerialTap(SerialPort),
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
    /// A file that is read once and followed.
    File {
        /// The file.
        path: PathBuf,
    },
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
#[derive(Clone, Debug)]
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
    /// Message format.
    pub format: Format,
    /// How much of a receipt leaves the shop.
    pub privacy: Privacy,
    /// Further trusted certificate authorities, PEM.
    pub ca_file: Option<PathBuf>,
}

/// Message format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Plain text.
    Text,
    /// DingTalk's Markdown subset.
    Markdown,
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
