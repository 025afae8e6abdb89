//! The manual: who tells what to whom.

use super::Default::{Needed, None, Or, Says, Value};
use super::Values::{Is, Range, Switch, Words};
use super::{Shown, Table, key};

pub(super) const ROBOT: Table = Table {
    header: "[[robot]]",
    raw: "RawRobot",
    about: "A robot in a DingTalk group; at least one. Its address and its secret stand in files of mode 600.",
    keys: &[
        key("name", Is("1 to 64 letters, digits, `.`, `-` and `_`"), Needed("\"owner\""), "unique"),
        key(
            "url_file",
            Is("a path"),
            Needed("\"owner.url\""),
            "a file with the webhook, as DingTalk shows it",
        ),
        key(
            "url",
            Is("an https address"),
            Or("\"https://oapi.dingtalk.com/robot/send?access_token=...\""),
            "the webhook itself; then nobody else may read this file",
        ),
        key("url_env", Is("a variable"), Or("\"OWNER_URL\""), "a variable with the webhook"),
        key(
            "token_file",
            Is("a path"),
            Or("\"owner.token\""),
            "a file with the webhook's token alone; also beside a `url` without one",
        ),
        key("token_env", Is("a variable"), Or("\"OWNER_TOKEN\""), "a variable with that token"),
        key(
            "secret_file",
            Is("a path"),
            None("\"owner.secret\""),
            "a file with the signing secret (`SEC...`)",
        ),
        key("secret_env", Is("a variable"), Or("\"OWNER_SECRET\""), "a variable with it"),
        key(
            "keywords",
            Is("at most 10 texts"),
            None("[\"收銀\"]"),
            "one of them is put into every message",
        ),
        key(
            "notices",
            Is("kinds of event ([EVENTS.md](EVENTS.md)) and findings ([SHOP.md](SHOP.md))"),
            Value(
                "[\"sale\", \"refund\", \"void\", \"no_sale\", \"drawer_left_open\", \"unread\", \"shift_report\", \"low_stock\", \"exception\", \"reconciliation\", \"daily_summary\", \"weekly_summary\", \"monthly_summary\", \"reminder\", \"rule\"]",
            ),
            "what it is told",
        ),
        key(
            "sources",
            Is("names of sources"),
            Says("all", "[\"counter-1\", \"drawer-*\"]"),
            "the sources it is told of; `*` at the end stands for any rest. What needs a person to mend it (`[admin]`) is told whatever the source",
        ),
        key(
            "sales",
            Words(&["auto", "each", "digest"]),
            Value("\"auto\""),
            "`\"each\"`: a message per sale; `\"digest\"`: always together; `\"auto\"`: each while the budget allows it",
        ),
        key(
            "format",
            Words(&["text", "markdown", "card"]),
            Value("\"markdown\""),
            "see [NOTICES.md](NOTICES.md)",
        ),
        key(
            "privacy",
            Words(&["totals", "categories", "items", "full"]),
            Value("\"categories\""),
            "how much of a receipt leaves the shop, see [PRIVACY.md](PRIVACY.md)",
        ),
        key(
            "group",
            Is("a group's name or its conversation's id (`\"cid...\"`)"),
            None("\"Shop\""),
            "the group that it speaks in: questions asked there are answered from its sources, see [QUESTIONS.md](QUESTIONS.md)",
        ),
        key(
            "stock_left",
            Switch,
            Value("false"),
            "a sale shows what is left of each article ([SHOP.md](SHOP.md)); needs `privacy` `\"items\"` or `\"full\"`",
        ),
        key(
            "stock_tone",
            Words(&["plain", "firm", "humorous"]),
            Value("\"plain\""),
            "how what runs out is told; `\"firm\"` has a deadline",
        ),
        key(
            "mention",
            Is("a list of tables"),
            None(
                "[{ notices = [\"refund\"], mobiles = [\"+852-91234567\"], user_ids = [\"manager01\"], all = false }]",
            ),
            "whose phones ring, for what; at most 50 people",
        ),
        key(
            "proxy",
            Is("an http(s) address, or `\"none\"`"),
            Says("`[dingtalk]`'s", "\"none\""),
            "the way to DingTalk of this robot",
        ),
        key("proxy_file", Is("a path"), Or("\"owner.proxy\""), "a file with that address"),
        key("ca_file", Is("a path"), None("\"firewall.pem\""), "further trusted certificates, PEM"),
        key(
            "pool",
            Is("a robot's name"),
            None("\"owner\""),
            "the robot whose messages this one helps to carry, in the same group. It has an address, a secret, keywords, `ca_file` and `proxy` of its own; everything else is that robot's",
        ),
    ],
    shown: &[
        Shown {
            title: "The webhook goes into owner.url and the secret into owner.secret, beside this file: \
                    `posbridge init` writes both.",
            live: true,
            header: "[[robot]]",
            keys: &[
                ("name", Option::None),
                ("url_file", Option::None),
                ("url", Option::None),
                ("url_env", Option::None),
                ("token_file", Option::None),
                ("token_env", Option::None),
                ("secret_file", Option::None),
                ("secret_env", Option::None),
                ("keywords", Option::None),
                ("notices", Option::None),
                ("sources", Option::None),
                ("sales", Option::None),
                ("format", Option::None),
                ("privacy", Option::None),
                ("group", Option::None),
                ("stock_left", Option::None),
                ("stock_tone", Option::None),
                ("mention", Option::None),
                ("proxy", Option::None),
                ("proxy_file", Option::None),
                ("ca_file", Option::None),
            ],
        },
        Shown {
            title: "A second robot in the same group, for 18 messages a minute more.",
            live: false,
            header: "[[robot]]",
            keys: &[
                ("name", Some("\"owner-2\"")),
                ("url_file", Some("\"owner-2.url\"")),
                ("pool", Option::None),
            ],
        },
    ],
};

