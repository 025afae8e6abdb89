//! From what was typed to what is meant: the keys of a `[[source]]` that describe its drawer.

use std::ops::{Range, RangeInclusive};
use std::time::Duration;

use pos_protocol::drawer::{HighMeans, Setup, port};
use pos_protocol::limits::MAX_OPEN_CODE;

use super::raw::{RawSource, Text};
use super::scope::{Scope, quoted};

/// Shortest and longest time that a drawer may stand open untold.
const LEFT_OPEN: RangeInclusive<Duration> = Duration::from_secs(10)..=Duration::from_hours(12);

impl Scope<'_> {
    /// The drawer of a source, beginning with what its profile says; `own_port` where the source is
    /// a drawer and no printer.
    pub(super) fn drawer(
        &mut self,
        raw: &RawSource,
        place: Range<usize>,
        own_port: bool,
        known: &Setup,
    ) -> Option<Setup> {
        let meanings = [HighMeans::Learn, HighMeans::Open, HighMeans::Closed];
        let meanings = meanings.map(|means| (means.as_str(), means));
        let hint = "leave it out: it is learned from the first kicks";
        let high_means = self.word(&raw.drawer_high, &meanings, known.high_means, hint);
        let default = Duration::from_millis(known.left_open_ms);
        let left_open = self.duration(&raw.drawer_left_open, LEFT_OPEN, default);
        let port = if own_port { Some(self.drawer_port(raw, place)?) } else { None };
        Some(Setup {
            high_means: high_means?,
            left_open_ms: u64::try_from(left_open?.as_millis()).ok()?,
            port,
        })
    }

    fn drawer_port(&mut self, raw: &RawSource, place: Range<usize>) -> Option<port::Setup> {
        let open_code = self.hex(&raw.open_code, MAX_OPEN_CODE)?;
        let status_open = self.hex(&raw.status_open, 1)?.first().copied();
        let status_closed = self.hex(&raw.status_closed, 1)?.first().copied();
        let place = raw.status_open.as_ref().map_or(place, toml::Spanned::span);
        if status_open.is_some() != status_closed.is_some() {
            let expected = "both `status_open` and `status_closed`, or neither";
            let hint =
                "one byte says only half of it: status_open = \"01\", status_closed = \"00\"";
            self.wrong(place, expected, "one of them", hint);
            return None;
        }
        let status = [status_open, status_closed];
        let in_code = open_code.iter().any(|byte| status.contains(&Some(*byte)));
        if in_code || (status_open.is_some() && status_open == status_closed) {
            let hint = "the drawer's manual lists them; leave them out where it answers nothing";
            let expected = "`open_code`, `status_open` and `status_closed` without a common byte";
            self.wrong(place, expected, "one that means two things", hint);
            return None;
        }
        Some(port::Setup { open_code, status_open, status_closed })
    }

    /// Bytes as a manual prints them: `"1B 70 00"`. Nothing typed is no byte.
    fn hex(&mut self, typed: &Text, most: usize) -> Option<Vec<u8>> {
        let Some(typed) = typed else { return Some(Vec::new()) };
        let bytes: Option<Vec<u8>> = typed
            .get_ref()
            .split_whitespace()
            .map(|word| u8::from_str_radix(word, 16).ok().filter(|_| word.len() == 2))
            .collect();
        let bytes = bytes.filter(|bytes| (1..=most).contains(&bytes.len()));
        if bytes.is_none() {
            let expected = match most {
                1 => "one byte in hex".to_owned(),
                most => format!("1 to {most} bytes in hex, two digits each"),
            };
            let hint = "as the manual prints them: \"07\" or \"1B 70 00\"";
            self.wrong(typed.span(), expected, quoted(typed.get_ref()), hint);
        }
        bytes
    }
}
