//! The manual: tills that push, and the page.

use super::Default::{Needed, None, Value};
use super::Values::{Is, Switch};
use super::{Key, Shown, Table, key};

pub(super) const HOOKS: Table = Table {
    header: "[hooks]",
    raw: "RawHooks",
    about: "Cloud tills and POS programs that push their sales. A scheme without a secret is off. docs/INBOUND.md, docs/PUSH.md.",
    keys: &[
        key(
            "listen",
            Is("`\"ADDRESS:PORT\"`"),
            None("\"127.0.0.1:8788\""),
            "where tills push to: webhooks and `/v1/events` ([INBOUND.md](INBOUND.md), [PUSH.md](PUSH.md)). TLS is done in front of it",
        ),
        key(
            "public_url",
            Is("an https address"),
            None("\"https://shop.example/hooks/square\""),
            "the URL exactly as subscribed at Square, which signs it; of a host alone, `/hooks/square` follows",
        ),
        key("square_secret_file", Is("a path"), None("\"square.key\""), "Square's signature key"),
        key(
            "lightspeed_secret_file",
            Is("a path"),
            None("\"lightspeed.key\""),
            "the client secret of Lightspeed's X-Series",
        ),
        key(
            "lightspeed_k_secret_file",
            Is("a path"),
            None("\"lightspeed-k.user\""),
            "user and password of Lightspeed's K-Series, `user:password`",
        ),
        key(
            "shopify_secret_file",
            Is("a path"),
            None("\"shopify.key\""),
            "Shopify's client secret",
        ),
        key(
            "loyverse_secret_file",
            Is("a path"),
            None("\"loyverse.key\""),
            "Loyverse's client secret",
        ),
        key(
            "standard_secret_file",
            Is("a path"),
            None("\"standard.key\""),
            "Standard Webhooks, `whsec_` and base64 of 24 to 64 bytes",
        ),
        key(
            "generic_secret_file",
            Is("a path"),
            None("\"generic.key\""),
            "the HMAC key of other JSON; needs `[hooks.generic]`",
        ),
        key(
            "push_secret_file",
            Is("a path"),
            None("\"push.key\""),
            "as `standard_secret_file`, for `/v1/events`",
        ),
        key(
            "push_token_file",
            Is("a path"),
            None("\"push.token\""),
            "the bearer token of programs on this machine, at least 16 characters",
        ),
        key(
            "path_file",
            Is("a path"),
            None("\"hooks.path\""),
            "a word of at least 22 characters that nobody can guess: unsigned calls come to `/hooks/WORD/SCHEME`",
        ),
        key(
            "unsigned",
            Is("of `\"lightspeed-x\"`, `\"lightspeed-k\"`, `\"loyverse\"`, `\"generic\"`"),
            None("[\"lightspeed-x\"]"),
            "the schemes that are believed unsigned there",
        ),
        key(
            "shop",
            Is("the `shop` of a source"),
            super::Default::Says("the only one", "\"North\""),
            "whose sales these are, where sources name shops",
        ),
    ],
    shown: &[],
};

const POINTER: super::Values = Is("a JSON pointer");

const KEYS: &[Key] = &[
    key(
        "signature_header",
        Is("a header's name"),
        Value("\"x-signature\""),
        "`[hooks.generic]` only: where the signature stands; `sha256=` before the code is fine",
    ),
    key(
        "id",
        POINTER,
        super::Default::Says("the whole body", "\"/transaction/uuid\""),
        "what the transaction is known by",
    ),
    key(
        "kind",
        POINTER,
        super::Default::Says("sale, or refund below zero", "\"/transaction/type\""),
        "the word for what happened",
    ),
    key(
        "kinds",
        Is("kinds of event by word"),
        None("{ SALE = \"sale\", RETURN = \"refund\" }"),
        "what those words mean; a word that neither this nor the schema has is kept and counts nothing",
    ),
    key("total", POINTER, Needed("\"/transaction/total\""), "the total"),
    key("minor_units", Switch, Value("false"), "`true`: 3600 is 36.00"),
    key("number", POINTER, None("\"/transaction/receiptNo\""), "the receipt's number"),
    key("at", POINTER, None("\"/transaction/completedAt\""), "when it was; without a zone UTC"),
    key(
        "currency",
        POINTER,
        super::Default::Says("the shop's", "\"/currency\""),
        "the currency's code",
    ),
    key("cashier", POINTER, None("\"/operator\""), "who served"),
    key("terminal", POINTER, None("\"/till\""), "the till"),
    key("table", POINTER, None("\"/table\""), "the table"),
    key("original_number", POINTER, None("\"/refundOf\""), "the receipt that a refund is of"),
    key("method", POINTER, None("\"/tender\""), "how it was paid"),
    key("items", POINTER, None("\"/lines\""), "the list of goods"),
    key("item_name", POINTER, Value("\"/name\""), "within an item"),
    key("item_quantity", POINTER, Value("\"/quantity\""), "within an item"),
    key("item_price", POINTER, Value("\"/price\""), "within an item: of one"),
    key("item_amount", POINTER, Value("\"/amount\""), "within an item: of the line"),
];

pub(super) const POINTERS: Table = Table {
    header: "[hooks.generic]",
    raw: "RawPointers",
    about: "Where the fields of other JSON stand.",
    keys: KEYS,
    shown: &[],
};

pub(super) const POINTERS_K: Table = Table {
    header: "[hooks.lightspeed_k]",
    raw: "RawPointers",
    about: "The same for Lightspeed's K-Series.",
    keys: KEYS,
    shown: &[Shown {
        title: "Keys as above.",
        live: false,
        header: "[hooks.lightspeed_k]",
        keys: &[("total", Some("\"/paymentAmount\""))],
    }],
};

pub(super) const WEB: Table = Table {
    header: "[web]",
    raw: "RawWeb",
    about: "The page. docs/PAGE.md says how it is opened to a phone.",
    keys: &[
        key(
            "listen",
            Is("`\"ADDRESS:PORT\"`"),
            None("\"127.0.0.1:8787\""),
            "where the page is ([PAGE.md](PAGE.md)); an address that the shop's network reaches needs a `password_file`. A change needs a restart",
        ),
        key(
            "password_file",
            Is("a path"),
            None("\"page.password\""),
            "what `posbridge web-password FILE` wrote: the hash of the page's password, mode 600",
        ),
        key(
            "names",
            Is("at most 16 names of hosts"),
            None("[\"posbridge.local\"]"),
            "names that browsers may call the page by, beside `localhost` and addresses",
        ),
        key(
            "metrics",
            Is("a loopback `\"ADDRESS:PORT\"`"),
            None("\"127.0.0.1:9787\""),
            "where `/healthz` and `/metrics` are served alone ([METRICS.md](METRICS.md)). A change needs a restart",
        ),
    ],
    shown: &[],
};
