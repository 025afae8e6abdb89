//! An HTML page where JSON was expected: DingTalk's gateway refusing this address, or a network that
//! wants somebody to log in first (a captive portal).
//!
//! Neither page is documented; words that such pages have are all there is.

/// As much of a page as is looked at, in bytes: its head and the beginning of its body.
const LOOKED_AT: usize = 8 * 1024;

/// What the gateway's protection says of itself.
const BAN: &[&str] = &["1111", "x5sec", "punish", "deny", "denied", "forbidden", "too many"];

/// What pages have that let somebody in.
const PORTAL: &[&str] = &[
    "<form",
    "<input",
    "http-equiv=\"refresh\"",
    "window.location",
    "location.href",
    "captive",
    "portal",
    "login",
    "log in",
    "sign in",
    "wi-fi",
    "wifi",
    "登录",
    "登入",
    "認證",
    "认证",
    "上网",
    "上網",
    "masuk",
];

/// What kind of page it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Page {
    /// No HTML at all.
    None,
    /// The gateway's, or one that does not say whose it is.
    Ban,
    /// A network's that wants somebody to log in.
    Portal,
}

/// What kind of page `body` is.
pub(super) fn page(body: &[u8]) -> Page {
    let start = body.trim_ascii_start();
    if start.first() != Some(&b'<') {
        return Page::None;
    }
    let looked_at = &start[..start.len().min(LOOKED_AT)];
    let text = String::from_utf8_lossy(looked_at).to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if !has(BAN) && has(PORTAL) { Page::Portal } else { Page::Ban }
}

#[cfg(test)]
mod tests {
    use super::{Page, page};

    #[test]
    fn a_page_that_wants_a_login_is_not_taken_for_a_ban() {
        for portal in [
            "<html><body><form action=/auth><input name=user></form>",
            "\n<!DOCTYPE html><meta http-equiv=\"Refresh\" content=\"0; url=http://10.0.0.1/\">",
            "<html><script>window.location='http://wifi.example/'</script>",
            "<HTML><TITLE>Free WiFi</TITLE>",
            "<html><title>上网认证</title>",
        ] {
            assert_eq!(page(portal.as_bytes()), Page::Portal, "{portal}");
        }
        for ban in [
            "<html>",
            " <!DOCTYPE html><title>denied</title>",
            "<html><form>{\"status\":1111,\"punish\":\"deny\"}",
        ] {
            assert_eq!(page(ban.as_bytes()), Page::Ban, "{ban}");
        }
        for none in ["", "ok", "{}", "portal <html>"] {
            assert_eq!(page(none.as_bytes()), Page::None, "{none}");
        }
    }

    #[test]
    fn only_the_beginning_of_a_page_is_looked_at() {
        let long = format!("<html>{}<form>", "界".repeat(super::LOOKED_AT));
        assert_eq!(page(long.as_bytes()), Page::Ban);
    }
}
