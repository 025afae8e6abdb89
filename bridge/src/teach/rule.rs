//! One rule, and a profile's text with it: what somebody wrote into that text stays as it is.
//!
//! Whether the result is a profile is the loader's to say.

use pos_protocol::event::Kind;
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, TableLike, Value, value};

/// A rule of a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// `[words]`: this word has this role.
    Word {
        /// A role, or `ignore`.
        role: &'static str,
        /// As printed.
        word: String,
    },
    /// `[titles]`: a line that says nothing else.
    Title {
        /// What paper has it.
        kind: Kind,
        /// As printed.
        word: String,
    },
    /// `[[kind]]`.
    Kind {
        /// What paper has it.
        kind: Kind,
        /// A regex.
        line: String,
    },
    /// `[[field]]`.
    Field {
        /// Which.
        name: &'static str,
        /// A regex with a group `value`.
        line: String,
        /// `first 5`, `last 5`.
        within: Option<String>,
        /// That of a date.
        format: Option<String>,
    },
}

/// Why a profile's text cannot be changed.
#[derive(Debug, thiserror::Error)]
pub enum RuleError {
    /// It is no TOML, or not of a profile's shape.
    #[error(
        "expected a profile in TOML, found a mistake in it\nhint: `posbridge check` shows where"
    )]
    Syntax,
}

impl Rule {
    /// `text` with this rule, and `name` as the profile's name.
    pub fn put(&self, text: &str, name: &str) -> Result<String, RuleError> {
        let mut document: DocumentMut = text.parse().map_err(|_| RuleError::Syntax)?;
        rename(&mut document, name);
        match self {
            Self::Word { role, word } => say(&mut document, "words", role, word)?,
            Self::Title { kind, word } => say(&mut document, "titles", kind.as_str(), word)?,
            Self::Kind { kind, line } => {
                let mut table = Table::new();
                table.insert("kind", value(kind.as_str()));
                table.insert("line", value(line.as_str()));
                push(&mut document, "kind", table)?;
            }
            Self::Field { name, line, within, format } => {
                let mut table = Table::new();
                table.insert("name", value(*name));
                table.insert("line", value(line.as_str()));
                for (key, typed) in [("within", within), ("format", format)] {
                    if let Some(typed) = typed {
                        table.insert(key, value(typed.as_str()));
                    }
                }
                push(&mut document, "field", table)?;
            }
        }
        Ok(document.to_string())
    }

    /// The rule as it would stand in a profile of its own.
    pub fn shown(&self) -> String {
        let alone = self.put("", "x").unwrap_or_default();
        alone.split_once('\n').map_or("", |(_, rest)| rest).trim().to_owned()
    }
}

/// `text` as the profile called `name`.
pub(super) fn named(text: &str, name: &str) -> Result<String, RuleError> {
    let mut document: DocumentMut = text.parse().map_err(|_| RuleError::Syntax)?;
    rename(&mut document, name);
    Ok(document.to_string())
}

fn rename(document: &mut DocumentMut, name: &str) {
    match document.get_mut("name").and_then(Item::as_value_mut) {
        Some(old) if old.as_str() == Some(name) => {}
        Some(old) => {
            let decor = old.decor().clone();
            *old = Value::from(name);
            *old.decor_mut() = decor;
        }
        None => {
            document.insert("name", value(name));
            // It is what one looks for first.
            document.as_table_mut().sort_values_by(|a, _, b, _| (b == "name").cmp(&(a == "name")));
        }
    }
}

/// Puts a word into a list of `[words]` or `[titles]`, and takes it out of the others there: it means
/// one thing.
fn say(document: &mut DocumentMut, table: &str, key: &str, word: &str) -> Result<(), RuleError> {
    let item = document.entry(table).or_insert_with(|| Item::Table(Table::new()));
    let lists = item.as_table_like_mut().ok_or(RuleError::Syntax)?;
    let same = |other: &Value| {
        other.as_str().is_some_and(|other| other.trim().to_lowercase() == word.to_lowercase())
    };
    let keys: Vec<String> = lists.iter().map(|(key, _)| key.to_owned()).collect();
    let mut known = false;
    for other in keys {
        let Some(list) = array(lists, &other) else { continue };
        if other == key {
            known = list.iter().any(same);
            continue;
        }
        let before = list.len();
        list.retain(|other| !same(other));
        if list.is_empty() && before > 0 {
            lists.remove(&other);
        }
    }
    if !known {
        if lists.get(key).is_none() {
            lists.insert(key, value(Array::new()));
        }
        array(lists, key).ok_or(RuleError::Syntax)?.push(word);
    }
    Ok(())
}

fn array<'a>(lists: &'a mut dyn TableLike, key: &str) -> Option<&'a mut Array> {
    lists.get_mut(key)?.as_array_mut()
}

fn push(document: &mut DocumentMut, key: &str, table: Table) -> Result<(), RuleError> {
    let all = document.entry(key).or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    all.as_array_of_tables_mut().ok_or(RuleError::Syntax)?.push(table);
    Ok(())
}

#[cfg(test)]
mod tests {
    use pos_protocol::event::Kind;
    use pos_protocol::profile::load;

    use super::Rule;

    const TEXT: &str = "# Ours.\nname = \"lumo\" # the till\n\n[words]\n# What is due.\n\
        total = [ \"Summe\" ]   # one\ncash = [\"Bar\"]\n\n[[sample]]\nname = \"a\"\ntext = 'x'\n\
        expect = { kind = \"document\" }\n";

    fn word(role: &'static str, word: &str) -> Rule {
        Rule::Word { role, word: word.into() }
    }

    #[test]
    fn a_rule_is_added_and_what_somebody_wrote_stays() {
        let text = word("total", "Zu zahlen").put(TEXT, "lumo").expect("a profile");
        assert_eq!(text, TEXT.replace("\"Summe\" ]", "\"Summe\" , \"Zu zahlen\"]"));
        assert_eq!(word("total", "SUMME").put(TEXT, "lumo").expect("a profile"), TEXT, "known");
        let title = Rule::Title { kind: Kind::NoSale, word: "Lade auf".into() };
        let text = title.put(&text, "lumo").expect("a profile");
        assert!(text.contains("[titles]\nno_sale = [\"Lade auf\"]\n"), "{text}");
        load(&text).expect("loads");
    }

    #[test]
    fn a_word_means_one_thing() {
        let text = word("tendered", "bar").put(TEXT, "lumo").expect("a profile");
        assert!(text.contains("tendered = [\"bar\"]") && !text.contains("cash ="), "{text}");
        load(&text).expect("loads");
    }

    #[test]
    fn a_new_profile_has_its_name_and_a_copy_its_own() {
        let line = r"^Bon (?<value>\d+)$".to_owned();
        let rule =
            Rule::Field { name: "number", line, within: Some("first 3".into()), format: None };
        let text = rule.put("", "till-1").expect("a profile");
        assert!(text.starts_with("name = \"till-1\"\n"), "{text}");
        assert_eq!(load(&text).expect("loads").name, "till-1");
        assert!(rule.shown().starts_with("[[field]]\nname = \"number\"\n"), "{}", rule.shown());
        let copy = rule.put(TEXT, "mine").expect("a profile");
        assert!(copy.contains("name = \"mine\" # the till\n"), "{copy}");
        assert!(
            rule.put("name = [", "x").is_err() && word("tip", "x").put("words = 1", "x").is_err()
        );
    }
}
