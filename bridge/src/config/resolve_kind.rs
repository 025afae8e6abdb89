//! From what was typed to what is meant: the keys of a `[[source]]` that say how its bytes are got.

use std::net::SocketAddr;
use std::ops::{Range, RangeInclusive};

use toml::Spanned;

use super::raw::RawSource;
use super::resolved_source::{Flow, Parity, PrintOn, SerialPort, SourceKind};
use super::scope::{Scope, alternatives, nearest, quoted};

/// The kinds.
pub(super) const KINDS: [&str; 8] = [
    "serial-tap",
    "serial-inline",
    "serial-drawer",
    "tcp-proxy",
    "tcp-printer",
    "lp",
    "fifo",
    "file",
];

/// What comes before `HOST:PORT` where a printer on the network is meant.
pub(super) const TCP: &str = "tcp:";

/// Speed of a receipt printer as it leaves the factory, in bits per second.
const DEFAULT_BAUD: i64 = 9_600;
/// Slowest and fastest line, in bits per second.
const BAUD: RangeInclusive<i64> = 110..=4_000_000;
/// Connections of one listener where nothing else is asked for.
const DEFAULT_MAX_CONNECTIONS: i64 = 64;
/// Most connections of one listener; each takes two descriptors of the 1,024 a process has.
const MAX_CONNECTIONS: RangeInclusive<i64> = 1..=400;

/// Keys of a serial line.
const LINE: [&str; 5] = ["baud", "data_bits", "parity", "stop_bits", "flow"];

/// The keys of a kind beside those that every source has.
fn keys_of(kind: &str) -> Vec<&'static str> {
    let (ends, line): (&[&str], &[&str]) = match kind {
        "serial-tap" | "serial-inline" => (&["port", "printer"], &LINE),
        "serial-drawer" => (&["port", "open_code", "status_open", "status_closed"], &LINE),
        "tcp-proxy" => (&["listen", "upstream", "max_connections"], &[]),
        "tcp-printer" => (&["listen", "max_connections", "printer"], &[]),
        "lp" | "fifo" => (&["path", "printer"], &[]),
        _ => (&["path"], &[]),
    };
    [ends, line].concat()
}

