//! The manual: the shop, its journal, what is odd at its tills, its rules and its calendar.

use super::Default::{Needed, None, Or, Says, Value};
use super::Values::{Is, Range, Switch, Times, Words};
use super::{Shown, Table, key};

pub(super) const TOP: Table = Table {
    header: "",
    raw: "RawConfig",
    about: "Keys above all tables.",
    keys: &[key(
        "mode",
        Words(&["live", "setup"]),
        Value("\"live\""),
        "`\"setup\"` is practice, which `posbridge init` begins and `posbridge go-live` ends: receipts are marked as tests in the group and in the journal, and count nowhere, see [OPERATIONS.md](OPERATIONS.md#practice-and-going-live)",
    )],
    shown: &[],
};

pub(super) const SHOP: Table = Table {
    header: "[shop]",
    raw: "RawShop",
    about: "The shop, for messages and for what a day is.",
    keys: &[
        key("name", Is("text"), Value("\"Shop\""), "stands in messages"),
        key(
            "timezone",
            Is("an IANA name"),
            Value("\"Asia/Hong_Kong\""),
            "the zone of the shop's clock",
        ),
        key(
            "currency",
            Is("an ISO 4217 code"),
            Value("\"HKD\""),
            "holds where a receipt names none",
        ),
        key(
            "language",
            Words(&["zh-HK", "zh-CN", "en", "id"]),
            Value("\"zh-HK\""),
            "of messages and of what `send-test` says",
        ),
        key(
            "hours",
            Is("`\"HH:MM-HH:MM\"`"),
            None("\"11:00-22:30\""),
            "`\"18:00-03:00\"` passes midnight, `\"00:00-00:00\"` never closes. Without it no port is called silent, nothing is outside hours, and summaries come at 08:00 only",
        ),
        key(
            "day_ends",
            Is("`\"HH:MM\"`"),
            Value("\"04:00\""),
            "what is sold before belongs to the day before",
        ),
        key(
            "float",
            Is("an amount"),
            Value("\"0\""),
            "cash in each drawer before the first sale; `posbridge reconcile --cash` counts it",
        ),
    ],
    shown: &[],
};

pub(super) const JOURNAL: Table = Table {
    header: "[journal]",
    raw: "RawJournal",
    about: "Where everything is kept that was printed.",
    keys: &[
        key("path", Is("a path"), Value("\"posbridge.db\""), "the SQLite file"),
        key("keep_days", Range(1, 2_557), Value("30"), "days that raw receipts are kept"),
        key(
            "max_mib",
            Range(64, 1_048_576),
            Value("1024"),
            "largest size of the journal; the oldest receipts go first",
        ),
    ],
    shown: &[],
};

pub(super) const EXCEPTIONS: Table = Table {
    header: "[exceptions]",
    raw: "RawExceptions",
    about: "What is worth a look at a till. `false` switches one off. docs/SHOP.md has more.",
    keys: &[
        key(
            "no_sales",
            Range(0, 10_000),
            Value("5"),
            "more openings without a sale in one shift (from one X or Z report to the next, or a business day): count the drawer, ask why",
        ),
        key(
            "refund_over",
            Is("an amount"),
            None("\"500.00\""),
            "a refund of more, in the shop's currency: slip and signature",
        ),
        key(
            "refund_without_original",
            Switch,
            Value("true"),
            "a refund names no sale, or one that no till of the shop printed in the last 62 days: slip and signature",
        ),
        key(
            "refund_soon",
            Times("1s", "48h"),
            Value("\"5m\""),
            "a refund within this time of its sale, by the cashier who sold: did the goods come back?",
        ),
        key(
            "refunds",
            Range(0, 10_000),
            Value("3"),
            "more refunds on one day by one cashier, or at one till where none is named: look through the slips",
        ),
        key(
            "void_after_tender",
            Switch,
            Value("true"),
            "a void of a sale that was paid: did the customer get the money?",
        ),
        key(
            "discount_over",
            Range(0, 100),
            Value("50"),
            "more per cent off a receipt: who allowed it?",
        ),
        key(
            "zero_total",
            Switch,
            Value("true"),
            "a sale of nothing or less (not where the discount was told): staff meal, gift, test?",
        ),
        key(
            "reprints",
            Range(0, 10_000),
            Value("2"),
            "more copies of one receipt on a day: what for?",
        ),
        key(
            "reprints_of_day",
            Range(0, 10_000),
            Value("10"),
            "more copies at one till on a day: a jam, or what for?",
        ),
        key(
            "number_missing",
            Range(1, 100),
            Value("5"),
            "a receipt number did not come although so many later ones did: look it up at the till",
        ),
        key(
            "number_repeated",
            Switch,
            Value("true"),
            "another receipt of the same day has the number: compare the two",
        ),
        key(
            "outside_hours",
            Times("1s", "48h"),
            Value("\"30m\""),
            "a sale, refund or void this long before opening or after closing, or on a day off; once a till and night; needs `[shop] hours` or a `[[holiday]]`: who was there?",
        ),
        key(
            "kitchen_unbilled",
            Times("1s", "48h"),
            Value("\"4h\""),
            "a kitchen order is on no bill and no receipt: did the table pay?",
        ),
        key(
            "bill_unpaid",
            Times("1s", "48h"),
            Value("\"3h\""),
            "a bill has no receipt: are the guests still there?",
        ),
        key(
            "z_missing",
            Times("1s", "48h"),
            Value("\"6h\""),
            "so long after `day_ends`, a till that usually prints a Z has none of a day with sales: print it",
        ),
        key(
            "z_sequence",
            Switch,
            Value("true"),
            "the number of a Z does not follow: find the missing one",
        ),
        key(
            "printer",
            Times("1s", "48h"),
            Value("\"1m\""),
            "paper low or out, cover open, off line or a fault for so long; once a trouble; not told to robots with `printer_status` among their notices",
        ),
    ],
    shown: &[],
};

