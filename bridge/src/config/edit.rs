//! Changes one robot, or the mode, in the text of a configuration: comments, order and layout stay.
//!
//! It reads and writes no file, and does not judge the result: that is parsed anew as a whole.

use toml_edit::{Array, DocumentMut, Item, Key, TableLike, Value};

use super::scope::{alternatives, nearest, quoted};

/// The keys that say where a robot's webhook is.
const WEBHOOK: [&str; 5] = ["url", "url_file", "url_env", "token_file", "token_env"];
/// The keys that say where its signing secret is.
const SIGNING: [&str; 2] = ["secret_file", "secret_env"];
/// The key of its keywords.
const KEYWORDS: [&str; 1] = ["keywords"];

/// What is to be different about a robot; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RobotEdit {
    /// The file that its webhook stands in.
    pub url_file: Option<String>,
    /// The file that its signing secret stands in.
    pub secret_file: Option<String>,
    /// Its keywords, all of them.
    pub keywords: Option<Vec<String>>,
    /// What it is told, all of it.
    pub notices: Option<Vec<String>>,
}

/// Why the text cannot be changed.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// It is no TOML. The parser's words are not repeated: they quote lines, secrets included.
    #[error(
        "expected a configuration in TOML, found a mistake in it\n\
         hint: `posbridge check` shows where"
    )]
    Syntax,
    /// There is no such robot.
    #[error("expected a robot ({known}), found {found}\nhint: {hint}")]
    Unknown {
        /// The robots there are.
        known: String,
        /// What was asked for, quoted.
        found: String,
        /// What to do.
        hint: String,
    },
}

/// `text` with the robot `name` changed.
pub fn edit_robot(text: &str, name: &str, edit: &RobotEdit) -> Result<String, EditError> {
    let mut document: DocumentMut = text.parse().map_err(|_| EditError::Syntax)?;
    let robots = tables(&mut document, "robot");
    let names: Vec<String> = robots.iter().filter_map(|robot| name_of(&**robot)).collect();
    let found = robots.into_iter().find(|robot| name_of(&**robot).as_deref() == Some(name));
    let Some(robot) = found else {
        let known: Vec<&str> = names.iter().map(String::as_str).collect();
        let near = nearest(name, known.iter().copied());
        let hint = near.map_or_else(
            || "add a [[robot]] table to the configuration for a new one".to_owned(),
            |near| format!("did you mean \"{near}\"?"),
        );
        return Err(EditError::Unknown { known: alternatives(&known), found: quoted(name), hint });
    };
    if let Some(file) = &edit.url_file {
        put(robot, &WEBHOOK, "url_file", file.into());
    }
    if let Some(file) = &edit.secret_file {
        put(robot, &SIGNING, "secret_file", file.into());
    }
    if let Some(words) = &edit.keywords {
        put(robot, &KEYWORDS, "keywords", words.iter().collect::<Array>().into());
    }
    if let Some(words) = &edit.notices {
        put(robot, &["notices"], "notices", words.iter().collect::<Array>().into());
    }
    Ok(document.to_string())
}

/// `text` with practice ended; nothing where it says no `mode` but `"live"`.
pub fn edit_live(text: &str) -> Result<Option<String>, EditError> {
    let mut document: DocumentMut = text.parse().map_err(|_| EditError::Syntax)?;
    let Some(mode) = document.get_mut("mode").and_then(Item::as_value_mut) else {
        return Ok(None);
    };
    if mode.as_str() == Some("live") {
        return Ok(None);
    }
    let decor = mode.decor().clone();
    *mode = Value::from("live");
    *mode.decor_mut() = decor;
    Ok(Some(document.to_string()))
}

/// The tables of one name, `[[robot]]` or `robot = [{ ... }]`.
pub(super) fn tables<'a>(document: &'a mut DocumentMut, name: &str) -> Vec<&'a mut dyn TableLike> {
    match document.get_mut(name) {
        Some(Item::ArrayOfTables(tables)) => {
            tables.iter_mut().map(|table| table as &mut dyn TableLike).collect()
        }
        Some(Item::Value(Value::Array(list))) => {
            let inline = list.iter_mut().filter_map(Value::as_inline_table_mut);
            inline.map(|table| table as &mut dyn TableLike).collect()
        }
        _ => Vec::new(),
    }
}

pub(super) fn name_of(robot: &dyn TableLike) -> Option<String> {
    robot.get("name")?.as_str().map(str::to_owned)
}

/// Puts `key = value` where the first of the keys `instead_of` stands, and takes the others out.
/// What was written beside and above a key stays with what takes its place, or with the next key.
pub(super) fn put(robot: &mut dyn TableLike, instead_of: &[&str], key: &str, mut value: Value) {
    let names: Vec<String> = robot.iter().map(|(name, _)| name.to_owned()).collect();
    if !names.iter().any(|name| instead_of.contains(&name.as_str())) {
        robot.insert(key, Item::Value(value));
        return;
    }
    let mut put = false;
    let mut orphaned = String::new();
    for name in names {
        let Some(mut old_key) = robot.key(&name).cloned() else { continue };
        let Some(old) = robot.remove(&name) else { continue };
        let replaced = instead_of.contains(&name.as_str());
        if replaced && put {
            orphaned.push_str(&comment_above(&old_key));
            continue;
        }
        if !orphaned.is_empty() {
            let above = std::mem::take(&mut orphaned) + &above(&old_key);
            old_key.leaf_decor_mut().set_prefix(above);
        }
        if replaced {
            put = true;
            if let Some(old) = old.as_value() {
                *value.decor_mut() = old.decor().clone();
            }
            let new_key = Key::new(key).with_leaf_decor(old_key.leaf_decor().clone());
            robot.entry_format(&new_key).or_insert(Item::Value(value.clone()));
        } else {
            robot.entry_format(&old_key).or_insert(old);
        }
    }
}

