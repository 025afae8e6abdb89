//! One per directory, attach, wake, status, stale leftovers.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use posbridge::clock::Clock;
use posbridge::ring::Body;
use posbridge::wire::{self, AttachError, SourceState, Wake, WireError};
use tokio::net::TcpStream;

use crate::harness::{DEADLINE, Stage, block_on, until};

/// A proxy whose printer does not exist: each connection makes two records.
const SOURCE: &str = "[[source]]\nname = \"bar\"\nkind = \"tcp-proxy\"\n\
    listen = \"127.0.0.1:0\"\nupstream = \"127.0.0.1:1\"\n";

#[test]
fn a_second_wire_process_is_refused_and_names_the_first() {
    block_on(async {
        let stage = Stage::new();
        stage.with_wire(SOURCE, async {
            stage.source_in(SourceState::Open).await;
            let config = stage.config(SOURCE);
            let never = std::future::pending();
            let second = wire::run(&config, &stage.dir, Clock::real(), never).await;
            let own = std::process::id();
            assert!(
                matches!(second, Err(WireError::AlreadyRunning { pid: Some(pid) }) if pid == own),
                "{second:?}"
            );
            wire::status(&stage.dir).await.expect("the first still answers");
        })
        .await;
    });
}

#[test]
fn an_attached_brain_is_greeted_and_woken_by_an_append() {
    block_on(async {
        let stage = Stage::new();
        stage
            .with_wire(SOURCE, async {
                let at = stage.source_in(SourceState::Open).await.listening.expect("bound");
                let mut ear = stage.ear().await;
                let mut brain = wire::attach(&stage.dir).await.expect("running");
                assert_eq!(brain.hello().generation, ear.reader.generation());
                assert_eq!(brain.hello().pid, std::process::id());
                // The greeting ends with a wake of its own: the ring may have grown before it.
                assert_eq!(brain.wait_wake(DEADLINE).await.expect("there"), Wake::Appended);
                let quiet = brain.wait_wake(Duration::from_millis(50)).await.expect("there");
                assert_eq!(quiet, Wake::TimedOut);
                ear.listen();
                let before = ear.records.len();
                let _pos = TcpStream::connect(at).await.expect("the proxy");
                assert_eq!(brain.wait_wake(DEADLINE).await.expect("there"), Wake::Appended);
                ear.listen();
                assert!(ear.records.len() > before, "a wake means that there is something to read");
            })
            .await;
    });
}

#[test]
fn a_brain_learns_that_the_wire_process_has_gone() {
    block_on(async {
        let stage = Stage::new();
        let mut brain = stage
            .with_wire(SOURCE, async {
                stage.source_in(SourceState::Open).await;
                wire::attach(&stage.dir).await.expect("running")
            })
            .await;
        let gone = async {
            loop {
                if let Err(error) = brain.wait_wake(DEADLINE).await {
                    return error;
                }
            }
        };
        let error = tokio::time::timeout(DEADLINE, gone).await.expect("noticed in time");
        assert!(matches!(error, AttachError::Gone | AttachError::Io(_)), "{error}");
        let error = wire::attach(&stage.dir).await.expect_err("not running");
        assert!(matches!(error, AttachError::NotRunning { .. }), "{error}");
    });
}

#[test]
fn leftovers_of_a_killed_process_are_in_nobodys_way() {
    block_on(async {
        let stage = Stage::new();
        std::fs::write(stage.dir.wire_socket(), "").expect("a stale socket");
        std::fs::write(stage.dir.wire_lock(), "999999\n").expect("a stale lock");
        std::fs::write(stage.dir.ring().with_extension("new"), "half").expect("half a ring");
        stage
            .with_wire(SOURCE, async {
                stage.source_in(SourceState::Open).await;
                let mut ear = stage.ear().await;
                ear.listen();
                assert_eq!(ear.bodies(), [&Body::Started]);
            })
            .await;
    });
}

#[test]
fn a_spawned_wire_process_leads_a_group_of_its_own_and_knows_directory_and_clock() {
    block_on(async {
        let stage = Stage::new();
        let exe = stage.path("posbridge");
        let script = "#!/bin/sh\necho \"$*\" > $RUNTIME_DIRECTORY/said\n\
            cut -d' ' -f5 /proc/$$/stat >> $RUNTIME_DIRECTORY/said\n";
        std::fs::write(&exe, script).expect("a stand-in");
        std::fs::set_permissions(&exe, std::fs::Permissions::from_mode(0o700)).expect("ours");
        let clock = Clock::parse("origin=2026-11-21T04:00:00Z,rate=600").expect("a clock");
        let mut child =
            wire::spawn(&exe, Path::new("/etc/p.toml"), &stage.dir, &clock).expect("started");
        let status = until("the end", || child.try_wait().expect("our child")).await;
        assert!(status.success());
        let said = std::fs::read_to_string(stage.dir.path().join("said")).expect("said");
        let argument = clock.argument().expect("virtual");
        assert_eq!(said, format!("wire -c /etc/p.toml --clock {argument}\n{}\n", child.id()));
    });
}
