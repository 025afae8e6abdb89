//! Runs against a bridge that somebody else has started.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;

use super::{Farm, LoadError, Options, run};
use crate::chaos::Ground;
use crate::ledger::{Books, What, slip_bytes};
use crate::scenario::Scenario;

fn free_address() -> SocketAddr {
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    free.local_addr().expect("its address")
}

/// A scenario for two tills of a bridge that listens at `tills`.
fn attached(tills: [SocketAddr; 2], mock: SocketAddr, journal: &Path) -> Scenario {
    let text = format!(
        "name = \"attached\"\nduration = \"1s\"\nsettle = \"1s\"\n[bridge]\n\
         attach = {{ tills = [\"tcp:{}\", \"{}\"], names = [\"left\", \"right\"], \
         mock = \"{mock}\", journal = \"{}\" }}\n\
         [[shop]]\nname = \"tea\"\nshop = \"bubble-tea\"\ntills = 2\nrate = \"20/s\"\n",
        tills[0],
        tills[1],
        journal.display()
    );
    Scenario::parse(&text, Path::new("s.toml")).unwrap_or_else(|bad| panic!("{bad}"))
}

fn options(dir: &Path) -> Options {
    Options {
        posbridge: "/bin/false".into(),
        dir: dir.to_owned(),
        journal_dir: None,
        arguments: Vec::new(),
        ground: Arc::new(Ground::default()),
    }
}

/// A printer in the place of a bridge prints everything and tells nobody.
#[tokio::test(flavor = "multi_thread")]
async fn a_bridge_that_tells_nobody_has_lost_every_sale_by_name_and_bytes() {
    let dir = tempfile::tempdir().expect("a directory");
    let (farm, journal) = (Farm::open(14).expect("a port"), dir.path().join("events.jsonl"));
    let tills = [farm.address(0), farm.address(1)];
    let scenario = attached(tills, free_address(), &journal);
    let mut samples = 0;
    let recorded = run(&scenario, &options(dir.path()), Vec::new(), &mut |_| samples += 1).await;
    let recorded = recorded.expect("a run");
    assert!(samples >= 2 && recorded.samples.len() == samples);
    let slips = &recorded.books.slips;
    assert!((5..60).contains(&slips.len()), "{} slips in a second of 20", slips.len());
    assert!(slips.iter().all(|slip| ["left", "right"].contains(&slip.event.source.as_str())));
    assert!(slips.iter().all(|s| s.printed_us >= s.began_us && s.began_us >= s.intended_us));
    let account = recorded.books.settle(&scenario.bounds);
    assert_eq!(account.totals.lost, slips.len());
    assert!(account.troubles.iter().any(|trouble| trouble.what == What::NotTold));
    let first = slips[0].bytes.expect("its bytes");
    let bytes = slip_bytes(dir.path(), first).expect("they are kept");
    assert!(bytes.starts_with(b"\x1b@"), "{bytes:02x?}");
    let (again, bounds) = Books::read(dir.path()).expect("books as files");
    assert_eq!((again, bounds), (recorded.books, scenario.bounds));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bridge_that_is_not_there_leaves_slips_unprinted_and_the_run_is_void() {
    let dir = tempfile::tempdir().expect("a directory");
    let tills = [free_address(), free_address()];
    let scenario = attached(tills, free_address(), &dir.path().join("events.jsonl"));
    let recorded = run(&scenario, &options(dir.path()), Vec::new(), &mut |_| ()).await;
    let recorded = recorded.expect("a run");
    assert!(recorded.books.slips.is_empty());
    let told = format!("{:?}", recorded.reproaches);
    assert!(recorded.is_void() && told.contains("still not printed"), "{told}");
}

#[tokio::test]
async fn a_bridge_that_ends_at_once_is_an_error_and_no_result() {
    let dir = tempfile::tempdir().expect("a directory");
    let text = "name = \"x\"\nduration = \"1s\"\n[[shop]]\nname = \"tea\"\nshop = \"bubble-tea\"\n\
                rate = \"1/s\"\n";
    let scenario = Scenario::parse(text, Path::new("s.toml")).expect("sound");
    let ended = run(&scenario, &options(dir.path()), Vec::new(), &mut |_| ()).await;
    assert!(matches!(ended, Err(LoadError::Bridge(_))), "{ended:?}");
}
