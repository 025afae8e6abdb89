//! Tests of where secrets may stand, and of who may read those files.

use std::os::unix::fs::PermissionsExt;

use super::golden::{ROBOT, SOURCE, accepted};
use super::{Config, ConfigError, parse_in};

/// Reads `text` from a file of these permission bits.
fn loaded(text: &str, mode: u32) -> Result<Config, ConfigError> {
    let temp = tempfile::tempdir().expect("a temporary directory");
    let path = temp.path().join("posbridge.toml");
    std::fs::write(&path, text).expect("written");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("our own file");
    super::load(&path)
}

#[test]
fn a_configuration_that_everybody_can_read_holds_no_token() {
    let inline = format!("{SOURCE}{ROBOT}");
    for mode in [0o644, 0o604, 0o602] {
        let error = loaded(&inline, mode).expect_err("a token for everybody").to_string();
        assert!(error.contains(&format!("found mode {mode:04o}")), "{error}");
        assert!(error.contains("posbridge.toml:7:7"), "{error}");
        assert!(error.contains("hint: chmod o= /") && !error.contains("t0k3n"), "{error}");
    }
    for mode in [0o600, 0o640] {
        loaded(&inline, mode).unwrap_or_else(|error| panic!("{mode:o}: {error}"));
    }
    let local = inline.replace("https://oapi.dingtalk.com", "http://127.0.0.1:8080");
    loaded(&local, 0o644).expect("a mock on this machine");
    let proxied = format!("{local}[dingtalk]\nproxy = \"http://shop:pw@192.168.1.1:3128\"\n");
    let error = loaded(&proxied, 0o644).expect_err("a password").to_string();
    assert!(error.contains("mode 0644") && !error.contains("pw@"), "{error}");
    loaded(&proxied.replace("shop:pw@", ""), 0o644).expect("no password");
}

#[test]
fn a_credential_of_systemd_is_taken_before_a_file_of_the_same_name() {
    let temp = tempfile::tempdir().expect("a temporary directory");
    let (etc, handed) = (temp.path().join("etc"), temp.path().join("credentials"));
    for dir in [&etc, &handed] {
        std::fs::create_dir(dir).expect("made");
    }
    let path = etc.join("posbridge.toml");
    let text = format!("{SOURCE}[[robot]]\nname = \"a\"\ntoken_file = \"robot.token\"\n");
    let credential = handed.join("robot.token");
    std::fs::write(&credential, "handed\n").expect("written");
    // An access list for the service's user shows as the group's right to read.
    std::fs::set_permissions(&credential, std::fs::Permissions::from_mode(0o440)).expect("ours");
    let env = [("CREDENTIALS_DIRECTORY", handed.to_str().expect("UTF-8"))];
    let (config, _) = accepted(&text, &path, &env);
    assert!(config.robots[0].url.expose().ends_with("access_token=handed"));
    let outside = text.replace("robot.token", "../credentials/robot.token");
    let env_of = |name: &str| (name == "CREDENTIALS_DIRECTORY").then(|| handed.clone().into());
    let refused = parse_in(&outside, &path, &env_of).expect_err("a path is a path").to_string();
    assert!(refused.contains("found mode 0440"), "{refused}");
    let bare = text.replace("robot.token", "other.token");
    let refused = parse_in(&bare, &path, &env_of).expect_err("nowhere").to_string();
    assert!(refused.contains("etc/other.token"), "{refused}");
}

#[test]
fn a_secret_file_is_read_beside_the_configuration_and_only_when_it_is_private() {
    let temp = tempfile::tempdir().expect("a temporary directory");
    let (config, token) = (temp.path().join("posbridge.toml"), temp.path().join("robot.token"));
    let text = format!("{SOURCE}[[robot]]\nname = \"a\"\ntoken_file = \"robot.token\"\n");
    let mode = |mode| {
        let wanted = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(&token, wanted).expect("our own file");
    };
    std::fs::write(&token, "abc\n").expect("written");
    mode(0o640);
    let error = parse_in(&text, &config, &|_| None).expect_err("others can read it").to_string();
    assert!(error.contains("found mode 0640"), "{error}");
    assert!(error.contains(&format!("hint: chmod 600 {}", token.display())), "{error}");
    mode(0o600);
    let (parsed, _) = accepted(&text, &config, &[]);
    let url = parsed.robots[0].url.expose();
    assert_eq!(url, "https://oapi.dingtalk.com/robot/send?access_token=abc");
    std::fs::write(&token, "two words\n").expect("written");
    let error = parse_in(&text, &config, &|_| None).expect_err("two words").to_string();
    assert!(error.contains("found several words") && !error.contains("two words"), "{error}");
}
