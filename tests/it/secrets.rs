//! Secrets and people's data, looked for in everything that a running bridge says.
//!
//! The bridge is given tokens, signing secrets and a proxy's password, reads receipts with people's
//! numbers and names on them, and meets every kind of trouble, with its log at its wordiest. Nothing
//! of it may come out: in the log, in the answer of a verb, on the page, at `/metrics`, over the control socket. The
//! journal is raw and 0600, and `events --raw` shows people's data because it was asked to.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;

use encoding_rs::BIG5;
use pos_tests::wait::{SOON, check, until};
use pos_tests::world::{KEYWORD, TOKEN, World};
use serde_json::Value;

/// Credentials of robots that do not work, each for a reason of its own, and of a proxy.
const CREDENTIALS: [&str; 6] = [
    "dead0dead0dead0dead0dead0dead0dead0dead0dead0dead0dead0dead0dead0",
    "d0d0nameless0d0d0nameless0d0d0nameless0d0d0nameless0d0d0nameless0",
    "7150trustless7150trustless7150trustless7150trustless7150trustless",
    "b10cked0b10cked0b10cked0b10cked0b10cked0b10cked0b10cked0b10cked00",
    "pr0xy-passw0rd",
    "SECbaadbaadbaadbaadbaadbaadbaadbaadbaadbaadbaadbaadbaadbaadbaadbaad",
];

/// What stands on the receipts and concerns nobody outside the shop.
const PEOPLE: [&str; 9] = [
    "9123 4567",
    "61234567",
    "+852 5345 6789",
    "A123456(3)",
    "4111 1111 1111 1111",
    "12345678(9)",
    "chan.tai.man@example.com.hk",
    "Chan Siu Ming",
    "陳小明",
];

/// A sale that names people in its head, its items, its payment and its foot.
fn sale() -> String {
    "LUCKY STAR\nReceipt No: 70001\n2026-11-21 12:01:22\nMember: Chan Siu Ming\n會員：陳小明\n\
     Phone: 9123 4567\nTea for 61234567        1 18.00 18.00\nBun                     1 18.00 18.00\n\
     TOTAL                   36.00\nVISA 4111 1111 1111 1111   36.00\nOctopus card 12345678(9), thanks\n\
     E-receipt: chan.tai.man@example.com.hk\nHKID A123456(3)\nSMS to +852 5345 6789\n"
        .to_owned()
}

/// A slip of which nothing can be made.
fn unread() -> String {
    "?? ### 12 ##\nTel 9123 4567 / 61234567\nchan.tai.man@example.com.hk A123456(3)\n\
     4111 1111 1111 1111 12345678(9)\nTOTAL ??.??\n"
        .to_owned()
}

fn printed(text: &str) -> Vec<u8> {
    let (bytes, _, lossy) = BIG5.encode(text);
    assert!(!lossy, "{text}");
    [b"\x1b@", &*bytes, b"\n\n\n\x1dVB\x00"].concat()
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("it is bound").port()
}

/// Five more robots that fail, a web page, and nothing kept back from the good one.
fn configure(world: &World, web: u16) {
    let [unknown, nameless, trustless, proxied, password, secret] = CREDENTIALS;
    let mock = world.mock.address();
    world.bridge.write("dead-secret", secret);
    world.bridge.write("proxy", &format!("http://boss:{password}@127.0.0.1:9"));
    let quoted = |name| Value::from(world.bridge.path(name).to_string_lossy()).to_string();
    let robot = |name: &str, base: &str, token: &str, more: &str| {
        format!(
            "\n[[robot]]\nname = \"{name}\"\nurl = \"{base}/robot/send?access_token={token}\"\n\
             secret_file = {}\nkeywords = [{KEYWORD:?}]\nnotices = [\"sale\"]\n{more}",
            quoted("dead-secret")
        )
    };
    let text = std::fs::read_to_string(world.bridge.config()).expect("a configuration");
    let text = text.replace(
        "notices = [\"sale\"]\nprivacy = \"items\"",
        "notices = [\"sale\", \"document\", \"unread\"]\nprivacy = \"full\"",
    );
    let text = [
        text,
        robot("unknown", &format!("http://{mock}"), unknown, ""),
        robot("nameless", "https://robot.invalid", nameless, ""),
        robot("trustless", &format!("https://{mock}"), trustless, ""),
        robot(
            "proxied",
            "https://robot.invalid",
            proxied,
            &format!("proxy_file = {}\n", quoted("proxy")),
        ),
        format!("\n[web]\nlisten = \"127.0.0.1:{web}\"\n"),
    ]
    .concat();
    world.bridge.write("posbridge.toml", &text);
}

