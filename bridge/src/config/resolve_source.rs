//! From what was typed to what is meant: `[[source]]`.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::ops::Range;
use std::time::Duration;

use pos_protocol::profile::{DEFAULT_IDLE_MS, Dialect, Encoding, PageFamily, Profile};
use toml::Spanned;

use super::profile::{Loaded, load_profile};
use super::raw::RawSource;
use super::resolved::{Flow, Parity, SerialPort, Source, SourceKind};
use super::scope::{Scope, nearest, quoted};

/// Kinds that this version has.
const KINDS: [&str; 4] = ["serial-tap", "serial-drawer", "tcp-proxy", "file"];
/// Kinds that the contract has and this version does not.
const LATER_KINDS: [&str; 4] = ["serial-inline", "tcp-printer", "lp", "fifo"];

/// Speed of a receipt printer as it leaves the factory, in bits per second.
const DEFAULT_BAUD: i64 = 9_600;
/// Slowest and fastest line, in bits per second.
const BAUD: std::ops::RangeInclusive<i64> = 110..=4_000_000;
/// Connections of one proxy where nothing else is asked for.
const DEFAULT_MAX_CONNECTIONS: i64 = 64;
/// Most connections of one proxy; each takes two descriptors of the 1,024 a process has.
const MAX_CONNECTIONS: std::ops::RangeInclusive<i64> = 1..=400;
/// Shortest and longest silence that ends a document.
const IDLE: std::ops::RangeInclusive<Duration> =
    Duration::from_millis(100)..=Duration::from_mins(10);

