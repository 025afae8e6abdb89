//! The command line: what each verb says, and what it exits with.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output, Stdio};

use pos_tests::binaries;
use pos_tests::world::{Counter, KEYWORD, SECRET, TOKEN, World};
use serde_json::{Value, json};

/// A sale as plain lines of text.
const TEA: &[u8] = b"SHOP\nTea 2 x 18.00 36.00\nTOTAL 36.00\nCASH 40.00\nCHANGE 4.00\n";

/// Runs `posbridge decode - ARGUMENTS` on `input`.
fn decode(input: &[u8], arguments: &[&str]) -> Output {
    let mut command = Command::new(binaries::path("posbridge"));
    command.args(["decode", "-"]).args(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = command.spawn().expect("it runs");
    let mut stdin = running.stdin.take().expect("a pipe");
    // Written from a thread of its own: the output may fill its pipe before all input is taken.
    let input = input.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = running.wait_with_output().expect("our own child");
    writer.join().expect("no panic").expect("it reads to the end");
    output
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// Exit code, standard output, standard error.
fn said(output: &Output) -> (i32, String, String) {
    (output.status.code().expect("no signal"), text(&output.stdout), text(&output.stderr))
}

#[test]
fn decode_reads_lines_of_text_as_one_balanced_sale() {
    let (code, out, err) = said(&decode(TEA, &[]));
    assert_eq!((code, err.as_str()), (0, ""));
    let [line] = out.lines().collect::<Vec<_>>()[..] else { panic!("one event: {out}") };
    let event: Value = serde_json::from_str(line).expect("JSON Lines");
    assert_eq!((&event["schema"], &event["kind"]), (&json!(1), &json!("sale")));
    let receipt = &event["receipt"];
    let read = ["merchant", "total", "tendered", "change"].map(|field| receipt[field].as_str());
    assert_eq!(read, [Some("SHOP"), Some("36.00"), Some("40.00"), Some("4.00")]);
    assert_eq!(event["verdict"], "balanced");
}

#[test]
fn decode_never_fails_on_odd_bytes() {
    let every: Vec<u8> = (0..=255).collect();
    let commands_without_end = b"\x1d8L\xff\xff\xff\xff\x1bD\x01\x1d(k".to_vec();
    let mut scattered = vec![0_u8; 64 * 1024];
    let mut state = 1_u32;
    for byte in &mut scattered {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *byte = (state >> 24) as u8;
    }
    for odd in [Vec::new(), every, commands_without_end, scattered] {
        for view in ["events", "text", "commands"] {
            let (code, out, err) = said(&decode(&odd, &["--as", view]));
            assert_eq!((code, err.as_str()), (0, ""), "{} bytes as {view}", odd.len());
            match view {
                "events" => out.lines().for_each(|line| {
                    serde_json::from_str::<pos_protocol::event::Event>(line).expect("schema 1");
                }),
                "commands" => assert_eq!(out.is_empty(), odd.is_empty()),
                _ => {}
            }
        }
    }
}

#[test]
fn decode_shows_the_paper_and_the_commands() {
    let stream = [b"\x1b@", TEA, b"\x1bp\x00\x19\xfa\x1dVB\x00"].concat();
    let (_, paper, _) = said(&decode(&stream, &["--as", "text"]));
    let cut = "-".repeat(48);
    let lines = "SHOP\nTea 2 x 18.00 36.00\nTOTAL 36.00\nCASH 40.00\nCHANGE 4.00";
    assert_eq!(paper, format!("{lines}\n{cut}\n"));
    let (_, commands, _) = said(&decode(&stream, &["--as", "commands"]));
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown: Vec<String> = commands.lines().map(words).collect();
    let (kick, cut) = (TEA.len() + 2, TEA.len() + 7);
    assert_eq!(shown.first().map(String::as_str), Some("0 ESC @ 1B 40"));
    assert_eq!(shown[1], "2 text SHOP");
    assert!(shown.contains(&format!("{kick} ESC p 1B 70 00 19 FA")), "{commands}");
    assert_eq!(shown.last(), Some(&format!("{cut} GS V 1D 56 42 00")), "{commands}");
}

#[test]
fn decode_names_a_file_that_is_missing() {
    let mut command = Command::new(binaries::path("posbridge"));
    let output = command.args(["decode", "no/such/capture.bin"]).output().expect("it runs");
    let (code, out, err) = said(&output);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.contains("cannot read no/such/capture.bin") && err.contains("hint:"), "{err}");
}

#[test]
fn a_configuration_mistake_is_shown_with_its_place_and_ends_with_2() {
    let world = World::open(31);
    let good = std::fs::read_to_string(world.bridge.config()).expect("a configuration");
    let mistakes = [
        ("kind = \"serial-tap\"", "kind = \"serial-tab\"", "did you mean \"serial-tap\"?"),
        ("upstream =", "upstraem =", "did you mean `upstream`?"),
        ("currency = \"HKD\"", "currency = \"HKX\"", "currency = \"HKX\""),
        ("http://127.0.0.1", "http://192.0.2.1", "https"),
    ];
    for (right, wrong, shown) in mistakes {
        world.bridge.write("posbridge.toml", &good.replace(right, wrong));
        let at = good.lines().position(|line| line.contains(right)).expect("a line") + 1;
        for verb in ["run", "wire", "check", "send-test", "status", "events"] {
            let (code, out, err) = said(&world.bridge.posbridge(verb, &[]));
            assert_eq!((code, out.as_str()), (2, ""), "{verb}: {err}");
            assert!(err.contains(&format!("posbridge.toml:{at}:")), "{verb}: {err}");
            for part in ["expected ", "hint: ", shown] {
                assert!(err.contains(part), "{verb}: {part:?} is not in {err}");
            }
            assert!(!err.contains(TOKEN), "{err}");
        }
    }
}

#[test]
fn a_command_line_mistake_ends_with_2_and_help_with_0() {
    let run = |arguments: &[&str]| {
        let mut command = Command::new(binaries::path("posbridge"));
        said(&command.args(arguments).output().expect("it runs"))
    };
    for wrong in [&["sell"][..], &["decode"], &["decode", "-", "--as", "song"], &[]] {
        let (code, out, err) = run(wrong);
        assert_eq!((code, out.as_str()), (2, ""), "{wrong:?}: {err}");
    }
    let (code, out, _) = run(&["--help"]);
    assert_eq!(code, 0);
    assert!(out.contains("Exit codes: 0 done, 1 failed, 2 usage"), "{out}");
}

#[test]
fn check_says_what_is_there_and_what_is_not() {
    let world = World::open(32);
    // Only looked at: nothing is started that would need the room of a ring.
    let memory = tempfile::Builder::new().prefix("pos-tests-").tempdir_in("/dev/shm");
    let memory = memory.expect("shared memory");
    let check = || {
        let mut command = Command::new(binaries::path("posbridge"));
        command.arg("check").arg("-c").arg(world.bridge.config());
        said(
            &command.env("RUNTIME_DIRECTORY", memory.path().join("run")).output().expect("it runs"),
        )
    };
    let (code, out, err) = check();
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    let proxy = world.proxy;
    for line in [
        "is in memory".to_owned(),
        "journal.db will be made".to_owned(),
        format!("counter-2: can listen on {proxy}"),
        "owner: signed, told of sale; try posbridge send-test --robot owner".to_owned(),
    ] {
        let found = out.lines().any(|l| l.starts_with("ok   ") && l.contains(&line));
        assert!(found, "{line:?} is not in\n{out}");
    }
    // The simulated till is this very process, and has the port open.
    assert!(out.contains("port is there, and in use by "), "{out}");
    std::fs::remove_file(world.bridge.path("port")).expect("the pty's link");
    let (code, out, err) = check();
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("BAD  counter-1: serial port"), "{out}");
    assert!(out.contains("is the cable plugged in?") && err.contains("posbridge: 1 of "));
}

