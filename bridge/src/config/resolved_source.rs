//! What the configuration means once it has been checked: the sources.
//!
//! Whether a port or an address is there is found out when it is opened.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use super::profile::Loaded;

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