impl Scope<'_> {
    pub(super) fn sources(&mut self, raw: &[Spanned<RawSource>]) -> Option<Vec<Source>> {
        if raw.is_empty() {
            let hint = "add a table: [[source]] name = \"counter-1\", kind = \"serial-tap\", port = \"/dev/ttyUSB0\"";
            self.wrong(0..0, "at least one [[source]]", "none", hint);
            return None;
        }
        let mut names = Vec::new();
        let all: Vec<Option<Source>> = raw
            .iter()
            .map(|source| self.source(source.get_ref(), source.span(), &mut names))
            .collect();
        self.unshared(raw);
        all.into_iter().collect()
    }

    fn source(
        &mut self,
        raw: &RawSource,
        place: Range<usize>,
        names: &mut Vec<String>,
    ) -> Option<Source> {
        let name = self.name("source", &raw.name, place.clone(), names);
        let kind = self.source_kind(raw, place.clone());
        let own_port = matches!(kind, Some(SourceKind::SerialDrawer(_)));
        let profile = self.profile(raw);
        let known = profile.as_ref().map(|loaded| loaded.profile.drawer.clone());
        let drawer = self.drawer(raw, place, own_port, &known.unwrap_or_default());
        let given = profile.as_ref().map_or(DEFAULT_IDLE_MS, |loaded| loaded.profile.idle_ms);
        let idle = self.duration(&raw.idle, IDLE, Duration::from_millis(given));
        Some(Source { name: name?, kind: kind?, profile: profile?, idle: idle?, drawer: drawer? })
    }

    /// The profile, with what is configured beside it in place of what it says.
    fn profile(&mut self, raw: &RawSource) -> Option<Loaded> {
        let word = raw.profile.as_ref().map_or("auto", |typed| typed.get_ref());
        let loaded = match load_profile(word, &self.base) {
            Ok(loaded) => Some(loaded),
            Err(error) => {
                let at = raw.profile.as_ref().map_or(0..0, Spanned::span);
                self.profile_is_wrong(at, error);
                None
            }
        };
        let known = loaded.as_ref().map_or_else(Default::default, |l| l.profile.clone());
        let dialects = [Dialect::Auto, Dialect::Escpos, Dialect::StarLine, Dialect::StarPrnt];
        let dialects = dialects.map(|dialect| (dialect.as_str(), dialect));
        let dialect =
            self.word(&raw.dialect, &dialects, known.dialect, "leave it out for \"auto\"");
        let encodings: Vec<_> =
            Encoding::all().map(|encoding| (encoding.as_str(), encoding)).collect();
        let encoding =
            self.word(&raw.encoding, &encodings, known.encoding, "leave it out for \"auto\"");
        let pages: Vec<_> = PageFamily::ALL.iter().map(|one| (one.as_str(), *one)).collect();
        let hint = "whose printer it is, or which it is a clone of; leave it out for \"epson\"";
        let pages = self.word(&raw.pages, &pages, known.pages, hint);
        let profile = Profile { dialect: dialect?, encoding: encoding?, pages: pages?, ..known };
        Some(Loaded { profile, ..loaded? })
    }

    fn source_kind(&mut self, raw: &RawSource, place: Range<usize>) -> Option<SourceKind> {
        let expected = "a kind: \"serial-tap\", \"serial-drawer\", \"tcp-proxy\" or \"file\"";
        let Some(kind) = &raw.kind else {
            self.wrong(place, expected, "none", "say how the bytes are got: kind = \"serial-tap\"");
            return None;
        };
        let word = kind.get_ref().as_str();
        if !KINDS.contains(&word) {
            let hint = if LATER_KINDS.contains(&word) {
                format!("\"{word}\" comes in a later version")
            } else {
                let near = nearest(word, KINDS.into_iter());
                near.map_or_else(
                    || {
                        "a Y cable is a \"serial-tap\"; a printer on the network a \"tcp-proxy\""
                            .to_owned()
                    },
                    |near| format!("did you mean \"{near}\"?"),
                )
            };
            self.wrong(kind.span(), expected, quoted(word), hint);
            return None;
        }
        self.no_strays(raw, word);
        match word {
            "serial-tap" => self.serial(raw, place).map(SourceKind::SerialTap),
            "serial-drawer" => self.serial(raw, place).map(SourceKind::SerialDrawer),
            "tcp-proxy" => self.proxy(raw, place),
            _ => {
                let path =
                    self.required(raw.path.as_ref(), "path", place, "path = \"receipts.bin\"")?;
                Some(SourceKind::File { path: self.path(path)? })
            }
        }
    }

    /// Keys that belong to another kind are mistakes, not decoration.
    fn no_strays(&mut self, raw: &RawSource, kind: &str) {
        let drawer = [
            "port",
            "baud",
            "data_bits",
            "parity",
            "stop_bits",
            "flow",
            "open_code",
            "status_open",
            "status_closed",
        ];
        let own: &[&str] = match kind {
            "serial-tap" => &drawer[..6],
            "serial-drawer" => &drawer,
            "tcp-proxy" => &["listen", "upstream", "max_connections"],
            _ => &["path"],
        };
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

    fn serial(&mut self, raw: &RawSource, place: Range<usize>) -> Option<SerialPort> {
        let hint = "`posbridge ports` lists them; prefer /dev/serial/by-id/...";
        let path =
            self.required(raw.port.as_ref(), "port", place, hint).and_then(|port| self.path(port));
        let line = "what the printer's self-test prints";
        let baud = self.number(&raw.baud, BAUD, DEFAULT_BAUD, line);
        let data_bits = self.number(&raw.data_bits, 5..=8, 8, line);
        let stop_bits = self.number(&raw.stop_bits, 1..=2, 1, line);
        let parities = [("none", Parity::None), ("odd", Parity::Odd), ("even", Parity::Even)];
        let parity = self.word(&raw.parity, &parities, Parity::None, line);
        let flows =
            [("none", Flow::None), ("hardware", Flow::Hardware), ("software", Flow::Software)];
        let flow = self.word(&raw.flow, &flows, Flow::None, "a tap never sends; \"none\" is right");
        Some(SerialPort {
            path: path?,
            baud: u32::try_from(baud?).ok()?,
            data_bits: u8::try_from(data_bits?).ok()?,
            parity: parity?,
            stop_bits: u8::try_from(stop_bits?).ok()?,
            flow: flow?,
        })
    }

    fn proxy(&mut self, raw: &RawSource, place: Range<usize>) -> Option<SourceKind> {
        let hint = "where the POS will connect: listen = \"0.0.0.0:9100\"";
        let listen = self
            .required(raw.listen.as_ref(), "listen", place.clone(), hint)
            .and_then(|listen| self.address(listen));
        let hint = "the printer: upstream = \"192.168.1.50:9100\"";
        let upstream = self
            .required(raw.upstream.as_ref(), "upstream", place, hint)
            .and_then(|upstream| self.upstream(upstream, listen));
        let most = "each takes two file descriptors";
        let max = self.number(&raw.max_connections, MAX_CONNECTIONS, DEFAULT_MAX_CONNECTIONS, most);
        Some(SourceKind::TcpProxy {
            listen: listen?,
            upstream: upstream?,
            max_connections: usize::try_from(max?).ok()?,
        })
    }

    fn upstream(&mut self, typed: &Spanned<String>, listen: Option<SocketAddr>) -> Option<String> {
        let text = typed.get_ref();
        let good = text.rsplit_once(':').is_some_and(|(host, port)| {
            let bare = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(host);
            let bracketed = bare.len() != host.len();
            !bare.is_empty()
                && bare.contains(':') == bracketed
                && !bare.contains(|c: char| c.is_whitespace() || c == '/')
                && port.parse::<u16>().is_ok_and(|port| port != 0)
        });
        if !good {
            let hint = "network printers listen on port 9100: \"192.168.1.50:9100\"";
            self.wrong(typed.span(), "the printer's HOST:PORT", quoted(text), hint);
            return None;
        }
        if listen.is_some_and(|listen| text.parse() == Ok(listen)) {
            let hint = "a proxy that connects to itself prints nothing; give the printer's address";
            self.wrong(typed.span(), "another address than `listen`", quoted(text), hint);
            return None;
        }
        Some(text.clone())
    }

    /// Two sources on one port or one address would take each other's bytes.
    fn unshared(&mut self, raw: &[Spanned<RawSource>]) {
        let mut seen = BTreeSet::new();
        for source in raw {
            let source = source.get_ref();
            for (key, typed) in [("port", &source.port), ("listen", &source.listen)] {
                let Some(typed) = typed.as_ref().filter(|typed| !typed.get_ref().ends_with(":0"))
                else {
                    continue;
                };
                if !seen.insert((key, typed.get_ref().clone())) {
                    let expected = format!("a `{key}` that no other source has");
                    let hint = "each source needs a line of its own";
                    self.wrong(typed.span(), expected, quoted(typed.get_ref()), hint);
                }
            }
        }
    }

    fn required<'t>(
        &mut self,
        typed: Option<&'t Spanned<String>>,
        key: &str,
        place: Range<usize>,
        hint: &str,
    ) -> Option<&'t Spanned<String>> {
        if typed.is_none() {
            self.wrong(place, format!("a `{key}`"), "none", hint);
        }
        typed
    }
}