impl Scope<'_> {
    pub(super) fn source_kind(
        &mut self,
        raw: &RawSource,
        place: Range<usize>,
    ) -> Option<SourceKind> {
        let Some(kind) = &raw.kind else {
            let hint = "say how the bytes are got: kind = \"serial-tap\"; docs/SOURCES.md";
            self.wrong(place, "a `kind`", "none", hint);
            return None;
        };
        let word = kind.get_ref().as_str();
        if !KINDS.contains(&word) {
            let hint = nearest(word, KINDS.into_iter()).map_or_else(
                || {
                    "a Y cable is a \"serial-tap\"; a printer on the network a \"tcp-proxy\""
                        .to_owned()
                },
                |near| format!("did you mean \"{near}\"?"),
            );
            self.wrong(kind.span(), alternatives(&KINDS), quoted(word), hint);
            return None;
        }
        self.no_strays(raw, word);
        match word {
            "serial-tap" => {
                let port = self.serial(raw, "port", place)?;
                let answers = self.second_port(raw, &port)?;
                Some(SourceKind::SerialTap { port, answers })
            }
            "serial-inline" => self.inline(raw, place),
            "serial-drawer" => self.serial(raw, "port", place).map(SourceKind::SerialDrawer),
            "tcp-proxy" => self.proxy(raw, place),
            "tcp-printer" => self.tcp_printer(raw, place),
            "lp" => {
                let (path, printer) = self.stand_in(raw, place, "path = \"/dev/g_printer0\"")?;
                Some(SourceKind::Lp { path, printer })
            }
            "fifo" => {
                let hint = "path = \"/run/posbridge/receipts\"";
                let (path, printer) = self.stand_in(raw, place, hint)?;
                Some(SourceKind::Fifo { path, printer })
            }
            _ => {
                let hint = "path = \"receipts.bin\"";
                let path = self.required(raw.path.as_ref(), "path", place, hint)?;
                Some(SourceKind::File { path: self.path(path)? })
            }
        }
    }

    /// Keys that belong to another kind are mistakes, not decoration.
    fn no_strays(&mut self, raw: &RawSource, kind: &str) {
        let own = keys_of(kind);
        let text = |typed: &Option<Spanned<String>>| typed.as_ref().map(Spanned::span);
        let number = |typed: &Option<Spanned<i64>>| typed.as_ref().map(Spanned::span);
        let typed = [
            ("port", text(&raw.port)),
            ("printer", text(&raw.printer)),
            ("baud", number(&raw.baud)),
            ("data_bits", number(&raw.data_bits)),
            ("parity", text(&raw.parity)),
            ("stop_bits", number(&raw.stop_bits)),
            ("flow", text(&raw.flow)),
            ("listen", text(&raw.listen)),
            ("upstream", text(&raw.upstream)),
            ("max_connections", number(&raw.max_connections)),
            ("path", text(&raw.path)),
            ("open_code", text(&raw.open_code)),
            ("status_open", text(&raw.status_open)),
            ("status_closed", text(&raw.status_closed)),
        ];
        for (key, at) in typed {
            if let Some(at) = at.filter(|_| !own.contains(&key)) {
                let found = format!("`{key}`");
                let hint = format!("keys of its own: {}", own.join(", "));
                self.wrong(at, format!("a key of kind \"{kind}\""), found, hint);
            }
        }
    }

    /// The serial port named by `key`, `port` or `printer`. The line's settings are those of both:
    /// POS and printer were set to each other before anybody listened.
    fn serial(&mut self, raw: &RawSource, key: &str, place: Range<usize>) -> Option<SerialPort> {
        let hint = "`posbridge ports` lists them; prefer /dev/serial/by-id/...";
        let typed = if key == "port" { &raw.port } else { &raw.printer };
        let path = self.required(typed.as_ref(), key, place, hint).and_then(|port| self.path(port));
        let line = "what the printer's self-test prints";
        let baud = self.number(&raw.baud, BAUD, DEFAULT_BAUD, line);
        let data_bits = self.number(&raw.data_bits, 5..=8, 8, line);
        let stop_bits = self.number(&raw.stop_bits, 1..=2, 1, line);
        let parities = [("none", Parity::None), ("odd", Parity::Odd), ("even", Parity::Even)];
        let parity = self.word(&raw.parity, &parities, Parity::None, line);
        let flows =
            [("none", Flow::None), ("hardware", Flow::Hardware), ("software", Flow::Software)];
        let tap = "a tap never sends; \"none\" is right";
        let inline = raw.kind.as_ref().is_some_and(|kind| kind.get_ref() == "serial-inline");
        let flow = self.word(&raw.flow, &flows, Flow::None, if inline { line } else { tap });
        Some(SerialPort {
            path: path?,
            baud: u32::try_from(baud?).ok()?,
            data_bits: u8::try_from(data_bits?).ok()?,
            parity: parity?,
            stop_bits: u8::try_from(stop_bits?).ok()?,
            flow: flow?,
        })
    }

    /// `printer` beside `port` on a tap. The outer nothing is a mistake, the inner one is no key.
    #[expect(clippy::option_option, reason = "a mistake and a key left out are not the same")]
    fn second_port(&mut self, raw: &RawSource, port: &SerialPort) -> Option<Option<SerialPort>> {
        let Some(typed) = &raw.printer else { return Some(None) };
        let path = self.path(typed)?;
        Some(Some(SerialPort { path, ..port.clone() }))
    }

    fn inline(&mut self, raw: &RawSource, place: Range<usize>) -> Option<SourceKind> {
        let pos = self.serial(raw, "port", place.clone());
        let hint = "the port towards the printer; `posbridge ports` lists them";
        let printer = self
            .required(raw.printer.as_ref(), "printer", place, hint)
            .and_then(|typed| self.path(typed));
        let (pos, path) = (pos?, printer?);
        let printer = SerialPort { path, ..pos.clone() };
        Some(SourceKind::SerialInline { pos, printer })
    }

    fn proxy(&mut self, raw: &RawSource, place: Range<usize>) -> Option<SourceKind> {
        let listen = self.listener(raw, place.clone());
        let hint = "the printer: upstream = \"192.168.1.50:9100\"";
        let upstream = self
            .required(raw.upstream.as_ref(), "upstream", place, hint)
            .and_then(|typed| self.network_printer(typed, typed.get_ref(), listen));
        let max_connections = self.max_connections(raw)?;
        Some(SourceKind::TcpProxy { listen: listen?, upstream: upstream?, max_connections })
    }

    fn tcp_printer(&mut self, raw: &RawSource, place: Range<usize>) -> Option<SourceKind> {
        let listen = self.listener(raw, place);
        let printer = self.print_on(raw, listen);
        let max_connections = self.max_connections(raw)?;
        Some(SourceKind::TcpPrinter { listen: listen?, max_connections, printer: printer? })
    }

    fn stand_in(
        &mut self,
        raw: &RawSource,
        place: Range<usize>,
        hint: &str,
    ) -> Option<(std::path::PathBuf, Option<PrintOn>)> {
        let path = self
            .required(raw.path.as_ref(), "path", place, hint)
            .and_then(|typed| self.path(typed));
        let printer = self.print_on(raw, None);
        Some((path?, printer?))
    }

    fn listener(&mut self, raw: &RawSource, place: Range<usize>) -> Option<SocketAddr> {
        let hint = "where the POS will connect: listen = \"0.0.0.0:9100\"";
        self.required(raw.listen.as_ref(), "listen", place, hint)
            .and_then(|listen| self.address(listen))
    }

    fn max_connections(&mut self, raw: &RawSource) -> Option<usize> {
        let most = "each takes two file descriptors";
        let max = self.number(&raw.max_connections, MAX_CONNECTIONS, DEFAULT_MAX_CONNECTIONS, most);
        usize::try_from(max?).ok()
    }

    /// What prints for a stand-in. The outer nothing is a mistake, the inner one prints nothing.
    #[expect(clippy::option_option, reason = "a mistake and a key left out are not the same")]
    fn print_on(&mut self, raw: &RawSource, listen: Option<SocketAddr>) -> Option<Option<PrintOn>> {
        let Some(typed) = &raw.printer else { return Some(None) };
        let Some(address) = typed.get_ref().strip_prefix(TCP) else {
            return Some(Some(PrintOn::Path(self.path(typed)?)));
        };
        Some(Some(PrintOn::Tcp(self.network_printer(typed, address, listen)?)))
    }

    fn network_printer(
        &mut self,
        typed: &Spanned<String>,
        address: &str,
        listen: Option<SocketAddr>,
    ) -> Option<String> {
        let good = address.rsplit_once(':').is_some_and(|(host, port)| {
            let bare = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(host);
            let bracketed = bare.len() != host.len();
            !bare.is_empty()
                && bare.contains(':') == bracketed
                && !bare.contains(|c: char| c.is_whitespace() || c == '/')
                && port.parse::<u16>().is_ok_and(|port| port != 0)
        });
        let found = quoted(typed.get_ref());
        if !good {
            let hint = "network printers listen on port 9100: \"192.168.1.50:9100\"";
            self.wrong(typed.span(), "the printer's HOST:PORT", found, hint);
            return None;
        }
        if listen.is_some_and(|listen| address.parse() == Ok(listen)) {
            let hint =
                "a source that connects to itself prints nothing; give the printer's address";
            self.wrong(typed.span(), "another address than `listen`", found, hint);
            return None;
        }
        Some(address.to_owned())
    }
}
