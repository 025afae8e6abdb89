//! The manual of `posbridge.toml`: every key once, with its values, its default and what it means.
//! The tables of keys in `docs/` and `bridge/deploy/posbridge.example.toml` are written from it.
//!
//! It is compiled for tests only: the program knows its keys by `raw` and its defaults by `resolve`,
//! and `held` holds the manual to both. A key that is new in `raw` has to be written down here, or a
//! test names it; `UPDATE_GOLDEN=1 cargo test -p posbridge --lib manual` then writes the files anew.

mod example;
mod held;
mod hooks;
mod known;
mod markdown;
mod matters;
mod robot;
mod shop;
mod source;

/// One table of the file.
struct Table {
    /// As it stands in the file: `[shop]`, `[[robot]]`; empty for the keys above all tables.
    header: &'static str,
    /// The type of `raw` whose keys these are.
    raw: &'static str,
    /// One sentence for the example; the documents have their own.
    about: &'static str,
    keys: &'static [Key],
    /// How the table is shown in the example: once with all keys where nothing is said here.
    shown: &'static [Shown],
}

/// One key.
struct Key {
    name: &'static str,
    values: Values,
    default: Default,
    /// Markdown on one line, without a full stop.
    meaning: &'static str,
}

/// What may be typed.
#[derive(Clone, Copy)]
enum Values {
    /// One of these words, and nothing else.
    Words(&'static [&'static str]),
    /// Any whole number from the first to the last.
    Range(i64, i64),
    /// Any time between these, as it is written.
    Times(&'static str, &'static str),
    Switch,
    /// What words describe.
    Is(&'static str),
}

/// What holds where the key is left out. Values are written as in the file.
#[derive(Clone, Copy)]
enum Default {
    /// The key is needed; a value to begin with.
    Needed(&'static str),
    /// This value.
    Value(&'static str),
    /// Nothing; a value to begin with.
    None(&'static str),
    /// What the words say; a value to begin with.
    Says(&'static str, &'static str),
    /// The key may stand in place of the one before it, never beside it.
    Or(&'static str),
}

impl Default {
    /// A value as it may stand in the file.
    fn value(self) -> &'static str {
        match self {
            Self::Needed(value)
            | Self::Value(value)
            | Self::None(value)
            | Self::Says(_, value)
            | Self::Or(value) => value,
        }
    }
}

/// One occurrence of a table in the example.
struct Shown {
    /// What it is an example of.
    title: &'static str,
    /// Whether it is no comment: an owner fills it in.
    live: bool,
    header: &'static str,
    /// The keys in order; a value that differs from the key's own stands beside it.
    keys: &'static [(&'static str, Option<&'static str>)],
}

const fn key(name: &'static str, values: Values, default: Default, meaning: &'static str) -> Key {
    Key { name, values, default, meaning }
}

/// Every table, in the order of the example.
const TABLES: [&Table; 20] = [
    &shop::TOP,
    &shop::SHOP,
    &source::SOURCE,
    &robot::ROBOT,
    &robot::MENTION,
    &robot::ADMIN,
    &robot::NOTICES,
    &robot::DINGTALK,
    &robot::APP,
    &shop::JOURNAL,
    &shop::EXCEPTIONS,
    &shop::RULE,
    &shop::OCCASION,
    &matters::APPROVAL,
    &matters::AGENDA,
    &matters::TODAY,
    &hooks::HOOKS,
    &hooks::POINTERS,
    &hooks::POINTERS_K,
    &hooks::WEB,
];
