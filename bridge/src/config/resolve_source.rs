//! From what was typed to what is meant: `[[source]]`. How its bytes are got is `resolve_kind`'s.

use std::collections::BTreeSet;
use std::ops::Range;
use std::time::Duration;

use pos_protocol::profile::{DEFAULT_IDLE_MS, Dialect, Encoding, PageFamily, Profile};
use toml::Spanned;

use super::profile::{Loaded, load_profile};
use super::raw::{RawSource, Text};
use super::resolve_kind::TCP;
use super::resolved_source::{Source, SourceKind};
use super::scope::{Scope, quoted};

/// Shortest and longest silence that ends a document.
const IDLE: std::ops::RangeInclusive<Duration> =
    Duration::from_millis(100)..=Duration::from_mins(10);

/// Longest name of a shop.
const MAX_SHOP_BYTES: usize = 64;

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
        let (name, shop) = (name?, self.shop_of(&raw.shop)?);
        Some(Source { name, shop, kind: kind?, profile: profile?, idle: idle?, drawer: drawer? })
    }

    /// The shop that a source belongs to: any name a person would give it, on one line.
    fn shop_of(&mut self, typed: &Text) -> Option<String> {
        let Some(typed) = typed else { return Some(String::new()) };
        let name = typed.get_ref().trim();
        let good =
            !name.is_empty() && name.len() <= MAX_SHOP_BYTES && !name.chars().any(char::is_control);
        if !good {
            let expected = format!("a shop's name of 1 to {MAX_SHOP_BYTES} bytes on one line");
            let hint = "the same name at each of its tills; leave it out where there is one shop";
            self.wrong(typed.span(), expected, quoted(typed.get_ref()), hint);
            return None;
        }
        Some(name.to_owned())
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

    /// Two sources on one device or one address would take each other's bytes.
    fn unshared(&mut self, raw: &[Spanned<RawSource>]) {
        let mut seen = BTreeSet::new();
        for source in raw {
            let source = source.get_ref();
            // A file may be read by many; a FIFO or a device hands each byte to one reader.
            let path = source.path.as_ref().filter(|_| !is_file(source));
            // A printer on the network takes its turns itself.
            let printer = source.printer.as_ref().filter(|t| !t.get_ref().starts_with(TCP));
            let listen = source.listen.as_ref().filter(|t| !t.get_ref().ends_with(":0"));
            for (key, typed) in [
                ("port", source.port.as_ref()),
                ("printer", printer),
                ("path", path),
                ("listen", listen),
            ] {
                let Some(typed) = typed else { continue };
                if !seen.insert(typed.get_ref().clone()) {
                    let expected = format!("a `{key}` that no other source has");
                    let hint = "each source needs a line of its own";
                    self.wrong(typed.span(), expected, quoted(typed.get_ref()), hint);
                }
            }
        }
    }

    pub(super) fn required<'t>(
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

fn is_file(raw: &RawSource) -> bool {
    raw.kind.as_ref().is_some_and(|kind| kind.get_ref() == "file")
}
