//! Which bridge is tested: one that is started, or one that runs.

use std::net::SocketAddr;
use std::path::PathBuf;

use toml::Spanned;

use super::raw::{RawAttach, RawBridge, Texts};
use super::resolve::TOP;
use super::resolved::{Attached, BridgeSetup, Started};
use super::scope::{Scope, quoted};

/// Most days that the bridge keeps what it heard.
const MAX_KEEP_DAYS: i64 = 3_650;
/// As many connections as the bridge allows a source.
const MAX_CONNECTIONS: i64 = 400;

pub(super) fn bridge(raw: &RawBridge, tills: u32, scope: &mut Scope<'_>) -> Option<BridgeSetup> {
    let keep_days = scope.number(&raw.keep_days, 1..=MAX_KEEP_DAYS, 30);
    let connections = scope.number(&raw.max_connections, 1..=MAX_CONNECTIONS, 64);
    if let Some(attach) = &raw.attach {
        if let Some(program) = &raw.program {
            let hint = "take one of them away";
            scope.wrong(&program.span(), "a program to start or `attach`", "both", hint);
        }
        return attached(attach, tills, scope).map(BridgeSetup::Attached);
    }
    Some(BridgeSetup::Started(Started {
        program: raw.program.as_ref().map(|typed| PathBuf::from(typed.get_ref())),
        keep_days: u32::try_from(keep_days?).ok()?,
        max_connections: u32::try_from(connections?).ok()?,
    }))
}

fn attached(typed: &Spanned<RawAttach>, tills: u32, scope: &mut Scope<'_>) -> Option<Attached> {
    let (raw, place) = (typed.get_ref(), typed.span());
    let example = "[\"tcp:192.0.2.7:9100\"]";
    let to: Vec<_> = scope
        .needed(raw.tills.as_ref(), "tills", example, &place)
        .map(Spanned::get_ref)?
        .iter()
        .map(|typed| address(typed, scope))
        .collect();
    let names = scope.needed(raw.names.as_ref(), "names", "[\"counter-1\"]", &place).cloned();
    let mock = scope.needed(raw.mock.as_ref(), "mock", "\"127.0.0.1:8080\"", &place)?;
    let mock = address(mock, scope);
    let printers = raw.printers.as_ref().and_then(|typed| address(typed, scope));
    let names = as_many(&raw.tills, to.len(), tills, "tills", scope).and(names).filter(|typed| {
        as_many(&raw.names, typed.get_ref().len(), tills, "names", scope).is_some()
    });
    Some(Attached {
        tills: to.into_iter().collect::<Option<_>>()?,
        names: names?.get_ref().iter().map(|name| name.get_ref().clone()).collect(),
        mock: mock?,
        printers,
        journal: raw.journal.as_ref().map(|typed| PathBuf::from(typed.get_ref())),
    })
}

fn as_many(
    typed: &Texts,
    found: usize,
    tills: u32,
    key: &str,
    scope: &mut Scope<'_>,
) -> Option<()> {
    if found == tills as usize {
        return Some(());
    }
    let at = typed.as_ref().map_or(TOP, Spanned::span);
    let hint = "one for each till, in the order of the shops";
    scope.wrong(&at, format!("{tills} {key}"), found.to_string(), hint);
    None
}

/// `"192.0.2.7:9100"`, with `tcp:` before it or not.
fn address(typed: &Spanned<String>, scope: &mut Scope<'_>) -> Option<SocketAddr> {
    let text = typed.get_ref();
    let address = text.strip_prefix("tcp:").unwrap_or(text).parse();
    if address.is_err() {
        let hint = "a name is not looked up: write the address it has";
        scope.wrong(&typed.span(), "an address like \"192.0.2.7:9100\"", quoted(text), hint);
    }
    address.ok()
}