fn http(port: u16, path: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("the web page");
    write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
        .expect("room");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("text");
    answer
}

fn control(world: &World, request: &str) -> String {
    let mut socket = UnixStream::connect(world.bridge.path("run/control.sock")).expect("a daemon");
    writeln!(socket, "{request}").expect("room");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).expect("text");
    answer
}

/// Asks everything that can be asked; what was said, and by whom. The bridge itself looks through the
/// answers of its verbs for credentials.
fn interrogate(world: &World, web: u16) -> Vec<(String, String)> {
    let mut said = Vec::new();
    let bad_url = format!("ftp://oapi.dingtalk.com/robot/send?access_token={}", CREDENTIALS[0]);
    for (verb, arguments) in [
        ("check", vec![]),
        ("status", vec![]),
        ("status", vec!["--json"]),
        ("events", vec![]),
        ("outbox list", vec![]),
        ("outbox list", vec!["--json"]),
        ("outbox show", vec!["1"]),
        ("outbox show", vec!["2", "--json"]),
        ("robot list", vec![]),
        ("robot list", vec!["--json"]),
        ("robot set", vec!["owner", "--url", &bad_url]),
        // An address where a file's name belongs.
        ("robot set", vec!["owner", "--url-file", &bad_url]),
        ("replay", vec![]),
    ] {
        let output = world.bridge.posbridge(verb, &arguments);
        let text = [output.stdout, output.stderr].concat();
        assert!(!text.is_empty(), "{verb} says something");
        said.push((format!("{verb} {arguments:?}"), String::from_utf8_lossy(&text).into_owned()));
    }
    for robot in ["owner", "unknown", "nameless", "trustless", "proxied"] {
        let output = world.bridge.posbridge("send-test", &["--robot", robot]);
        assert_eq!(output.status.success(), robot == "owner", "{robot}");
        let text = [output.stdout, output.stderr].concat();
        assert!(!text.is_empty(), "a person is told what happened: {robot}");
        said.push((format!("send-test {robot}"), String::from_utf8_lossy(&text).into_owned()));
    }
    let sale = world.bridge.events().into_iter().find(|event| event.receipt.is_some());
    let id = sale.expect("a receipt").id;
    let (receipt, teach) = (format!("/receipts/{id}"), format!("/teach/{id}"));
    let pages = ["/", "/events", "/events?q=9123", "/outbox", "/outbox?lang=zh-HK", "/settings"];
    let more = ["/settings?lang=zh-HK", "/outbox/drop?id=1", "/outbox/drop?id=2", "/login"];
    let paths = ["/metrics", "/healthz", &format!("/{TOKEN}"), &receipt, &teach];
    for path in paths.into_iter().chain(pages).chain(more) {
        said.push((format!("GET {path}"), http(web, path)));
    }
    for request in [
        "status".to_owned(),
        format!("{{\"verb\":\"robot\",\"url\":\"https://x/?access_token={}\"}}", CREDENTIALS[0]),
        format!("access_token={}", CREDENTIALS[0]),
    ] {
        said.push(("the control socket".to_owned(), control(world, &request)));
    }
    said
}

fn holds_none(seeds: &[&str], whose: &str, text: &str) {
    for seed in seeds {
        let line = text.lines().find(|line| line.contains(seed));
        let line = line.map(|line| line.replace(seed, "<HERE>"));
        assert!(line.is_none(), "{seed:?} stands in {whose}: {line:?}");
    }
}

