//! Many tills at one bridge, and too few open files for them.

use serde_json::Value;

use crate::harness::{Daemon, ROBOT, until};

/// Tills on the network, each with a listener of its own.
fn tills(count: usize) -> String {
    let till = |n| {
        format!(
            "[[source]]\nname = \"t-{n}\"\nkind = \"tcp-proxy\"\nlisten = \"127.0.0.1:0\"\n\
             upstream = \"127.0.0.1:9\"\n"
        )
    };
    (0..count).map(till).collect::<String>() + ROBOT
}

/// The states of all sources, once none is starting.
fn states(daemon: &Daemon) -> Vec<Value> {
    until("the sources' states", || {
        let status = daemon.status();
        let sources = status["wire"]["sources"].as_array()?.clone();
        let settled = sources.iter().all(|source| source["state"] != "starting");
        settled.then_some(sources)
    })
}

#[test]
fn a_low_limit_of_open_files_is_raised_to_what_the_system_allows() {
    let mut daemon = Daemon::new();
    daemon.configure(&tills(200));
    daemon.spawn_wire_after("ulimit -S -n 100");
    let states = states(&daemon);
    assert_eq!(states.len(), 200);
    assert!(states.iter().all(|source| source["state"] == "open"), "{}", daemon.log());
}

#[test]
fn where_no_more_is_allowed_those_that_fit_are_heard_and_the_others_say_what_to_do() {
    let mut daemon = Daemon::new();
    daemon.configure(&tills(200));
    daemon.spawn_wire_after("ulimit -n 100");
    let states = states(&daemon);
    let open = states.iter().filter(|source| source["state"] == "open").count();
    assert_eq!((states.len(), open), (200, (100 - 64) / 3));
    let why = states[199]["why"].as_str().unwrap_or_default();
    assert!(why.starts_with("expected room for 664 open files, found 100"), "{why}");
    assert!(why.contains("LimitNOFILE=664"), "{why}");
}
