//! Golden tests: bad configurations and the exact words a person gets (`golden.txt`), and what a
//! good one means.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::civil::time;
use pos_protocol::event::Kind;

use super::{
    Config, ConfigError, DEFAULT_NOTICES, Flow, Format, Hears, Language, Mention, Mode, Parity,
    Privacy, Sales, SerialPort, SourceKind, parse_in,
};
use crate::secret::Secret;
use crate::shop::FindingKind;

pub(super) const SOURCE: &str =
    "[[source]]\nname = \"counter-1\"\nkind = \"serial-tap\"\nport = \"/dev/ttyUSB0\"\n";
pub(super) const ROBOT: &str = "[[robot]]\nname = \"owner\"\n\
    url = \"https://oapi.dingtalk.com/robot/send?access_token=t0k3n\"\n";

pub(super) fn refused(text: &str) -> String {
    let error = parse_in(text, Path::new("posbridge.toml"), &|_| None).expect_err(text);
    assert!(matches!(error, ConfigError::Invalid(_)), "{error}");
    error.to_string()
}

pub(super) fn accepted(text: &str, path: &Path, env: &[(&str, &str)]) -> (Config, Vec<String>) {
    let env = |name: &str| {
        env.iter().find(|(var, _)| *var == name).map(|(_, value)| OsString::from(value))
    };
    parse_in(text, path, &env).unwrap_or_else(|error| panic!("{error}"))
}

/// Each case of `golden.txt` is a mistake, `-----`, the error, `=====`. Keys are added to the one
/// source of a good configuration, tables come after it.
#[test]
fn every_mistake_is_told_in_exactly_these_words() {
    let cases = include_str!("golden.txt").split_terminator("=====\n");
    let mut count = 0;
    for case in cases {
        let (mistake, expected) = case.split_once("-----\n").expect("two parts");
        let text = if mistake.starts_with('[') {
            format!("{SOURCE}\n{ROBOT}{mistake}")
        } else {
            format!("{SOURCE}{mistake}\n{ROBOT}")
        };
        assert_eq!(refused(&text), expected.trim_end_matches('\n'), "for:\n{mistake}");
        count += 1;
    }
    assert!(count > 20, "{count} cases were read");
}

/// A configuration whose one source is a drawer on its own port, with further keys.
fn drawer(keys: &str) -> String {
    format!("{}{keys}\n{ROBOT}", SOURCE.replace("serial-tap", "serial-drawer"))
}