#[test]
fn nothing_that_a_bridge_says_holds_a_credential_or_a_persons_data() {
    let mut world = World::open(71);
    let web = free_port();
    world.bridge.log_filter("trace");
    for secret in CREDENTIALS {
        world.bridge.keep_secret(secret);
    }
    configure(&world, web);
    world.bridge.start_brain();
    world.send(&printed(&sale()));
    world.send(&printed(&unread()));
    until(SOON, "both slips in the group and every other robot in trouble", || {
        let group = world.group();
        let about = |word: &str| group.iter().any(|text| text.contains(word));
        let outbox = world.bridge.outbox();
        let troubled = outbox.iter().filter(|(_, _, reason)| reason.is_some()).count();
        check((group.len(), about("70001"), troubled, outbox), |found| {
            found.0 >= 2 && found.1 && found.2 >= 2
        })
    });
    let said = interrogate(&world, web);
    let seeds = [&PEOPLE[..], &CREDENTIALS[..], &[TOKEN]].concat();
    for (whose, text) in &said {
        holds_none(&seeds, whose, text);
    }
    for text in world.group() {
        holds_none(&seeds, "the group", &text);
    }
    for attempt in world.mock.attempts() {
        assert_ne!(attempt.errcode, Some(310_000), "the good robot's settings are right");
    }
    world.bridge.kill_brain();
    world.bridge.start_brain();
    world.bridge.stop_brain(SOON);
    let log = world.bridge.log();
    assert!(log.contains("TRACE"), "the log is at its wordiest");
    holds_none(&seeds, "the log", &log);

    let raw = world.bridge.posbridge("events", &["--raw"]);
    let raw = String::from_utf8(raw.stdout).expect("JSON Lines");
    for person in PEOPLE {
        assert!(raw.contains(person), "{person} was read, so it could have been said");
    }
    let mode = std::fs::metadata(world.bridge.journal()).expect("a journal").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

/// Mistakes in a configuration, each on a line with a credential.
fn mistakes() -> Vec<(&'static str, String)> {
    let url = format!("https://oapi.dingtalk.com/robot/send?access_token={}", CREDENTIALS[0]);
    let source = "[[source]]\nname = \"c\"\nkind = \"fifo\"\npath = \"p\"\n";
    let robot = |lines: &str| format!("{source}[[robot]]\nname = \"r\"\n{lines}\n");
    vec![
        ("a quote that is not closed", robot(&format!("url = \"{url}"))),
        ("two values", robot(&format!("url = \"{url}\" \"again\""))),
        ("the same key twice", robot(&format!("url = \"{url}\"\nurl = \"{url}\""))),
        ("a list", robot(&format!("url = [\"{url}\"]"))),
        ("no scheme that is known", robot(&format!("url = \"{}\"", url.replace("https", "ftp")))),
        ("plain http to the world", robot(&format!("url = \"{}\"", url.replace("https", "http")))),
        ("a key that nobody knows", robot(&format!("webhook = \"{url}\""))),
        (
            "a secret in the file",
            robot(&format!("url_file = \"u\"\nsecret = \"{}\"", CREDENTIALS[5])),
        ),
        ("a token in the file", robot(&format!("token = \"{}\"", CREDENTIALS[0]))),
        ("an address on a line of its own", robot(&url)),
        ("an address where a file's name belongs", robot(&format!("url_file = \"{url}\""))),
        ("a password in a proxy of no kind", {
            let proxy = format!("proxy = \"gopher://boss:{}@127.0.0.1:9\"", CREDENTIALS[4]);
            robot(&format!("url_file = \"u\"\n{proxy}"))
        }),
    ]
}

#[test]
fn a_mistake_on_a_line_with_a_credential_is_explained_without_it() {
    let world = World::open(72);
    for secret in CREDENTIALS {
        world.bridge.keep_secret(secret);
    }
    for (mistake, text) in mistakes() {
        world.bridge.write("posbridge.toml", &text);
        for verb in ["check", "run", "send-test"] {
            let output = world.bridge.posbridge(verb, &[]);
            assert_eq!(output.status.code(), Some(2), "{mistake}: {verb}");
            let talk = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(talk.contains("posbridge.toml"), "{mistake}: {verb} names the file: {talk}");
        }
    }
}

#[test]
fn a_file_with_a_credential_that_others_may_read_is_refused_without_it() {
    let world = World::open(73);
    // The token of a robot on this very machine is no secret.
    let local = format!("http://{}", world.mock.address());
    world.reconfigure(&[(&local, "https://robot.invalid")]);
    for name in ["posbridge.toml", "secret"] {
        let path = world.bridge.path(name);
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).expect("our own file");
        let output = world.bridge.posbridge("check", &[]);
        let talk = [output.stdout, output.stderr].concat();
        let talk = String::from_utf8_lossy(&talk).into_owned();
        assert!(!output.status.success() && talk.contains("chmod"), "{name}: {talk}");
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).expect("our own file");
    }
}
