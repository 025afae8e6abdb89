//! The manual: who is asked about what, whose calendar is filled, the card of the day.

use super::Default::{Needed, None, Or, Says, Value};
use super::Values::{Is, Range, Times, Words};
use super::{Shown, Table, key};

pub(super) const APPROVAL: Table = Table {
    header: "[[approval]]",
    raw: "RawApproval",
    about: "Who is asked about what. docs/APPROVALS.md shows each way; all need [dingtalk.app].",
    keys: &[
        key(
            "on",
            Words(&["refund", "transfer", "cash_short", "return"]),
            Needed("\"refund\""),
            "what has to be decided; each once",
        ),
        key(
            "robot",
            Is("a robot's name"),
            Says("the first one", "\"owner\""),
            "whose group hears how it ended, and whose `privacy` holds",
        ),
        key(
            "over",
            Is("an amount"),
            Value("\"0\""),
            "`cash_short` only: asked where more is missing",
        ),
        key(
            "process_code",
            Is("as DingTalk shows it"),
            Needed("\"PROC-ABCD\""),
            "OA: the process. Yida and `form_url`: the form's own process, where it has one",
        ),
        key(
            "originator",
            Is("a DingTalk user id"),
            Needed("\"manager01\""),
            "OA, Yida: in whose name it is asked",
        ),
        key("department", Range(1, i64::MAX), None("1"), "OA: the department's number"),
        key(
            "fields",
            Is("form fields by name"),
            Needed("{ \"單號\" = \"number\", \"內容\" = \"receipt\", \"來源\" = \"=Posbridge\" }"),
            "OA, Yida: what stands in each field of the form: `title`, `receipt`, `number`, `amount`, `shop`, `to`, `goods`, `time`, `source`, `reference`, or `=` and a text",
        ),
        key("app_type", Is("as Yida shows it"), Needed("\"APP_ABCD\""), "Yida: the application"),
        key(
            "system_token_file",
            Is("a path"),
            Needed("\"yida.token\""),
            "Yida: a file with the application's key",
        ),
        key("system_token_env", Is("a variable"), Or("\"YIDA_TOKEN\""), "a variable with it"),
        key("form", Is("as Yida shows it"), Needed("\"FORM-ABCD\""), "Yida: the form"),
        key(
            "template",
            Is("as DingTalk shows it"),
            Needed("\"abcd.schema\""),
            "card: its template",
        ),
        key(
            "group",
            Is("a conversation's id"),
            Needed("\"cidABCD==\""),
            "card: the group's conversation",
        ),
        key(
            "deciders",
            Is("DingTalk user ids"),
            Says("`may_change`", "[\"manager01\"]"),
            "card: who may decide; at least one",
        ),
        key(
            "form_url",
            Is("an https address with `{number}`, `{id}` or `{source}`"),
            Needed("\"https://yida.example/return?number={number}\""),
            "`return` only: the form behind a refund's button",
        ),
        key(
            "number_field",
            Is("as Yida shows it"),
            Needed("\"textField_number\""),
            "`return` only: where the form holds the receipt's number, so that its result is told for that receipt; with `app_type`, `system_token_file` or `system_token_env`, `originator`, `process_code`",
        ),
    ],
    shown: &[
        Shown {
            title: "A process of OA.",
            live: false,
            header: "[[approval]]",
            keys: &[
                ("on", Option::None),
                ("robot", Option::None),
                ("process_code", Option::None),
                ("originator", Option::None),
                ("department", Option::None),
                ("fields", Option::None),
            ],
        },
        Shown {
            title: "A process of a Yida application.",
            live: false,
            header: "[[approval]]",
            keys: &[
                ("on", Some("\"cash_short\"")),
                ("over", Option::None),
                ("app_type", Option::None),
                ("system_token_file", Option::None),
                ("system_token_env", Option::None),
                ("form", Option::None),
                ("originator", Some("\"manager01\"")),
                ("fields", Some("{ textField_1 = \"receipt\" }")),
            ],
        },
        Shown {
            title: "A card with buttons.",
            live: false,
            header: "[[approval]]",
            keys: &[
                ("on", Some("\"transfer\"")),
                ("template", Option::None),
                ("group", Option::None),
                ("deciders", Some("[\"manager01\"]")),
            ],
        },
        Shown {
            title: "A form that staff fill in for each return.",
            live: false,
            header: "[[approval]]",
            keys: &[
                ("on", Some("\"return\"")),
                ("form_url", Option::None),
                ("process_code", Some("\"TPROC--RETURN\"")),
                ("number_field", Option::None),
                ("app_type", Some("\"APP_ABCD\"")),
                ("system_token_file", Some("\"yida.token\"")),
                ("originator", Some("\"manager01\"")),
            ],
        },
    ],
};

pub(super) const AGENDA: Table = Table {
    header: "[agenda]",
    raw: "RawAgenda",
    about: "Whose calendar and tasks are filled; needs [dingtalk.app].",
    keys: &[
        key("owner", Is("a union id"), Needed("\"unionABCD\""), "whose calendar it is"),
        key(
            "people",
            Is("union ids, at most 50"),
            Says("the owner", "[\"unionABCD\", \"unionEFGH\"]"),
            "who is invited and gets the tasks",
        ),
        key(
            "promotions",
            Is("of `\"calendar\"`, `\"todo\"`"),
            Value("[\"calendar\", \"todo\"]"),
            "what is made for each `[[promotion]]`",
        ),
        key(
            "restock",
            Is("of `\"calendar\"`, `\"todo\"`"),
            Value("[\"calendar\", \"todo\"]"),
            "what is made for what runs out",
        ),
        key(
            "remind",
            Is("at most 5 numbers, up to 40320"),
            Value("[1440, 60]"),
            "minutes before a date that people are reminded",
        ),
        key(
            "page",
            Is("an https address"),
            Value("\"https://www.dingtalk.com/\""),
            "what a task opens where the article names no supplier",
        ),
    ],
    shown: &[],
};

pub(super) const TODAY: Table = Table {
    header: "[today]",
    raw: "RawToday",
    about: "A card in the group that shows the day so far; needs [dingtalk.app].",
    keys: &[
        key(
            "template",
            Is("as DingTalk shows it"),
            Needed("\"abcd.schema\""),
            "the card's template",
        ),
        key(
            "group",
            Is("a conversation's id"),
            Needed("\"cidABCD==\""),
            "the group's conversation",
        ),
        key(
            "every",
            Times("1m", "12h"),
            Value("\"15m\""),
            "shortest time between two changes; each is a call of the month",
        ),
    ],
    shown: &[],
};