pub(super) const MENTION: Table = Table {
    header: "`mention` of a `[[robot]]`",
    raw: "RawMention",
    about: "",
    keys: &[
        key("notices", Is("as a robot's"), Needed("[\"refund\"]"), "when these people are called"),
        key(
            "mobiles",
            Is("mobile numbers"),
            None("[\"+852-91234567\"]"),
            "digits alone in mainland China, else country, dash, digits",
        ),
        key("user_ids", Is("DingTalk user ids"), None("[\"manager01\"]"), "the same by user id"),
        key("all", Switch, Value("false"), "everybody in the group"),
    ],
    shown: &[],
};

pub(super) const ADMIN: Table = Table {
    header: "[admin]",
    raw: "RawAdmin",
    about: "Who is told when Posbridge itself needs a person. docs/OPERATIONS.md has every alarm.",
    keys: &[
        key("robot", Is("a robot's name"), None("\"owner\""), "the robot that tells it"),
        key(
            "mention",
            Is("a mobile number or a list of them"),
            None("\"+852-91234567\""),
            "who is called; needs `robot`",
        ),
    ],
    shown: &[],
};

pub(super) const NOTICES: Table = Table {
    header: "[notices]",
    raw: "RawNotices",
    about: "How messages are worded.",
    keys: &[
        key(
            "templates",
            Is("a directory"),
            None("\"templates\""),
            "templates of your own, see [NOTICES.md](NOTICES.md)",
        ),
        key(
            "receipt_link",
            Is("an https address with `{number}`, `{id}` or `{source}`"),
            None("\"https://pos.example/receipts/{number}\""),
            "where the buttons of cards lead",
        ),
    ],
    shown: &[],
};

pub(super) const DINGTALK: Table = Table {
    header: "[dingtalk]",
    raw: "RawDingtalk",
    about: "What holds for all robots.",
    keys: &[
        key(
            "monthly_quota",
            Range(1, 100_000_000),
            Value("3000"),
            "calls a month that the organisation has",
        ),
        key(
            "proxy",
            Is("an http(s) address"),
            None("\"http://192.168.1.1:3128\""),
            "the proxy of all robots and of the application; where it holds a password nobody else may read this file",
        ),
        key("proxy_file", Is("a path"), Or("\"dingtalk.proxy\""), "a file with that address"),
    ],
    shown: &[],
};

pub(super) const APP: Table = Table {
    header: "[dingtalk.app]",
    raw: "RawApp",
    about: "An application that people can talk to. docs/APPLICATION.md says where to get one.",
    keys: &[
        key(
            "client_id",
            Is("as DingTalk shows it"),
            Needed("\"dingabcdefgh\""),
            "its Client ID (AppKey)",
        ),
        key(
            "client_secret_file",
            Is("a path"),
            Needed("\"app.secret\""),
            "a file with its Client Secret (AppSecret)",
        ),
        key("client_secret_env", Is("a variable"), Or("\"APP_SECRET\""), "a variable with it"),
        key(
            "api",
            Is("an https address"),
            Value("\"https://api.dingtalk.com\""),
            "the interface's host; `\"https://api.dingtalk.io\"` for the international edition, `http://` only to this machine",
        ),
        key(
            "robot_code",
            Is("as DingTalk shows it"),
            Says("the Client ID", "\"dingabcdefgh\""),
            "the code of its robot",
        ),
        key(
            "monthly_calls",
            Range(1, 100_000_000),
            Value("5000"),
            "calls of the interface a month that the organisation has",
        ),
        key("ca_file", Is("a path"), None("\"firewall.pem\""), "further trusted certificates, PEM"),
        key(
            "may_change",
            Is("DingTalk user ids"),
            None("[\"manager01\"]"),
            "who may change anything by talking to it, see [QUESTIONS.md](QUESTIONS.md); a change of it holds at once",
        ),
    ],
    shown: &[],
};
