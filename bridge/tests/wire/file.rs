//! `file`: read once, followed, and not read twice after a restart.

use std::fs::OpenOptions;
use std::io::Write;

use posbridge::ring::{Body, Direction};

use crate::harness::{Stage, block_on, bytes, toml_path};

#[test]
fn a_file_is_read_followed_and_not_read_twice() {
    block_on(async {
        let stage = Stage::new();
        let path = stage.path("receipts.bin");
        let text =
            format!("[[source]]\nname = \"log\"\nkind = \"file\"\npath = {}\n", toml_path(&path));
        let long = vec![b'a'; 50_000];
        std::fs::write(&path, &long).expect("a file");
        let append = |more: &[u8]| {
            let mut file = OpenOptions::new().append(true).open(&path).expect("there");
            file.write_all(more).expect("written");
        };
        let mut expected = long.clone();
        let mut ear = stage
            .with_wire(&text, async {
                let mut ear = stage.ear().await;
                let len = expected.len();
                ear.until("the file", |r| bytes(r, "log", Direction::ToPrinter).len() == len).await;
                append(b"followed");
                expected.extend_from_slice(b"followed");
                let len = expected.len();
                ear.until("the growth", |r| bytes(r, "log", Direction::ToPrinter).len() >= len)
                    .await;
                ear
            })
            .await;
        append(b"while away");
        expected.extend_from_slice(b"while away");
        stage
            .with_wire(&text, async {
                ear.until("the rest", |r| {
                    bytes(r, "log", Direction::ToPrinter).ends_with(b"while away")
                })
                .await;
                assert!(ear.bytes("log", Direction::ToPrinter) == expected, "every byte once");

                std::fs::write(&path, b"new").expect("cut short");
                ear.until("the new content", |r| {
                    bytes(r, "log", Direction::ToPrinter).ends_with(b"awaynew")
                })
                .await;
                let openings = ear.records.iter().filter(|r| r.body == Body::Opened).count();
                assert_eq!(openings, 3, "a file cut short is a new one");
            })
            .await;
    });
}
