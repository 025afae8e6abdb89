//! The answers as a `posbridge.toml`: what was answered, and beside it a short manual.
//!
//! It reads and writes no file. Secrets are named, never written here.

use std::fmt::Write as _;

use super::answer::line;
use super::choices::{HERE, NETWORK};
use super::forecast::forecast;
use super::interview::Interview;
use super::key::Key;
use super::said;
use super::words::Tongue;
use crate::config::{Parity, Sales};

/// Calls of a month that a standard organisation has.
const QUOTA: u32 = 3_000;
/// Where the page is.
const PAGE_PORT: u16 = 8787;
/// The robot's name.
pub(super) const ROBOT: &str = "owner";

/// The files that secrets stand in, as the configuration names them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// The webhook's.
    pub url: String,
    /// The signing secret's.
    pub secret: String,
    /// That of the password's hash.
    pub password: String,
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}

/// What is right for a question that was not answered yet, for the parser alone.
fn stand_in(key: Key) -> &'static str {
    match key {
        Key::Kind => "file",
        Key::Path => "receipts.bin",
        Key::Port => "/dev/not-asked-yet-1",
        Key::Printer => "/dev/not-asked-yet-2",
        Key::Upstream => "127.0.0.1:9",
        Key::Shop => "Shop",
        Key::RobotUrl => "http://127.0.0.1/?access_token=t",
        _ => "",
    }
}

fn value(interview: &Interview, key: Key) -> String {
    let given = interview.given(key).map(str::to_owned);
    let default = || interview.question(key).default;
    given.or_else(default).unwrap_or_else(|| stand_in(key).to_owned())
}

/// What the parser needs to judge the answers so far, without a file of secrets.
pub(super) fn sketch(interview: &Interview) -> String {
    let url = quoted(&value(interview, Key::RobotUrl));
    let mut out = body(interview, "");
    // The robot comes last, and its first line is its name.
    let place = out.rfind(ROBOT_HEAD).map_or(out.len(), |at| at + ROBOT_HEAD.len());
    out.insert_str(place, &format!("url = {url}\n"));
    out
}

/// The whole file.
pub(super) fn whole(interview: &Interview, names: &Names) -> String {
    let mut out = body(interview, &names.password);
    let mut secrets = format!(
        "# The webhook and the signing secret stand in files that only their owner can read.\n\
         url_file = {}\n",
        quoted(&names.url)
    );
    if !names.secret.is_empty() {
        let _ = writeln!(secrets, "secret_file = {}", quoted(&names.secret));
    }
    let place = out.rfind(ROBOT_HEAD).map_or(out.len(), |at| at + ROBOT_HEAD.len());
    out.insert_str(place, &secrets);
    out
}

const ROBOT_HEAD: &str = "[[robot]]\nname = \"owner\"\n";

fn body(interview: &Interview, password: &str) -> String {
    let mut out = String::from(
        "# posbridge.toml, written by posbridge init. Change it as you like: `posbridge check` finds\n\
         # mistakes, `systemctl reload posbridge` takes most changes up. docs/CONFIGURATION.md has all keys.\n\n\
         # Receipts are marked as tests and count nowhere until `posbridge go-live`.\n\
         mode = \"setup\"\n\n",
    );
    shop(interview, &mut out);
    let _ = write!(
        out,
        "[journal]\n# Everything that was heard, understood and said; mode 0600.\npath = {}\n\
         # Days that raw receipts are kept.\nkeep_days = 30\n\n",
        quoted(&value(interview, Key::Journal))
    );
    source(interview, &mut out);
    out.push_str(
        "[dingtalk]\n# Calls a month that the organisation has; sales go together as it is used up.\n",
    );
    let _ = write!(out, "monthly_quota = {QUOTA}\n\n");
    out.push_str(
        "[admin]\n# Who is told when something needs a person. Add a number that is called:\n\
         # mention = \"+852-91234567\"\n",
    );
    let _ = write!(out, "robot = {}\n\n", quoted(ROBOT));
    page(interview, password, &mut out);
    robot(interview, &mut out);
    out
}

/// Without the file of a password, which is not there yet, the page is for this box.
fn page(interview: &Interview, password: &str, out: &mut String) {
    out.push_str("# The page: is it working? docs/PAGE.md\n");
    let listens = match value(interview, Key::Page).as_str() {
        NETWORK if !password.is_empty() => {
            format!(
                "[web]\nlisten = \"0.0.0.0:{PAGE_PORT}\"\npassword_file = {}\n\n",
                quoted(password)
            )
        }
        HERE | NETWORK => format!("[web]\nlisten = \"127.0.0.1:{PAGE_PORT}\"\n\n"),
        _ => format!("# [web]\n# listen = \"127.0.0.1:{PAGE_PORT}\"\n\n"),
    };
    out.push_str(&listens);
}

