//! From a box without a configuration to the first message in the group, and to the first sale that
//! counts: by a file of answers, and by somebody at a terminal.

use std::path::Path;
use std::process::Command;

use pos_protocol::event::Kind;
use pos_tests::install::Install;
use pos_tests::person::Person;
use pos_tests::wait::{SOON, check, until};
use pos_tests::world::{KEYWORD, SECRET, TOKEN};
use serde_json::Value;

/// What opens the page.
const PAGE_PASSWORD: &str = "tea and four bicycles";

/// What somebody who installs sees.
const TRANSCRIPT: &str = include_str!("init_transcript.txt");

fn answers(install: &Install) -> String {
    format!(
        "language = \"zh-HK\"\nkind = \"serial-tap\"\nport = {:?}\nshop = \"明記冰室\"\n\
         robot_url = {:?}\nrobot_secret = {SECRET:?}\nkeyword = {KEYWORD:?}\nsales_a_day = 120\n\
         notices = [\"sale\", \"refund\"]\npage = \"off\"\njournal = \"journal.db\"\n",
        install.bridge.path("port").display().to_string(),
        install.webhook(),
    )
}

fn told(install: &Install, what: &str, count: usize) -> Vec<String> {
    until(SOON, what, || check(install.group(), |told| told.len() >= count))
}

#[test]
fn a_file_of_answers_leads_from_an_unknown_cable_to_a_group_that_is_live() {
    let mut install = Install::new(41);
    let (paper, _) = install.sell();
    let printing = install.front.cable.prints(paper);
    install.bridge.write("answers.toml", &answers(&install));
    let file = install.bridge.path("answers.toml").display().to_string();
    let done = install.bridge.posbridge("init", &["--answers", &file, "--json", "--seconds", "60"]);
    let talk = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success(), "{talk}");
    drop(printing);
    install.front.cable.forget();
    let said: Value = serde_json::from_slice(&done.stdout).expect("JSON");
    assert_eq!((&said["line"], &said["encoding"]), (&"19200 8N1".into(), &"big5".into()), "{talk}");
    assert_eq!(said["delivered"], true);
    let first = told(&install, "the test message", 1);
    assert!(first.len() == 1 && first[0].contains("Hello POS!"), "{first:?}");

    install.bridge.start_brain();
    let (paper, test) = install.sell();
    install.front.cable.send(&paper);
    let marked = told(&install, "a receipt marked as a test", 2);
    assert!(marked[1].contains("【測試 TEST】"), "{marked:?}");
    assert_eq!(install.bridge.status()["practice"], true);

    let gone = install.bridge.posbridge("go-live", &[]);
    assert!(gone.status.success(), "{}", String::from_utf8_lossy(&gone.stderr));
    let live = told(&install, "word that it is live", 3);
    assert!(live[2].contains("正式啟用"), "{live:?}");
    let (paper, sold) = install.sell();
    install.front.cable.send(&paper);
    let counted = told(&install, "a receipt that counts", 4);
    assert!(!counted[3].contains("TEST"), "{counted:?}");

    // A restart makes no difference, and the books hold what counts alone.
    install.bridge.kill_brain();
    install.bridge.start_brain();
    let number = |event: &pos_protocol::event::Event| event.receipt.clone().and_then(|r| r.number);
    let events = install.bridge.events();
    let sales = events.iter().filter(|event| event.kind == Kind::Sale);
    let marks: Vec<_> = sales.map(|event| (number(event), event.test)).collect();
    assert_eq!(marks, [(number(&test), true), (number(&sold), false)]);
    let dates = ["--from", "2000-01-01", "--to", "2100-01-01", "--format", "json"];
    let exported = install.bridge.posbridge("export", &dates);
    let rows = String::from_utf8_lossy(&exported.stdout).lines().count();
    assert_eq!(rows, 1, "what a bookkeeper gets");
    let checked = install.bridge.posbridge("check", &["--deep", "--offline"]);
    let checked = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(checked.contains("rows are what 1 events say, to the byte"), "{checked}");
}

#[test]
fn answers_that_cannot_be_are_named_with_their_line_and_nothing_is_written() {
    let install = Install::new(42);
    let run = |text: &str| {
        install.bridge.write("answers.toml", text);
        let file = install.bridge.path("answers.toml").display().to_string();
        let done = install.bridge.posbridge("init", &["--answers", &file, "--seconds", "1"]);
        assert!(!install.bridge.config().exists());
        (done.status.code(), String::from_utf8_lossy(&done.stderr).into_owned())
    };
    let good = answers(&install);
    let (code, said) = run(&good.replace("keyword", "keywrod"));
    assert!(code == Some(2) && said.contains("did you mean `keyword`?"), "{said}");
    let (code, said) = run(&good);
    assert!(code == Some(2) && said.contains("nothing was heard"), "{said}");
    let quiet = good.replace("sales_a_day", "hear = false\nsales_a_day");
    let (code, said) = run(&quiet.replace(SECRET, "SECwrong00"));
    assert!(code == Some(3) && said.contains("stopped") || said.contains("已停止"), "{said}");
    assert!(install.group().is_empty());
}