pub(super) const RULE: Table = Table {
    header: "[[rule]]",
    raw: "RawRule",
    about: "What the owner wants said besides; at most 50. docs/SHOP.md says what can be asked.",
    keys: &[
        key("name", Is("as a robot's"), Needed("\"vip\""), "stands in the message"),
        key(
            "on",
            Is("kinds of event"),
            Needed("[\"sale\"]"),
            "at least one; not `training` and `correction`",
        ),
        key("when", Is("a condition"), Says("always", "\"total > 500\""), "see [SHOP.md](SHOP.md)"),
        key(
            "say",
            Is("a text"),
            Needed("\"VIP: {{ number }} {{ total }}\""),
            "what is said, as a template",
        ),
        key("say_file", Is("a path"), Or("\"vip.txt\""), "the file that the text stands in"),
        key(
            "robot",
            Is("a robot's name"),
            Says("all with `rule` among their `notices`", "\"owner\""),
            "who says it",
        ),
        key(
            "mention",
            Is("mobile numbers"),
            None("[\"+852-91234567\"]"),
            "who is called, as in a robot's `mention`",
        ),
        key("urgent", Switch, Value("false"), "red, before ordinary notices"),
        key(
            "once",
            Words(&["event", "day"]),
            Value("\"event\""),
            "`\"day\"`: once a business day and shop",
        ),
    ],
    shown: &[],
};

pub(super) const OCCASION: Table = Table {
    header: "[[holiday]]",
    raw: "RawOccasion",
    about: "Holidays and promotions, any number of both. docs/SHOP.md says what is sent when.",
    keys: &[
        key("name", Is("one line"), Needed("\"Christmas\""), "as it stands in the reminder"),
        key(
            "date",
            Is("`\"YYYY-MM-DD\"`"),
            Needed("\"2026-12-25\""),
            "the day; in its place `from` and `to` may stand",
        ),
        key("from", Is("`\"YYYY-MM-DD\"`"), None("\"2026-12-24\""), "the first day"),
        key("to", Is("`\"YYYY-MM-DD\"`"), None("\"2026-12-26\""), "the last day"),
        key(
            "hours",
            Is("as in `[shop]`"),
            Says("closed", "\"10:00-18:00\""),
            "`[[holiday]]` only: opening hours of these days",
        ),
        key(
            "remind_days",
            Range(0, 60),
            Says("3; promotions 7", "3"),
            "days before the first one that people are reminded; 0 is on the day",
        ),
        key(
            "prepare",
            Is("a list of at most 20 lines"),
            None("[\"roster\", \"float for three days\"]"),
            "what to prepare",
        ),
    ],
    shown: &[
        Shown {
            title: "A holiday.",
            live: false,
            header: "[[holiday]]",
            keys: &[
                ("name", Option::None),
                ("date", Option::None),
                ("hours", Option::None),
                ("remind_days", Option::None),
                ("prepare", Option::None),
            ],
        },
        Shown {
            title: "A promotion.",
            live: false,
            header: "[[promotion]]",
            keys: &[
                ("name", Some("\"Two for one\"")),
                ("from", Some("\"2026-12-24\"")),
                ("to", Some("\"2026-12-26\"")),
                ("remind_days", Some("7")),
                ("prepare", Some("[\"cups\", \"poster at the door\"]")),
            ],
        },
    ],
};