fn shop(interview: &Interview, out: &mut String) {
    let of = |key| quoted(&value(interview, key));
    let _ = write!(
        out,
        "[shop]\nname = {}\ntimezone = {}\n# Where a receipt names no currency.\ncurrency = {}\n\
         # Of the messages: zh-HK, zh-CN, en, id.\nlanguage = {}\n",
        of(Key::Shop),
        of(Key::Timezone),
        of(Key::Currency),
        of(Key::Speaks)
    );
    out.push_str(
        "# Opening hours: outside them no till is called silent, and summaries come after them.\n",
    );
    match value(interview, Key::Hours).as_str() {
        "" => out.push_str("# hours = \"11:00-22:30\"\n\n"),
        hours => {
            let _ = write!(out, "hours = {}\n\n", quoted(hours));
        }
    }
}

fn source(interview: &Interview, out: &mut String) {
    let of = |key| quoted(&value(interview, key));
    let kind = value(interview, Key::Kind);
    let _ = write!(
        out,
        "# A till. docs/SOURCES.md has the kinds; one more till is one more of these.\n\
         [[source]]\nname = {}\nkind = {}\n",
        of(Key::Source),
        quoted(&kind)
    );
    let mut put = |key: &str, text: String| {
        let _ = writeln!(out, "{key} = {text}");
    };
    match kind.as_str() {
        "serial-tap" | "serial-inline" => {
            put("port", of(Key::Port));
            if kind == "serial-inline" {
                put("printer", of(Key::Printer));
            }
            let set = line(&value(interview, Key::Line));
            if let Some(set) = set {
                put("baud", set.baud.to_string());
                if set.data_bits != 8 {
                    put("data_bits", set.data_bits.to_string());
                }
                match set.parity {
                    Parity::None => {}
                    Parity::Odd => put("parity", quoted("odd")),
                    Parity::Even => put("parity", quoted("even")),
                }
            }
        }
        "tcp-proxy" => {
            put("listen", of(Key::Listen));
            put("upstream", of(Key::Upstream));
        }
        "tcp-printer" => {
            put("listen", of(Key::Listen));
            let printer = interview.given(Key::Printer).unwrap_or_default();
            if !printer.is_empty() {
                put("printer", quoted(printer));
            }
        }
        _ => put("path", of(Key::Path)),
    }
    let _ = write!(
        out,
        "# \"auto\" finds them out by what is printed.\ndialect = {}\nencoding = {}\n\n",
        of(Key::Dialect),
        of(Key::Encoding)
    );
}

fn robot(interview: &Interview, out: &mut String) {
    out.push_str(
        "# A robot in a DingTalk group. `posbridge robot set owner` gives it a new address.\n",
    );
    out.push_str(ROBOT_HEAD);
    match value(interview, Key::Keyword).as_str() {
        "" => out.push_str("# keywords = [\"收銀\"]     # where the robot demands one\n"),
        word => {
            let _ = writeln!(out, "keywords = [{}]", quoted(word));
        }
    }
    out.push_str("# What it is told; docs/NOTICES.md has the full list.\nnotices = [\n");
    for word in value(interview, Key::Notices).split(',') {
        let _ = writeln!(out, "    {},", quoted(word));
    }
    out.push_str("]\n");
    let sales = value(interview, Key::Sales);
    let expected = expected(interview, &sales);
    let _ = write!(
        out,
        "# each: a message per sale; digest: together; auto: each while the month allows it.\n\
         {expected}sales = {}\n\
         # From least to most: totals, categories, items, full.\nprivacy = \"categories\"\n\
         # text, markdown, card\nformat = \"markdown\"\n",
        quoted(&sales)
    );
}

fn expected(interview: &Interview, sales: &str) -> String {
    let Some(a_day) = interview.given(Key::SalesADay).and_then(|text| text.parse().ok()) else {
        return String::new();
    };
    let (kinds, findings) = interview.told();
    let found = forecast(a_day, (&kinds, &findings), how(sales), QUOTA);
    format!(
        "# With {a_day} sales a day: about {} messages a day, {} of {QUOTA} a month.\n",
        found.day, found.month
    )
}

/// What a word of `sales` means.
pub(super) fn how(sales: &str) -> Sales {
    match sales {
        "each" => Sales::Each,
        "digest" => Sales::Digest,
        _ => Sales::Auto,
    }
}

impl Interview {
    /// What is to be expected of each way to tell sales: its word, messages a day, a month, and in the
    /// busiest minute, and whether the month's calls will do.
    pub fn forecasts(&self) -> Vec<(&'static str, super::Forecast)> {
        let a_day = self.given(Key::SalesADay).and_then(|text| text.parse().ok()).unwrap_or(0);
        let (kinds, findings) = self.told();
        ["auto", "each", "digest"]
            .map(|word| (word, forecast(a_day, (&kinds, &findings), how(word), QUOTA)))
            .into()
    }

    /// Where the page will be, for a browser.
    pub fn page(&self, tongue: Tongue) -> Option<String> {
        let host = match self.given(Key::Page)? {
            HERE => "127.0.0.1",
            NETWORK => said::THIS_BOX.of(tongue),
            _ => return None,
        };
        Some(format!("http://{host}:{PAGE_PORT}/"))
    }

    /// Calls of a month.
    pub fn quota(&self) -> u32 {
        QUOTA
    }
}
