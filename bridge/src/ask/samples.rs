//! What the tests of questions start from: two shops on one bridge, a group each, and people.

use std::path::Path;
use std::sync::Arc;

use pos_protocol::event::{Entry, Inventory, Kind};
use pos_protocol::time::Timestamp;
use serde_json::json;

use crate::app::{Hall, Voice};
use crate::clock::Clock;
use crate::config::{self, Config};
use crate::dingtalk::openapi::{Counted, OpenApi};
use crate::dingtalk::stream::BotMessage;
use crate::journal::{Batch, Journal, Understand};
use crate::live::Live;
use crate::shop::samples::slip;
use crate::shop::{Clerk, catalogue};

/// Two shops, three tills, and a group for each and one for part of the second.
pub(super) fn two_shops() -> Config {
    let dir = Path::new("unused");
    config::parse(TWO_SHOPS, &dir.join("posbridge.toml")).expect("good")
}

pub(super) const TWO_SHOPS: &str = "\
[shop]
name = \"明記\"
[dingtalk.app]
client_id = \"dingabc\"
client_secret_env = \"PATH\"
may_change = [\"boss\"]
[[source]]
name = \"c-1\"
shop = \"中環\"
kind = \"file\"
path = \"a\"
[[source]]
name = \"mk-1\"
shop = \"旺角\"
kind = \"file\"
path = \"b\"
[[source]]
name = \"mk-2\"
shop = \"旺角\"
kind = \"file\"
path = \"c\"
[[robot]]
name = \"central\"
url = \"http://127.0.0.1/?access_token=t\"
sources = [\"c-1\"]
group = \"中環店群\"
privacy = \"full\"
[[robot]]
name = \"mongkok\"
url = \"http://127.0.0.1/?access_token=u\"
sources = [\"mk-*\"]
group = \"旺角店群\"
[[robot]]
name = \"floor\"
url = \"http://127.0.0.1/?access_token=v\"
sources = [\"mk-1\"]
group = \"旺角樓面\"
";

/// `text` by `user`, in the group of that name or alone.
pub(super) fn message(user: &str, group: Option<&str>, text: &str) -> BotMessage {
    BotMessage {
        id: format!("msg-{user}-{text}"),
        conversation_id: "cid1".to_owned(),
        is_group: group.is_some(),
        group: group.map(str::to_owned),
        staff_id: Some(user.to_owned()),
        sender_id: "s".to_owned(),
        nick: "n".to_owned(),
        is_admin: false,
        text: text.to_owned(),
        msgtype: "text".to_owned(),
        created_ms: None,
        reply: None,
        robot_code: "dingabc".to_owned(),
        over_quota: false,
    }
}

/// A café with one till and a group that is told everything; `boss` may change things.
pub(super) const CAFE: &str = "\
[shop]
name = \"明記冰室\"
[dingtalk.app]
client_id = \"dingabc\"
client_secret_env = \"PATH\"
api = \"http://127.0.0.1:9\"
may_change = [\"boss\"]
[[source]]
name = \"counter-1\"
kind = \"file\"
path = \"a\"
[[robot]]
name = \"owner\"
url = \"http://127.0.0.1/?access_token=t\"
privacy = \"full\"
";

/// The hall of a shop at five past twelve, with some sales, a refund and a catalogue in its books.
pub(super) struct Place {
    pub(super) hall: Hall,
    pub(super) config: Arc<Config>,
    _dir: tempfile::TempDir,
}

impl Place {
    pub(super) fn of(text: &str) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let config = config::parse(text, &dir.path().join("posbridge.toml")).expect("good");
        let journal = Journal::open(&config.journal.path).expect("opens");
        let app = config.dingtalk.app.clone().expect("an application");
        let live = Live::new(config);
        let config = live.config();
        // The journal blocks, which a thread of a runtime must not.
        std::thread::scope(|scope| scope.spawn(|| books(&journal, &config)).join()).expect("kept");
        let clock = Clock::parse("origin=2026-11-21T04:05:00Z,rate=1").expect("a good argument");
        let hall = Hall {
            journal,
            live,
            clock,
            told: Arc::default(),
            api: OpenApi::new(&app, clock, Arc::new(Counted::default())).expect("no files"),
            voice: Voice::new(&app, clock).expect("no files"),
        };
        Self { hall, config, _dir: dir }
    }
}

fn books(journal: &Journal, config: &Arc<Config>) {
    let csv =
        "name,aliases,unit,start,threshold\n凍奶茶,,cup,40,10\n檸檬茶,,cup,8,10\n珍珠,,g,900,300\n";
    let articles = catalogue::parse(csv.as_bytes(), Path::new("c.csv"), None).expect("good");
    let entry = Inventory { shop: None, entry: Entry::Catalogue { articles } };
    let morning = Timestamp::new(0, 1_795_230_000_000);
    let import = crate::operate::stock::event(entry, uuid::Uuid::nil(), morning);
    let at = |day: &str, time: &str| format!("{day}T{time}");
    let sold = |number: &str, day: &str, time: &str, total: &str| {
        let mut event = slip(
            Kind::Sale,
            number,
            total,
            json!({ "printed_at": at(day, time), "cashier": "阿明" }),
        );
        event.observed_at = format!(
            "{day}T{:02}:{}.120Z",
            time[..2].parse::<u8>().expect("an hour") - 8,
            &time[3..]
        );
        event
    };
    let refund = slip(
        Kind::Refund,
        "1044",
        "-18.00",
        json!({ "printed_at": "2026-11-21T12:02:00", "original_number": "1042", "items": [], "payments": [] }),
    );
    let events = vec![
        import,
        sold("1030", "2026-11-20", "13:10:00", "54.00"),
        sold("1041", "2026-11-21", "11:31:05", "36.00"),
        sold("1042", "2026-11-21", "11:48:30", "72.00"),
        sold("1043", "2026-11-21", "12:01:22", "36.00"),
        refund,
    ];
    let shop: Arc<dyn Understand> = Arc::new(Clerk::new(Arc::clone(config)));
    journal.commit(Batch { events, shop: Some(shop), ..Batch::default() }).expect("kept");
}