/// What was to be seen, without what differs from machine to machine.
fn tidy(seen: &str, install: &Install) -> String {
    let dir = install.bridge.path("x");
    let dir = dir.parent().unwrap_or(Path::new("/")).display().to_string();
    let address = install.front.mock.address().to_string();
    let mut out = String::new();
    for line in seen.lines() {
        let line = line.replace(&dir, "DIR").replace(&address, "ADDRESS");
        // Ports of this machine, and what was heard at a speed that was not the right one.
        let port =
            line.trim_start().starts_with(|c: char| c.is_ascii_digit()) && line.contains("/dev/");
        let tried = line.starts_with("  DIR/port ") && line.ends_with(" B");
        if port || tried || line.contains("any  listen") || line.starts_with("No free serial port")
        {
            continue;
        }
        let line = match line.split_once("it says: ") {
            Some((before, said)) => {
                assert!(!said.trim().is_empty());
                format!("{before}it says: (a line of the receipt)")
            }
            None => line,
        };
        let line = match line.split_once("leads to the till?") {
            Some((before, rest)) => {
                let typed = rest.split_once(": ").map_or("", |(_, typed)| typed);
                format!("{before}leads to the till? [...]: {typed}")
            }
            None => line.replace("[/var/lib/posbridge/posbridge.db]", "[posbridge.db]"),
        };
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

fn at_a_terminal(install: &Install) -> Person {
    let mut command: Command = install.bridge.command("init");
    command.args(["--seconds", "60"]);
    Person::sits_at(command)
}

#[test]
fn somebody_at_a_terminal_is_led_to_the_first_message_and_a_refusal_is_mended() {
    let mut install = Install::new(43);
    let (paper, _) = install.sell();
    let printing = install.front.cable.prints(paper);
    let mut person = at_a_terminal(&install);
    person.answers("Language", "en");
    person.answers("How does the till reach its printer?", "?");
    person.answers("How does the till reach its printer?", "carrier pigeon");
    person.answers("How does the till reach its printer?", "1");
    let port = install.bridge.path("port").display().to_string();
    person.answers("Which serial port", &port);
    person.answers("Listen to the line now?", "");
    person.answers("Speed of the line [19200 8N1]", "");
    drop(printing);
    person.answers("Language of the printer [escpos]", "");
    person.answers("Encoding of its text [big5]", "");
    person.answers("Name of this till", "");
    person.answers("Name of the shop", "Lucky Star");
    person.answers("Time zone", "Hong Kong");
    person.answers("Time zone", "");
    person.answers("Currency", "");
    person.answers("Language of the messages", "en");
    person.answers("Opening hours", "11:00-22:30");
    person.answers("Webhook", &install.webhook());
    person.answers("Signing secret", "SECwrong00");
    person.answers("Keyword", KEYWORD);
    person.answers("Send a test message", "");
    person.answers("What now?", "secret");
    person.answers("Signing secret", SECRET);
    person.answers("Roughly how many sales a day?", "300");
    person.answers("What should the group be told?", "1,2,3 daily_summary");
    person.answers("How are ordinary sales told?", "");
    person.answers("Who may look at the page", "network");
    person.answers("Password of the page", "short");
    person.answers("Password of the page", PAGE_PASSWORD);
    person.answers("Once more", "four words, others");
    person.answers("Password of the page", PAGE_PASSWORD);
    person.answers("Once more", PAGE_PASSWORD);
    person.answers("Where is the journal kept?", "journal.db");
    person.answers("Write it?", "yes");
    let ended = person.until_ended();
    let seen = person.seen();
    assert!(ended.success(), "{seen}");
    for secret in [TOKEN, SECRET, "SECwrong00", PAGE_PASSWORD] {
        assert!(!seen.contains(secret), "{seen}");
    }
    assert_eq!(install.group().len(), 1, "{seen}");
    let listed = install.bridge.posbridge("robot list", &[]);
    assert!(String::from_utf8_lossy(&listed.stdout).contains("signs"));
    let seen = tidy(&seen, &install);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("it/init_transcript.txt");
        std::fs::write(path, &seen).expect("room");
        return;
    }
    assert_eq!(seen, TRANSCRIPT, "UPDATE_GOLDEN=1 writes it anew");
}

#[test]
fn ctrl_c_at_a_secret_leaves_a_terminal_that_shows_what_is_typed_and_no_file() {
    let install = Install::new(44);
    let mut person = at_a_terminal(&install);
    person.answers("Language", "");
    person.answers("How does the till reach its printer?", "file");
    for (question, answer) in [
        ("Language of the printer", ""),
        ("Encoding of its text", ""),
        ("The file", "receipts.bin"),
        ("Name of this till", ""),
        ("Name of the shop", "Lucky Star"),
        ("Time zone", ""),
        ("Currency", ""),
        ("Language of the messages", ""),
        ("Opening hours", ""),
    ] {
        person.answers(question, answer);
    }
    until(SOON, "a question for a secret", || {
        check(person.seen(), |seen| seen.contains("Webhook"))
    });
    until(SOON, "a terminal that shows nothing", || check(person.is_shown(), |shown| !shown));
    person.types("https://oapi\u{3}");
    assert!(!person.until_ended().success());
    assert!(person.is_shown());
    assert!(person.seen().contains("nothing was written"), "{}", person.seen());
    assert!(!install.bridge.config().exists());
}