/// What stands above a key.
fn above(key: &Key) -> String {
    key.leaf_decor().prefix().and_then(|raw| raw.as_str()).unwrap_or_default().to_owned()
}

/// The same where there is a comment in it: blank lines go with their key.
fn comment_above(key: &Key) -> String {
    Some(above(key)).filter(|text| text.contains('#')).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{EditError, RobotEdit, edit_live, edit_robot};

    const TEXT: &str = "\
# The shop.
[shop]
name = \"樂園茶室\"   # as on the sign

[[robot]]
name = \"owner\"
# From the group's settings,
# copied on Monday.
url   = \"https://oapi.dingtalk.com/robot/send?access_token=t0k3n\" # the old one
keywords = [ \"收銀\" ]  # one is enough

# The kitchen's.
[[robot]]
name = \"kitchen\"
url_env = \"URL\"
# only half of it
token_env = \"TOKEN\"
# what they want
notices = [\"sale\"]

[web]
listen = \"127.0.0.1:8787\"
";

    fn url(file: &str) -> RobotEdit {
        RobotEdit { url_file: Some(file.into()), ..RobotEdit::default() }
    }

    #[test]
    fn a_key_is_replaced_where_it_stands_and_every_other_byte_stays() {
        let edited = edit_robot(TEXT, "owner", &url("owner.url")).expect("there");
        let url = "url   = \"https://oapi.dingtalk.com/robot/send?access_token=t0k3n\"";
        let line = edited.lines().find(|line| line.contains("url_file")).expect("there");
        assert!(line.ends_with("= \"owner.url\" # the old one"), "{line}");
        assert_eq!(edited.replace(line, &format!("{url} # the old one")), TEXT);
        assert!(!edited.contains("t0k3n"));
    }

    #[test]
    fn two_keys_become_one_and_their_comments_stay() {
        let edited = edit_robot(TEXT, "kitchen", &url("k.url")).expect("there");
        let kitchen = &edited[edited.find("# The kitchen").expect("there")..];
        assert_eq!(
            kitchen,
            "# The kitchen's.\n[[robot]]\nname = \"kitchen\"\nurl_file = \"k.url\"\n\
             # only half of it\n# what they want\nnotices = [\"sale\"]\n\n\
             [web]\nlisten = \"127.0.0.1:8787\"\n"
        );
    }

    #[test]
    fn what_was_not_there_is_added_to_the_robots_own_table() {
        let edit = RobotEdit {
            secret_file: Some("k.secret".into()),
            keywords: Some(vec!["單".into(), "a \"b\"".into()]),
            ..RobotEdit::default()
        };
        let edited = edit_robot(TEXT, "kitchen", &edit).expect("there");
        let added = "notices = [\"sale\"]\nsecret_file = \"k.secret\"\nkeywords = [\"單\", ";
        assert!(edited.contains(added), "{edited}");
        let parsed: toml::Table = toml::from_str(&edited).expect("still TOML");
        let words = parsed["robot"][1]["keywords"].as_array().expect("a list");
        assert_eq!(words[1].as_str(), Some("a \"b\""));
        assert_eq!(parsed["robot"][0]["keywords"].as_array().map(Vec::len), Some(1), "another's");
    }

    #[test]
    fn practice_ends_in_its_own_line_and_every_other_byte_stays() {
        let setup = format!("# Until go-live.\nmode  =  \"setup\" # tests\n{TEXT}");
        let live = edit_live(&setup).expect("TOML").expect("changed");
        assert_eq!(live, setup.replace("\"setup\"", "\"live\""));
        assert_eq!(edit_live(&live).expect("TOML"), None, "once");
        assert_eq!(edit_live(TEXT).expect("TOML"), None, "live is the default");
        assert!(matches!(edit_live("mode = "), Err(EditError::Syntax)));
    }

    #[test]
    fn robots_in_one_line_and_lines_of_windows_are_changed_too() {
        let inline = "robot = [{ name = \"a\", url = \"https://x\" }, { name = \"b\" }]\n";
        let edited = edit_robot(inline, "a", &url("a.url")).expect("there");
        assert_eq!(edited, "robot = [{ name = \"a\", url_file = \"a.url\" }, { name = \"b\" }]\n");
        let edited = edit_robot(inline, "b", &url("b.url")).expect("there");
        let parsed: toml::Table = toml::from_str(&edited).expect("still TOML");
        assert_eq!(parsed["robot"][1]["url_file"].as_str(), Some("b.url"), "{edited}");
        let windows = TEXT.replace('\n', "\r\n");
        let edited = edit_robot(&windows, "owner", &url("owner.url")).expect("there");
        assert!(toml::from_str::<toml::Table>(&edited).is_ok(), "{edited}");
        assert!(
            edited.contains("# copied on Monday.\r\n") || edited.contains("# copied on Monday.\n")
        );
    }

    #[test]
    fn an_edit_of_nothing_changes_nothing() {
        assert_eq!(edit_robot(TEXT, "owner", &RobotEdit::default()).expect("there"), TEXT);
    }

    #[test]
    fn a_robot_that_is_not_there_is_named_with_those_that_are() {
        let error = edit_robot(TEXT, "ownre", &url("x")).expect_err("no such robot");
        assert_eq!(
            error.to_string(),
            "expected a robot (\"owner\" or \"kitchen\"), found \"ownre\"\n\
             hint: did you mean \"owner\"?"
        );
        let broken = "url = \"t0k3n\" oops";
        let error = edit_robot(broken, "a", &url("x")).expect_err("no TOML");
        assert!(matches!(error, EditError::Syntax) && !error.to_string().contains("t0k3n"));
    }
}
