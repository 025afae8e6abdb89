//! `[hooks]`: what is taken, and what is refused with the line and a hint.

use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::{ConfigError, Hooks, parse};
use crate::inbound::Scheme;
use crate::inbound::verify::Proof;

const REST: &str = "[[source]]\nname = \"till\"\nkind = \"file\"\npath = \"a\"\nshop = \"North\"\n\
    [[robot]]\nname = \"owner\"\nurl = \"http://127.0.0.1/?access_token=t\"\nsources = [\"hooks/square\"]\n";

fn secret(dir: &Path, name: &str, text: &str) {
    use std::io::Write as _;
    let mut options = std::fs::OpenOptions::new();
    let file = options.write(true).create(true).truncate(true).mode(0o600).open(dir.join(name));
    file.and_then(|mut file| writeln!(file, "{text}")).expect("room");
}

fn read(dir: &Path, hooks: &str) -> Result<Option<Hooks>, ConfigError> {
    secret(dir, "key", "a-key-of-the-provider");
    secret(dir, "word", "aVeryLongWordThatNobodyCanGuess");
    secret(dir, "pair", "user:password");
    secret(dir, "whsec", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD");
    parse(&format!("{REST}{hooks}"), &dir.join("posbridge.toml")).map(|config| config.hooks)
}

fn refused(hooks: &str) -> String {
    let dir = tempfile::tempdir().expect("a directory");
    read(dir.path(), hooks).expect_err("refused").to_string()
}

#[test]
fn a_scheme_is_on_where_its_secret_is_named() {
    let dir = tempfile::tempdir().expect("a directory");
    let all = "[hooks]\nlisten = \"127.0.0.1:8788\"\npublic_url = \"https://shop.example/hooks/square\"\n\
        shop = \"North\"\nsquare_secret_file = \"key\"\nlightspeed_secret_file = \"key\"\n\
        lightspeed_k_secret_file = \"pair\"\nshopify_secret_file = \"key\"\nloyverse_secret_file = \"key\"\n\
        standard_secret_file = \"whsec\"\npush_secret_file = \"whsec\"\npush_token_file = \"word\"\n\
        generic_secret_file = \"key\"\n[hooks.generic]\ntotal = \"/sum\"\nkinds = { SALE = \"sale\" }\n";
    let hooks = read(dir.path(), all).expect("good").expect("there");
    let on: Vec<Scheme> = hooks.pushed.proofs.keys().copied().collect();
    assert_eq!(on, Scheme::ALL);
    let Proof::Square { urls, .. } = &hooks.pushed.proofs[&Scheme::Square] else {
        panic!("Square")
    };
    assert_eq!(urls, &["https://shop.example/hooks/square"], "exactly as subscribed");
    assert_eq!(hooks.shop, "North");
    assert!(!format!("{hooks:?}").contains("provider"), "secrets are not shown");
    assert_eq!(read(dir.path(), "").expect("good"), None);
    let host = all.replace("/hooks/square\"\n", "\"\n");
    let hooks = read(dir.path(), &host).expect("good").expect("there");
    let Proof::Square { urls, .. } = &hooks.pushed.proofs[&Scheme::Square] else {
        panic!("Square")
    };
    assert_eq!(urls, &["https://shop.example", "https://shop.example/hooks/square"]);
}

#[test]
fn what_would_believe_anybody_or_nobody_is_refused() {
    let listen = "[hooks]\nlisten = \"127.0.0.1:8788\"\n";
    for (hooks, said) in [
        ("[hooks]\nshopify_secret_file = \"key\"\n".to_owned(), "expected [hooks] with `listen`"),
        (
            format!("{listen}square_secret_file = \"key\"\n"),
            "expected `public_url`, which Square signs",
        ),
        (
            format!("{listen}public_url = \"shop.example\"\nsquare_secret_file = \"key\"\n"),
            "expected an http or https address",
        ),
        (format!("{listen}unsigned = [\"loyverse\"]\n"), "expected `path_file` beside `unsigned`"),
        (
            format!("{listen}path_file = \"word\"\nunsigned = [\"square\"]\n"),
            "expected \"lightspeed-x\"",
        ),
        (format!("{listen}path_file = \"pair\"\n"), "expected at least 22 letters"),
        (format!("{listen}push_token_file = \"pair\"\n"), "expected a token of at least 16"),
        (format!("{listen}push_secret_file = \"key\"\n"), "expected whsec_ and base64"),
        (format!("{listen}lightspeed_k_secret_file = \"key\"\n"), "expected user:password"),
        (format!("{listen}generic_secret_file = \"key\"\n"), "expected [hooks.generic]"),
        (format!("{listen}[hooks.generic]\nid = \"/a\"\n"), "expected `total`"),
        (format!("{listen}[hooks.generic]\ntotal = \"sum\"\n"), "expected a JSON pointer"),
        (
            format!("{listen}[hooks.generic]\ntotal = \"/sum\"\nkinds = {{ A = \"sold\" }}\n"),
            "found \"sold\"",
        ),
        (format!("{listen}shop = \"South\"\n"), "expected a shop of this bridge"),
        (format!("{listen}shopify_secret_file = \"none\"\n"), "expected a secret in"),
    ] {
        let told = refused(&hooks);
        assert!(told.contains(said), "{told}\ndoes not say {said}");
        assert!(!told.contains("a-key-of-the-provider") && told.contains("hint: "), "{told}");
    }
}
