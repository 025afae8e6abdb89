//! The bridge of the day: its configuration, its deaths, and the person who sets the robot anew.

use std::net::SocketAddr;

use serde_json::Value;

use super::group::{Group, KEYWORD, MAIN, MAIN_ANEW, SECOND, SECRET};
use super::tills::{Stand, Tills};
use crate::bridge::Bridge;

/// A bridge between the tills and the group, configured and not started.
pub(super) fn bridge(clock: String, tills: &Tills, group: &Group, quota: u32) -> Bridge {
    let bridge = Bridge::new(Some(clock));
    for secret in [SECRET, MAIN, MAIN_ANEW, SECOND] {
        bridge.keep_secret(secret);
    }
    bridge.write("secret", SECRET);
    bridge.write("webhook", &group.webhook(MAIN));
    bridge.write("webhook-2", &group.webhook(SECOND));
    let text = format!(
        "[shop]\nname = \"Garden Street\"\ntimezone = \"Asia/Hong_Kong\"\ncurrency = \"HKD\"\n\
         language = \"en\"\n\n[journal]\npath = {journal}\n\n\
         [dingtalk]\nmonthly_quota = {quota}\n\n{sources}\
         [[robot]]\nname = \"owner\"\nurl_file = {webhook}\nsecret_file = {secret}\n\
         keywords = [{KEYWORD:?}]\nnotices = [\"sale\", \"refund\", \"no_sale\"]\n\
         sales = \"auto\"\nprivacy = \"totals\"\n\n\
         [[robot]]\nname = \"owner-2\"\npool = \"owner\"\nurl_file = {second}\n\
         secret_file = {secret}\nkeywords = [{KEYWORD:?}]\n",
        journal = quoted(&bridge, "journal.db"),
        sources = tills.connections().map(source).collect::<String>(),
        webhook = quoted(&bridge, "webhook"),
        second = quoted(&bridge, "webhook-2"),
        secret = quoted(&bridge, "secret"),
    );
    bridge.write("posbridge.toml", &text);
    bridge
}

fn source((stand, proxy, printer): (&Stand, SocketAddr, SocketAddr)) -> String {
    // In fast time the usual idle would be shorter than a busy machine's pause within a slip; every
    // slip of the day ends with a cut.
    format!(
        "[[source]]\nname = \"{}\"\nkind = \"tcp-proxy\"\nlisten = \"{proxy}\"\n\
         upstream = \"{printer}\"\nencoding = \"{}\"\nidle = \"10m\"\n\n",
        stand.name, stand.encoding
    )
}

/// A file of the bridge's as TOML writes it; a JSON string is a TOML string.
fn quoted(bridge: &Bridge, name: &str) -> String {
    Value::from(bridge.path(name).to_string_lossy()).to_string()
}

/// A person sets the main robot's new address and tries it, without a restart.
///
/// # Panics
/// Where either is refused.
pub(super) fn set_robot(bridge: &Bridge, group: &Group) {
    bridge.write("webhook-new", &group.webhook(MAIN_ANEW));
    let file = bridge.path("webhook-new");
    let file = file.to_string_lossy();
    let clock = bridge.clock().expect("a day in virtual time");
    for (verb, arguments) in [
        ("robot set", ["owner", "--url-file", &file].as_slice()),
        ("send-test", &["--robot", "owner", "--clock", clock]),
    ] {
        let said = bridge.posbridge(verb, arguments);
        let talk = [said.stdout, said.stderr].concat();
        assert!(said.status.success(), "{verb}: {}", String::from_utf8_lossy(&talk));
    }
}