#[test]
fn a_drawer_on_its_own_port_is_described_in_the_bytes_of_its_manual() {
    let keys = "open_code = \"1B 70 00\"\nstatus_open = \"01\"\nstatus_closed = \"02\"\n\
                drawer_left_open = \"1m\"";
    let (config, _) = accepted(&drawer(keys), Path::new("/etc/posbridge.toml"), &[]);
    let source = &config.sources[0];
    assert!(matches!(source.kind, SourceKind::SerialDrawer(_)));
    assert_eq!(source.drawer.left_open_ms, 60_000);
    let port = source.drawer.port.as_ref().expect("a port of its own");
    assert_eq!(port.open_code, [0x1B, 0x70, 0x00]);
    assert_eq!((port.status_open, port.status_closed), (Some(1), Some(2)));
    for (keys, expected) in [
        ("open_code = \"7\"", "expected 1 to 16 bytes in hex, two digits each, found \"7\""),
        ("status_open = \"01 02\"", "expected one byte in hex, found \"01 02\""),
        ("status_open = \"01\"", "expected both `status_open` and `status_closed`, or neither"),
        (
            "open_code = \"01\"\nstatus_open = \"01\"\nstatus_closed = \"00\"",
            "without a common byte",
        ),
    ] {
        let said = refused(&drawer(keys));
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn a_profile_is_built_in_or_a_file_and_what_is_typed_beside_it_counts_more() {
    let temp = tempfile::tempdir().expect("a temporary directory");
    let (config, file) = (temp.path().join("posbridge.toml"), temp.path().join("till.toml"));
    let text = "name = \"till\"\nencoding = \"big5\"\npages = \"star\"\n\
                [boundaries]\nidle = \"5s\"\n[drawer]\nleft_open = \"1m\"\n";
    std::fs::write(&file, text).expect("written");
    let keys = "profile = \"till.toml\"\nencoding = \"gb18030\"\n";
    let (config, _) = accepted(&format!("{SOURCE}{keys}{ROBOT}"), &config, &[]);
    let source = &config.sources[0];
    let profile = &source.profile.profile;
    assert_eq!((profile.name.as_str(), profile.encoding.as_str()), ("till", "gb18030"));
    assert_eq!((profile.pages.as_str(), source.idle), ("star", Duration::from_secs(5)));
    assert_eq!(source.drawer.left_open_ms, 60_000);
    assert_eq!(source.profile.check().expect("no samples"), 0);
    let keys = "profile = \"vivipos\"\n";
    let (config, _) = accepted(&format!("{SOURCE}{keys}{ROBOT}"), Path::new("p.toml"), &[]);
    assert!(config.sources[0].profile.check().expect("its samples are read") > 0);
}

#[test]
fn a_mistake_in_a_profile_is_told_in_the_profiles_own_lines() {
    let temp = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(temp.path().join("till.toml"), "name = \"till\"\n[words]\ntotl = []\n")
        .expect("written");
    let text = format!("{SOURCE}profile = \"till.toml\"\n{ROBOT}");
    let path = temp.path().join("posbridge.toml");
    let said = parse_in(&text, &path, &|_| None).expect_err("a mistake").to_string();
    assert!(said.contains("till.toml:3:1: error\n"), "{said}");
    assert!(said.ends_with("expected a role, found `totl`\nhint: did you mean `total`?"), "{said}");
}

#[test]
fn no_error_shows_a_token_or_a_signing_secret() {
    for text in [
        "url = \"https://x/?access_token=t0k3n\" oops\n",
        "[[robot]]\nname = \"a\"\nurl = [\"https://x/?access_token=t0k3n\"]\n",
        "[[robot]]\nname = \"a\"\nkeywords = \"SEC0123456789abcdef\"\n",
        "[[robot]]\nname = \"a\"\nsecret_env = \"SEC0123456789abcdef\"\n",
        "[[robot]]\nname = \"a\"\nnotices = [\"SEC0123456789abcdef\"]\n",
        "[[robot]]\nname = \"a\"\nSEC0123456789abcdef = 1\n",
        "robot = [{ name = \"a\", url = \"ftp://x/t0k3n\", token = \"t0k3n\" }]\n",
        "[[robot]]\nname = \"a\"\nurl = \"http://example.com/?access_token=t0k3n\"\n",
    ] {
        let shown = refused(text);
        assert!(!shown.contains("t0k3n") && !shown.contains("0123456789abcdef"), "{shown}");
    }
}

#[test]
fn an_empty_file_lacks_a_source_and_a_robot() {
    let shown = refused("");
    assert!(shown.contains("expected at least one [[source]], found none"), "{shown}");
    assert!(shown.contains("expected at least one [[robot]], found none"), "{shown}");
}

#[test]
fn a_source_and_a_robot_are_enough_and_the_defaults_are_these() {
    let path = Path::new("/etc/posbridge/posbridge.toml");
    let (config, notes) = accepted(&format!("{SOURCE}{ROBOT}"), path, &[]);
    assert!(notes.is_empty());
    assert_eq!((config.file.as_path(), config.mode), (path, Mode::Live));
    assert_eq!(config.shop.timezone.iana_name(), Some("Asia/Hong_Kong"));
    assert_eq!(config.shop.currency.code(), "HKD");
    assert_eq!(config.shop.language, Language::ZhHk);
    assert_eq!(config.journal.path, Path::new("/etc/posbridge/posbridge.db"));
    assert_eq!((config.journal.keep_days, config.journal.max_mib), (30, 1024));
    let port = SerialPort {
        path: PathBuf::from("/dev/ttyUSB0"),
        baud: 9600,
        data_bits: 8,
        parity: Parity::None,
        stop_bits: 1,
        flow: Flow::None,
    };
    assert_eq!(config.sources[0].kind, SourceKind::SerialTap { port, answers: None });
    assert_eq!(config.sources[0].idle, Duration::from_secs(3));
    let robot = &config.robots[0];
    assert_eq!(robot.notices, DEFAULT_NOTICES);
    assert_eq!((robot.format, robot.privacy), (Format::Markdown, Privacy::Categories));
    assert!(robot.secret.is_none() && robot.keywords.is_empty());
    assert!(robot.proxy.is_none() && robot.pool.is_none() && robot.mentions.is_empty());
    assert_eq!((robot.sales, config.dingtalk.monthly_quota), (Sales::Auto, 3_000));
    assert!(config.admin.is_none() && config.templates.is_none() && config.shop.hours.is_none());
}

#[test]
fn a_broken_template_is_told_and_refuses_nothing() {
    let dir = tempfile::tempdir().expect("a directory");
    std::fs::write(dir.path().join("sale.text.j2"), "ok\n{% if %}").expect("writable");
    let notices = "[notices]\ntemplates = \".\"\nreceipt_link = \"https://pos.example/{id}\"\n";
    let text = format!("{SOURCE}{ROBOT}{notices}");
    let (config, notes) = accepted(&text, &dir.path().join("posbridge.toml"), &[]);
    assert!(notes[0].contains("sale.text.j2, line 2: syntax error"), "{notes:?}");
    assert!(config.receipt_link.is_some() && config.wording.count() == 0);
}

#[test]
fn a_carrier_speaks_as_the_head_of_its_pool_and_has_an_address_of_its_own() {
    let text = format!(
        "{SOURCE}{ROBOT}notices = [\"refund\"]\nformat = \"card\"\nprivacy = \"totals\"\n\
         sales = \"digest\"\nmention = [{{ notices = [\"refund\"], user_ids = [\"u1\"] }}]\n\
         [[robot]]\nname = \"second\"\npool = \"owner\"\nkeywords = [\"x\"]\n\
         url = \"https://oapi.dingtalk.io/robot/send?access_token=t2\"\n"
    );
    let (config, _) = accepted(&text, Path::new("p.toml"), &[]);
    let (head, carrier) = (&config.robots[0], &config.robots[1]);
    assert_eq!(carrier.pool.as_deref(), Some("owner"));
    assert!(carrier.notices.is_empty() && head.pool.is_none());
    assert_eq!((carrier.format, carrier.sales), (Format::Card, Sales::Digest));
    assert_eq!((carrier.privacy, &carrier.mentions), (Privacy::Totals, &head.mentions));
    let mention = Mention {
        kinds: vec![Kind::Refund],
        findings: Vec::new(),
        mobiles: Vec::new(),
        user_ids: vec!["u1".into()],
        all: false,
    };
    assert_eq!(head.mentions, [mention]);
    assert!(carrier.url.expose().contains("t2") && carrier.keywords == ["x"]);
}

#[test]
fn a_proxy_holds_for_all_robots_but_those_that_name_their_own_or_none() {
    let common = "[dingtalk]\nproxy = \"http://shop:pw@192.168.1.1:3128\"\n";
    for (own, expected) in [
        ("", Some("http://shop:pw@192.168.1.1:3128")),
        ("proxy = \"https://192.168.1.2:8443\"\n", Some("https://192.168.1.2:8443")),
        ("proxy = \"none\"\n", None),
    ] {
        let text = format!("{SOURCE}{ROBOT}{own}{common}");
        let (config, _) = accepted(&text, Path::new("p.toml"), &[]);
        assert_eq!(config.robots[0].proxy.as_ref().map(Secret::expose), expected, "{own}");
        assert!(!format!("{config:?}").contains("pw@"), "a password in debug output");
    }
}

#[test]
fn more_people_than_dingtalk_mentions_are_refused() {
    let people = |count: usize| {
        let mobiles: Vec<String> = (0..count).map(|n| format!("\"138001{n:05}\"")).collect();
        let list = mobiles.join(",");
        format!("{SOURCE}{ROBOT}mention = [{{ notices = [\"refund\"], mobiles = [{list}] }}]\n")
    };
    accepted(&people(50), Path::new("p.toml"), &[]);
    let said = refused(&people(51));
    assert!(said.contains("expected at most 50 people, found 51"), "{said}");
}

#[test]
fn a_robot_hears_of_the_sources_it_names_and_its_carriers_with_it() {
    let source = |name: &str| SOURCE.replace("counter-1", name).replace("USB0", name);
    let sources = ["counter-1", "mall-a-1", "mall-a-2", "mall-b-1"].map(source).concat();
    let text = format!(
        "{sources}{ROBOT}sources = [\"counter-1\", \"mall-a-*\", \"mall-a-1\"]\n\
         [[robot]]\nname = \"second\"\npool = \"owner\"\n\
         url = \"https://oapi.dingtalk.com/robot/send?access_token=t2\"\n{}",
        ROBOT.replace("owner", "all")
    );
    let (config, _) = accepted(&text, Path::new("p.toml"), &[]);
    let [owner, second, all] = config.robots.as_slice() else { panic!("three robots") };
    let hears = ["counter-1", "mall-a-1", "mall-a-2"].map(str::to_owned);
    assert_eq!(owner.sources, Hears::Only(hears.into()));
    assert_eq!((&second.sources, &all.sources), (&owner.sources, &Hears::All));
    assert!(owner.is_told(Kind::Sale, "mall-a-2") && !owner.is_told(Kind::Sale, "mall-b-1"));
    assert!(all.is_told(Kind::Sale, "mall-b-1") && !all.is_told(Kind::Reprint, "mall-b-1"));
}

/// The keys of the contract, with those that have no effect yet.
const CONTRACT: &str = r#"
mode = "live"
[shop]
name = "陳記茶餐廳"
timezone = "Asia/Hong_Kong"
currency = "HKD"
language = "zh-HK"
hours = "11:00-22:30"
day_ends = "04:00"
[journal]
path = "data/shop.db"
keep_days = 30
max_mib = 64
[[source]]
name = "counter-1"
kind = "serial-tap"
port = "/dev/serial/by-id/usb-1"
baud = 9600
data_bits = 8
parity = "none"
stop_bits = 1
flow = "none"
profile = "auto"
dialect = "auto"
encoding = "auto"
idle = "3s"
[[source]]
name = "bar"
kind = "tcp-proxy"
listen = "0.0.0.0:9100"
upstream = "printer.local:9100"
max_connections = 64
[dingtalk]
monthly_quota = 3000
[[robot]]
name = "owner"
url = "https://oapi.dingtalk.com/robot/send?access_token=t&timestamp=1&sign=s"
secret_env = "SIGNING"
keywords = ["收銀"]
notices = ["sale", "refund", "no_sale", "low_stock", "daily_summary"]
sales = "auto"
format = "markdown"
privacy = "categories"
[admin]
robot = "owner"
mention = "+852-00000000"
[hooks]
listen = "127.0.0.1:8788"
public_url = "https://shop.example"
[web]
listen = "127.0.0.1:8787"
"#;

#[test]
fn the_contracts_keys_load() {
    let env = [("SIGNING", "SEC1")];
    let (config, notes) = accepted(CONTRACT, Path::new("/etc/p/posbridge.toml"), &env);
    assert_eq!(config.journal.path, Path::new("/etc/p/data/shop.db"));
    assert_eq!(config.robots[0].notices, [Kind::Sale, Kind::Refund, Kind::NoSale]);
    let url = config.robots[0].url.expose();
    assert_eq!(url, "https://oapi.dingtalk.com/robot/send?access_token=t", "stale parts are gone");
    assert_eq!(config.robots[0].secret.as_ref().map(Secret::expose), Some("SEC1"));
    let robot = &config.robots[0];
    assert_eq!((robot.format, robot.sales), (Format::Markdown, Sales::Auto));
    assert_eq!(config.dingtalk.monthly_quota, 3_000);
    let admin = config.admin.expect("there");
    assert_eq!((admin.robot.as_str(), admin.mention), ("owner", vec!["+852-00000000".to_owned()]));
    assert!(config.shop.hours.expect("there").contains(time(22, 29, 0, 0)));
    assert_eq!(config.shop.day_ends, time(4, 0, 0, 0));
    let summary = [FindingKind::LowStock, FindingKind::DailySummary];
    assert_eq!(config.robots[0].findings, summary);
    assert_eq!(config.hooks.expect("there").listen.port(), 8_788);
    assert!(notes.iter().any(|note| note.starts_with("[hooks] listens and believes nobody")));
    assert!(!notes.iter().any(|note| note.contains("`hours`") || note.contains("quota")));
}

#[test]
fn http_is_for_this_machine_only() {
    for (url, good) in [
        ("http://127.0.0.1:8080/robot/send?access_token=t", true),
        ("http://127.9.9.9/?access_token=t", true),
        ("http://[::1]:8080/?access_token=t", true),
        ("http://localhost/?access_token=t", true),
        ("https://192.168.1.9/?access_token=t", true),
        ("http://192.168.1.9/?access_token=t", false),
        ("http://localhost.example/?access_token=t", false),
        ("http://127.0.0.1.example/?access_token=t", false),
        ("ftp://localhost/?access_token=t", false),
        ("oapi.dingtalk.com/robot/send?access_token=t", false),
    ] {
        let text = format!("{SOURCE}[[robot]]\nname = \"a\"\nurl = \"{url}\"\n");
        let parsed = parse_in(&text, Path::new("p.toml"), &|_| None);
        assert_eq!(parsed.is_ok(), good, "{url}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let error = super::load(Path::new("/nonexistent/posbridge.toml")).expect_err("missing");
    assert!(matches!(error, ConfigError::Read { .. }));
    assert!(error.to_string().contains("/nonexistent/posbridge.toml"), "{error}");
}
