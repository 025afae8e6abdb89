//! What must hold of an interview, whatever is answered.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::{Facts, Found, Heard, Interview, Key, Step, write};
use crate::config::{self, Mode, Parity};
use crate::operate::probe::Line;

/// Most steps of an interview with somebody who answers wrongly now and then.
const MAX_STEPS: usize = 4_000;

fn facts(ports: usize, scripted: bool) -> Facts {
    let ports = (0..ports).map(|at| (PathBuf::from(format!("/dev/ttyUSB{at}")), "ftdi".into()));
    Facts { exists: false, ports: ports.collect(), journal: "posbridge.db".into(), scripted }
}

/// What people type, right and wrong.
fn typed() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => Just(String::new()),
        3 => (1..9_u32).prop_map(|n| n.to_string()),
        2 => any::<String>(),
        2 => "[ -~]{0,30}",
        3 => prop::sample::select(vec![
            "zh-HK", "en", "yes", "no", "serial-tap", "serial-inline", "tcp-proxy", "tcp-printer", "file",
            "/dev/ttyS7", "/dev/ttyUSB0", "192.168.1.50:9100", "0.0.0.0:9100", "9600", "19200 7E1",
            "明記冰室", "\"quoted\" \\ name", "Asia/Jakarta", "IDR", "11:00-22:30", "big5", "auto",
            "https://oapi.dingtalk.com/robot/send?access_token=0123456789abcdef",
            "SEC0123456789", "收銀", "again", "url", "stop", "go-on", "sale,refund low_stock", "each",
            "network", "here", "off", "four words not together", "short",
        ]).prop_map(str::to_owned),
    ]
}

fn good(key: Key) -> &'static str {
    match key {
        Key::Port => "/dev/ttyUSB9",
        Key::Printer => "/dev/ttyUSB8",
        Key::Upstream => "192.168.1.51:9100",
        Key::Path => "receipts.bin",
        Key::Shop => "明記冰室",
        Key::RobotUrl => "https://oapi.dingtalk.com/robot/send?access_token=0123456789abcdef",
        Key::IfRefused => "go-on",
        Key::PagePassword => "four words not together",
        // A cable that stays silent is given up some time.
        Key::Hear => "no",
        _ => "",
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_answers_lead_to_a_file_that_is_right_or_to_the_answer_that_was_wrong(
        answers in prop::collection::vec(typed(), 0..80), ports in 0_usize..3,
        hears in prop::collection::vec(any::<bool>(), 1..4),
        delivers in prop::collection::vec(any::<bool>(), 1..4),
    ) {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("posbridge.toml");
        let mut interview = Interview::new(facts(ports, false), &path);
        let mut answers = answers.into_iter();
        let (mut hears, mut delivers) = (hears.into_iter().cycle(), delivers.into_iter().cycle());
        let mut steps = 0;
        let end = loop {
            steps += 1;
            prop_assert!(steps < MAX_STEPS, "it never ends");
            match interview.next() {
                Step::Ask(question) => {
                    let answer = answers.next().unwrap_or_else(|| good(question.key).to_owned());
                    let before = interview.given(question.key).map(str::to_owned);
                    prop_assert_eq!(before, None, "asked what is answered");
                    if let Err(wrong) = interview.answer(&answer) {
                        prop_assert_eq!(wrong.key, question.key);
                        prop_assert!(!wrong.expected.is_empty() && !wrong.found.is_empty(), "{:?}", wrong);
                        // Somebody who is told what is expected types that.
                        let mended = interview.answer(good(question.key));
                        prop_assert!(mended.is_ok() || question.default.is_none(), "{:?}", mended);
                    }
                }
                Step::Hear(ports) => {
                    let line = Line { baud: 19_200, data_bits: 7, parity: Parity::Even };
                    let (dialect, encoding) = ("escpos".to_owned(), "big5".to_owned());
                    prop_assert!(!ports.is_empty());
                    let found = Found { port: ports[0].clone(), line, dialect, encoding };
                    let heard = hears.next().unwrap_or(true);
                    interview.heard(if heard { Heard::Well(found) } else { Heard::Nothing });
                }
                Step::Test => {
                    prop_assert!(interview.config().is_ok(), "a robot that can be asked");
                    interview.tested(delivers.next().unwrap_or(true));
                }
                end => break end,
            }
        };
        if end != Step::Write {
            prop_assert!(!path.exists());
            return Ok(());
        }
        let written = write(&interview, &path).expect("room");
        let config = config::load(&path).expect("right");
        prop_assert_eq!(config.mode, Mode::Setup);
        prop_assert_eq!(Some(&*config.shop.name), interview.given(Key::Shop).map(str::trim));
        prop_assert_eq!((&config.robots[0].notices, &config.robots[0].findings), (&interview.told().0, &interview.told().1));
        let text = std::fs::read_to_string(&path).expect("there");
        prop_assert!(!text.contains("access_token="), "{}", text);
        for file in [Some(&written.config), Some(&written.url), written.secret.as_ref(), written.password.as_ref()] {
            let mode = file.map(|file| std::fs::metadata(file).expect("there").permissions().mode());
            prop_assert!(mode.is_none_or(|mode| mode & 0o777 == 0o600));
        }
        let left = std::fs::read_dir(dir.path()).expect("there").count();
        let files = [&written.secret, &written.password].into_iter().flatten().count();
        prop_assert_eq!(left, 2 + files, "no draft is left");
        let open = config.web.listen.is_some_and(|listen| !listen.ip().is_loopback());
        prop_assert_eq!(open, written.password.is_some(), "the network needs the password");
    }
}

