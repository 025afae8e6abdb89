//! The bridge of such a shop.

use std::net::SocketAddr;

use serde_json::Value;

use crate::bridge::Bridge;
use crate::world::{TOKEN, own_address};

/// Where providers call.
const HOOKS_PORT: u16 = 8_788;
/// The URL that is subscribed at Square; the proxy in front of the bridge is not part of the test.
pub(super) const PUBLIC_URL: &str = "https://shop.example/hooks/square";
/// Square's signature key.
pub(super) const SQUARE_KEY: &str = "Ibxx_5AKakO-3qeNVR61Dw";
/// The secret of programs that sign.
const PUSH_SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
/// The token of programs on the machine.
const PUSH_TOKEN: &str = "7e577e577e577e577e577e577e577e57";

/// A bridge that listens on a wire and to providers.
#[derive(Debug)]
pub struct HookShop {
    /// The bridge.
    pub bridge: Bridge,
    /// Where the till prints.
    pub printer: SocketAddr,
    /// Where calls are taken.
    pub hooks: SocketAddr,
}

impl HookShop {
    /// A shop whose bridge runs. Nobody listens where its robot is, so that what is to be told waits
    /// and can be counted.
    pub fn open() -> Self {
        let mut bridge = Bridge::new(None);
        let printer = own_address();
        let hooks = SocketAddr::new(printer.ip(), HOOKS_PORT);
        for (name, secret) in
            [("square.key", SQUARE_KEY), ("push.secret", PUSH_SECRET), ("push.token", PUSH_TOKEN)]
        {
            bridge.write(name, secret);
            bridge.keep_secret(secret);
        }
        let robot = format!("http://127.0.0.1:9/robot/send?access_token={TOKEN}");
        // A JSON string is a TOML string.
        let journal = Value::from(bridge.journal().to_string_lossy()).to_string();
        let text = format!(
            "[shop]\nname = \"Lucky Star\"\ntimezone = \"Asia/Hong_Kong\"\ncurrency = \"HKD\"\n\
             language = \"en\"\n\n[journal]\npath = {journal}\n\n\
             [[source]]\nname = \"counter-1\"\nkind = \"tcp-printer\"\nlisten = \"{printer}\"\n\n\
             [[robot]]\nname = \"owner\"\nurl = {robot:?}\nnotices = [\"sale\"]\n\n\
             [hooks]\nlisten = \"{hooks}\"\npublic_url = \"{PUBLIC_URL}\"\n\
             square_secret_file = \"square.key\"\npush_secret_file = \"push.secret\"\n\
             push_token_file = \"push.token\"\n"
        );
        bridge.write("posbridge.toml", &text);
        bridge.start_brain();
        Self { bridge, printer, hooks }
    }
}
