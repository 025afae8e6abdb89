//! The packages that the project is built on are in use, and the decoder stays free of IO.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The packages that were asked for.
const ASKED_FOR: [&str; 10] = [
    "serialport",
    "tokio",
    "tokio-serial",
    "serde",
    "serde_json",
    "reqwest",
    "hmac",
    "sha2",
    "proptest",
    "wiremock",
];

/// Packages that do IO or schedule tasks. `libc` is not among them: `sha2` asks it which
/// instructions the processor has.
const IO_OR_ASYNC: &[&str] = &[
    "axum",
    "curl",
    "hyper",
    "mio",
    "nix",
    "polling",
    "reqwest",
    "rusqlite",
    "rustix",
    "serialport",
    "signal-hook",
    "smol",
    "socket2",
    "tempfile",
    "tokio",
    "ureq",
];
/// Beginnings of names of whole families of such packages.
const IO_OR_ASYNC_FAMILIES: &[&str] = &["async-", "futures", "hyper-", "libsqlite3", "tokio-"];

/// What cargo says of the workspace.
fn metadata() -> Value {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut command = Command::new(cargo);
    command.args(["metadata", "--format-version", "1", "--offline", "--locked"]);
    let output = command.current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("cargo runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

fn word(value: &Value) -> &str {
    value.as_str().expect("a string")
}

/// The packages of the workspace.
fn members(metadata: &Value) -> Vec<&Value> {
    let members = list(&metadata["workspace_members"]);
    let own = |package: &&Value| members.contains(&package["id"]);
    list(&metadata["packages"]).iter().filter(own).collect()
}

/// Every Rust file below `folder`.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Whether code of `package`, comments left aside, names a path that begins with `name`.
fn uses(package: &Value, name: &str) -> bool {
    let name = format!("{}::", name.replace('-', "_"));
    let folder = Path::new(word(&package["manifest_path"])).parent().expect("a folder");
    let mut files = Vec::new();
    sources(folder, &mut files);
    let names = |line: &str| {
        let at = line.match_indices(&name).map(|(at, _)| line[..at].chars().next_back());
        let part_of_a_word = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
        !line.trim_start().starts_with("//")
            && at.into_iter().any(|c| !c.is_some_and(part_of_a_word))
    };
    files.iter().any(|file| std::fs::read_to_string(file).expect("UTF-8").lines().any(names))
}

#[test]
fn every_package_that_was_asked_for_is_a_direct_dependency_in_use() {
    let metadata = metadata();
    for name in ASKED_FOR {
        let mut users = Vec::new();
        for package in members(&metadata) {
            let depends = list(&package["dependencies"]).iter().any(|own| own["name"] == name);
            if depends && uses(package, name) {
                users.push(word(&package["name"]));
            }
        }
        assert!(!users.is_empty(), "{name} is a dependency of no package that uses it");
    }
}

/// Names of everything that `root` is built with, build scripts and tests left out.
fn normal_tree(metadata: &Value, root: &str) -> BTreeSet<String> {
    let nodes = list(&metadata["resolve"]["nodes"]);
    let nodes: BTreeMap<&str, &Value> =
        nodes.iter().map(|node| (word(&node["id"]), node)).collect();
    let packages = list(&metadata["packages"]);
    let names: BTreeMap<&str, &str> =
        packages.iter().map(|package| (word(&package["id"]), word(&package["name"]))).collect();
    let start = names.iter().find(|(_, name)| **name == root).expect("a package of the workspace");
    let (mut todo, mut seen) = (vec![*start.0], BTreeSet::new());
    while let Some(id) = todo.pop() {
        if !seen.insert(id) {
            continue;
        }
        for dependency in list(&nodes[id]["deps"]) {
            let kinds = list(&dependency["dep_kinds"]);
            if kinds.iter().any(|kind| kind["kind"].is_null()) {
                todo.push(word(&dependency["pkg"]));
            }
        }
    }
    seen.into_iter().map(|id| names[id].to_owned()).filter(|name| name != root).collect()
}

fn forbidden(tree: &BTreeSet<String>) -> Vec<&String> {
    let family = |name: &str| IO_OR_ASYNC_FAMILIES.iter().any(|start| name.starts_with(start));
    tree.iter().filter(|name| IO_OR_ASYNC.contains(&name.as_str()) || family(name)).collect()
}

#[test]
fn the_decoder_is_built_with_nothing_that_does_io_or_schedules_tasks() {
    let metadata = metadata();
    let decoder = normal_tree(&metadata, "pos-protocol");
    assert!(decoder.contains("encoding_rs") && decoder.contains("sha2"), "{decoder:?}");
    assert_eq!(forbidden(&decoder), Vec::<&String>::new());
    // The same look at the bridge finds plenty, so it would find them in the decoder.
    let bridge = normal_tree(&metadata, "posbridge");
    let found = forbidden(&bridge);
    for name in ["tokio", "rusqlite", "serialport", "nix", "hyper", "mio"] {
        assert!(found.iter().any(|other| *other == name), "{name} is not in {found:?}");
    }
}