#[test]
fn a_second_run_on_the_same_journal_ends_with_4_and_leaves_the_first_alone() {
    let mut world = World::open(33);
    world.bridge.start_brain();
    let (code, out, err) = said(&world.bridge.posbridge("run", &[]));
    assert_eq!((code, out.as_str()), (4, ""), "{err}");
    assert!(err.contains("hint: one posbridge writes a journal"), "{err}");
    let (code, _, err) = said(&world.bridge.posbridge("wire", &[]));
    assert_eq!(code, 4, "{err}");
    world.sell(Counter::Network);
    world.until_settled();
}

#[test]
fn send_test_tells_whether_the_group_saw_it() {
    let world = World::open(34);
    let (code, out, err) = said(&world.bridge.posbridge("send-test", &[]));
    assert_eq!((code, out.as_str()), (0, "owner: Delivered: the message is in the group.\n"));
    assert!(!err.contains("posbridge:"), "{err}");
    let told = world.mock.messages();
    assert!(told.len() == 1 && told[0].text.contains("Hello POS!"), "{told:?}");

    world.configure(TOKEN, "總店");
    let (code, out, err) = said(&world.bridge.posbridge("send-test", &[]));
    assert_eq!(code, 3, "{err}");
    assert!(out.contains("owner: The message lacks the robot's keyword"), "{out}");
    assert!(err.contains("did not reach owner's group"), "{err}");

    world.configure(TOKEN, KEYWORD);
    let (code, out, err) = said(&world.bridge.posbridge("send-test", &["--robot", "chef"]));
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("expected a robot (owner), found \"chef\""), "{err}");
}

#[test]
fn status_without_a_daemon_says_how_to_start_one() {
    let world = World::open(35);
    let (code, out, err) = said(&world.bridge.posbridge("status", &["--json"]));
    assert_eq!(code, 1);
    let status: Value = serde_json::from_str(&out).expect("JSON all the same");
    assert_eq!(status["ready"], false);
    assert!(err.contains("hint: start it with "), "{err}");
}

#[test]
fn no_output_ever_holds_the_token_or_the_secret() {
    let mut world = World::open(36);
    world.bridge.start_brain();
    world.sell(Counter::Network);
    world.until_settled();
    let mut all = world.bridge.log();
    for (verb, arguments) in [
        ("check", &[][..]),
        ("send-test", &[]),
        ("status", &[]),
        ("status", &["--json"]),
        ("events", &[]),
        ("events", &["--raw"]),
        ("run", &[]),
    ] {
        let (_, out, err) = said(&world.bridge.posbridge(verb, arguments));
        all.extend([out, err]);
    }
    // A robot that cannot be reached is named in errors; its address must not be.
    let port = format!("127.0.0.1:{}", world.mock.address().port());
    let config = std::fs::read_to_string(world.bridge.config()).expect("a configuration");
    world.bridge.write("posbridge.toml", &config.replace(&port, "127.0.0.1:1"));
    let (code, out, err) = said(&world.bridge.posbridge("send-test", &[]));
    assert_eq!(code, 1, "{out}{err}");
    all.extend([out, err]);
    // A secret that anybody can read is refused, and not shown either.
    let open = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(world.bridge.path("secret"), open).expect("our own file");
    let (code, out, err) = said(&world.bridge.posbridge("check", &[]));
    assert_eq!(code, 2);
    assert!(err.contains("hint: chmod 600"), "{err}");
    all.extend([out, err]);
    for hidden in [TOKEN, SECRET, &SECRET[3..]] {
        assert!(!all.contains(hidden), "{all}");
    }
}
