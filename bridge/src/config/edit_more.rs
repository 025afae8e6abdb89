//! Changes a source's profile and what people change of the shop, in the text of a configuration:
//! comments, order and layout stay.
//!
//! It reads and writes no file, and does not judge the result: that is parsed anew as a whole.

use toml_edit::{DocumentMut, Item, Table, Value};

use super::edit::{EditError, name_of, put, tables};
use super::scope::{alternatives, quoted};

/// What is to be different about the shop; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShopEdit {
    /// The language of messages.
    pub language: Option<String>,
    /// When it is open; an empty one takes the key out.
    pub hours: Option<String>,
}

/// `text` with `profile` for the source `name`.
pub fn edit_source_profile(text: &str, name: &str, profile: &str) -> Result<String, EditError> {
    let mut document: DocumentMut = text.parse().map_err(|_| EditError::Syntax)?;
    let sources = tables(&mut document, "source");
    let names: Vec<String> = sources.iter().filter_map(|source| name_of(&**source)).collect();
    let found = sources.into_iter().find(|source| name_of(&**source).as_deref() == Some(name));
    let Some(source) = found else {
        let known: Vec<&str> = names.iter().map(String::as_str).collect();
        let hint = "receipts that are pushed have no profile".to_owned();
        return Err(EditError::Unknown { known: alternatives(&known), found: quoted(name), hint });
    };
    put(source, &["profile"], "profile", profile.into());
    Ok(document.to_string())
}

/// `text` with the shop changed.
pub fn edit_shop(text: &str, edit: &ShopEdit) -> Result<String, EditError> {
    let mut document: DocumentMut = text.parse().map_err(|_| EditError::Syntax)?;
    let shop = document.entry("shop").or_insert_with(|| Item::Table(Table::new()));
    let shop = shop.as_table_like_mut().ok_or(EditError::Syntax)?;
    let typed = [("language", &edit.language), ("hours", &edit.hours)];
    for (key, typed) in typed {
        match typed.as_deref() {
            None => {}
            Some("") => {
                shop.remove(key);
            }
            // One that says the same already stays as it is written.
            Some(typed) if shop.get(key).and_then(Item::as_str) == Some(typed) => {}
            Some(typed) => put(shop, &[key], key, Value::from(typed)),
        }
    }
    Ok(document.to_string())
}

#[cfg(test)]
mod tests {
    use super::{ShopEdit, edit_shop, edit_source_profile};
    use crate::config::EditError;

    const TEXT: &str = "[shop]\nname = \"Tea\" # the sign\nlanguage = \"en\" # for now\n\n\
        # By the door.\n[[source]]\nname = \"till\"\nkind = \"file\" # one\npath = \"a\"\n\n\
        [[source]]\nname = \"bar\"\nprofile = \"auto\" # guess\n";

    #[test]
    fn a_source_gets_its_profile_and_every_other_byte_stays() {
        let edited = edit_source_profile(TEXT, "bar", "bar.toml").expect("there");
        assert_eq!(edited, TEXT.replace("\"auto\"", "\"bar.toml\""));
        let edited = edit_source_profile(TEXT, "till", "till.toml").expect("there");
        assert_eq!(edited, TEXT.replace("\"a\"\n", "\"a\"\nprofile = \"till.toml\"\n"));
        let none = edit_source_profile(TEXT, "push.square", "x.toml").expect_err("unknown");
        assert!(matches!(none, EditError::Unknown { .. }), "{none}");
    }

    #[test]
    fn the_shops_language_and_hours_are_changed_in_their_place_or_added_or_taken_out() {
        let edit = |language: Option<&str>, hours: Option<&str>| ShopEdit {
            language: language.map(str::to_owned),
            hours: hours.map(str::to_owned),
        };
        let both = edit_shop(TEXT, &edit(Some("zh-HK"), Some("11:00-22:30"))).expect("good");
        let expected =
            TEXT.replace("\"en\" # for now\n", "\"zh-HK\" # for now\nhours = \"11:00-22:30\"\n");
        assert_eq!(both, expected);
        let none = edit_shop(&both, &edit(None, Some(""))).expect("good");
        assert_eq!(none, TEXT.replace("\"en\"", "\"zh-HK\""));
        assert_eq!(edit_shop(TEXT, &edit(Some("en"), None)).expect("good"), TEXT);
        assert!(
            edit_shop("", &edit(Some("en"), None))
                .expect("good")
                .contains("[shop]\nlanguage = \"en\"")
        );
    }
}