fn walk(facts: Facts, path: &Path, answers: &[(Key, &str)]) -> (Interview, Step) {
    let mut interview = Interview::new(facts, path);
    loop {
        match interview.next() {
            Step::Ask(question) => {
                let hear = [(Key::Hear, "yes")];
                let mut all = answers.iter().chain(&hear);
                let given = all.find(|(key, _)| *key == question.key);
                let answer = given.map_or_else(|| good(question.key), |(_, answer)| answer);
                interview.answer(answer).unwrap_or_else(|wrong| panic!("{wrong}"));
            }
            Step::Hear(ports) => interview.heard(Heard::Well(Found {
                port: ports[0].clone(),
                line: Line::plain(19_200),
                dialect: "escpos".into(),
                encoding: "big5".into(),
            })),
            Step::Test => interview.tested(true),
            end => return (interview, end),
        }
    }
}

#[test]
fn what_was_heard_stands_in_the_file_and_the_port_it_was_heard_on() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("posbridge.toml");
    let (interview, end) = walk(facts(2, false), &path, &[]);
    assert_eq!(end, Step::Write);
    write(&interview, &path).expect("room");
    let text = std::fs::read_to_string(&path).expect("there");
    for line in
        ["port = \"/dev/ttyUSB9\"", "baud = 19200", "encoding = \"big5\"", "mode = \"setup\""]
    {
        assert!(text.contains(line), "{line} in {text}");
    }
}

#[test]
fn who_does_not_listen_has_to_name_one_port() {
    let mut interview = Interview::new(facts(2, false), Path::new("posbridge.toml"));
    for answer in ["en", "serial-tap", "any", "no"] {
        interview.answer(answer).unwrap_or_else(|wrong| panic!("{wrong}"));
    }
    let Step::Ask(question) = interview.next() else { panic!("a question") };
    assert_eq!((question.key, question.default), (Key::Port, None));
    assert_eq!(interview.answer("any").expect_err("no port").key, Key::Port);
    interview.answer("2").unwrap_or_else(|wrong| panic!("{wrong}"));
    assert_eq!(interview.given(Key::Port), Some("/dev/ttyUSB1"));
}

#[test]
fn nothing_is_replaced_without_a_yes_and_what_was_there_is_kept() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("posbridge.toml");
    std::fs::write(&path, "# old").expect("room");
    let exists = || Facts { exists: true, ..facts(1, false) };
    assert_eq!(walk(exists(), &path, &[]).1, Step::Stop);
    let (interview, end) = walk(exists(), &path, &[(Key::Overwrite, "yes")]);
    assert_eq!(end, Step::Write);
    let written = write(&interview, &path).expect("room");
    let old = written.old.expect("kept");
    assert_eq!(std::fs::read_to_string(old).expect("there"), "# old");
    assert!(config::load(&path).is_ok());
}

#[test]
fn a_file_of_somebody_else_is_not_taken_for_a_secret() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("posbridge.toml");
    std::fs::write(dir.path().join("owner.url"), "mine").expect("room");
    let (interview, _) = walk(facts(1, false), &path, &[(Key::RobotSecret, "SEC0123456789")]);
    let written = write(&interview, &path).expect("room");
    assert!(written.url.ends_with("owner-2.url"), "{written:?}");
    assert_eq!(std::fs::read_to_string(dir.path().join("owner.url")).expect("there"), "mine");
    assert!(config::load(&path).expect("right").robots[0].secret.is_some());
}
