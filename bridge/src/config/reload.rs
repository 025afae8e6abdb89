//! What of a configuration that was read again holds at once, and what waits for a restart. Pure.

use super::resolved::{Config, Robot};
use super::resolved_source::Source;

/// A configuration that was read again.
#[derive(Clone, Debug)]
pub struct Reloaded {
    /// What holds from now on: the new one but for what needs a restart, which is as it was.
    pub config: Config,
    /// What is different from now on, in words.
    pub changed: Vec<String>,
    /// What is different in the file and needs a restart, by its place in the file.
    pub restart: Vec<String>,
}

/// Puts `new` in the place of `old`.
pub fn reload(old: &Config, new: Config) -> Reloaded {
    let mut restart = Vec::new();
    let mut waits = |what: &str, same: bool| {
        if !same {
            restart.push(what.to_owned());
        }
    };
    let heard_alike = old.sources.len() == new.sources.len()
        && old.sources.iter().zip(&new.sources).all(|(old, new)| is_heard_as(old, new));
    waits("[[source]]", heard_alike);
    waits("[journal]", old.journal == new.journal);
    waits("[web]", old.web.listens_as(&new.web));
    let listens = |config: &Config| config.hooks.as_ref().map(|hooks| hooks.listen);
    // Whether sales may be heard of twice is settled at the start, as what listens is.
    let same_place = listens(old) == listens(&new);
    waits("[hooks] listen", same_place);
    let hooks = if same_place { new.hooks.clone() } else { old.hooks.clone() };
    // Sessions read amounts with it.
    waits("[shop] currency", old.shop.currency == new.shop.currency);
    let mut config = Config {
        file: old.file.clone(),
        sources: if heard_alike { new.sources.clone() } else { old.sources.clone() },
        journal: old.journal.clone(),
        web: new.web.clone().listening_as(&old.web),
        hooks,
        ..new
    };
    config.shop.currency = old.shop.currency;
    let changed = changed(old, &config);
    Reloaded { config, changed, restart }
}

/// Whether a source is heard as before, so that only how its papers read may be another way. The
/// wire process has its own copy of everything else, the language of a printer's answers included.
fn is_heard_as(old: &Source, new: &Source) -> bool {
    let dialect = |source: &Source| source.profile.profile.dialect;
    dialect(old) == dialect(new) && *old == Source { profile: old.profile.clone(), ..new.clone() }
}

fn changed(old: &Config, new: &Config) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let parts = [
        ("mode", old.mode == new.mode),
        ("[shop]", old.shop == new.shop),
        ("[[holiday]] and [[promotion]]", old.calendar == new.calendar),
        ("[[approval]]", old.approvals == new.approvals),
        ("[agenda]", old.agenda == new.agenda),
        ("[today]", old.today == new.today),
        ("[dingtalk]", old.dingtalk == new.dingtalk),
        ("[exceptions]", old.exceptions == new.exceptions),
        ("[[rule]]", old.rules == new.rules),
        ("[admin]", old.admin == new.admin),
        ("[hooks]", old.hooks == new.hooks),
        ("[web]", old.web == new.web),
        ("[notices]", old.templates == new.templates && old.receipt_link == new.receipt_link),
    ];
    let read = old.sources.iter().zip(&new.sources).filter(|(old, new)| old != new);
    words.extend(read.map(|(_, new)| format!("profile of {}", new.name)));
    words.extend(parts.iter().filter(|(_, same)| !same).map(|(name, _)| (*name).to_owned()));
    for robot in &new.robots {
        match old.robots.iter().find(|was| was.name == robot.name) {
            None => words.push(format!("robot {} is new", robot.name)),
            Some(was) if was != robot => words.push(format!("robot {}", robot.name)),
            Some(_) => {}
        }
    }
    let gone = |was: &&Robot| !new.robots.iter().any(|robot| robot.name == was.name);
    words.extend(old.robots.iter().filter(gone).map(|was| format!("robot {} is gone", was.name)));
    words
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::reload;
    use crate::config::{Config, parse_in};

    const TEXT: &str = "\
[shop]
currency = \"HKD\"
[journal]
keep_days = 30
[[source]]
name = \"till\"
kind = \"file\"
path = \"a.bin\"
[[robot]]
name = \"owner\"
url = \"http://127.0.0.1/?access_token=t0k3n\"
[[robot]]
name = \"chef\"
url = \"http://127.0.0.1/?access_token=t0k3n\"
";

    fn config(text: &str) -> Config {
        let parsed = parse_in(text, Path::new("/etc/p/posbridge.toml"), &|_| None);
        parsed.unwrap_or_else(|error| panic!("{error}")).0
    }

    #[test]
    fn robots_and_words_change_at_once_and_what_the_till_is_heard_with_does_not() {
        let old = config(TEXT);
        let text = TEXT
            .replace("\"HKD\"", "\"CNY\"\nname = \"茶\"")
            .replace("30", "7")
            .replace("a.bin", "b.bin")
            .replace("\"chef\"", "\"cook\"")
            .replacen("t0k3n", "n3w", 1)
            + "[web]\nlisten = \"127.0.0.1:8787\"\n[admin]\nrobot = \"owner\"\n";
        let new = reload(&old, config(&text));
        assert_eq!(new.restart, ["[[source]]", "[journal]", "[web]", "[shop] currency"]);
        let changed =
            ["[shop]", "[admin]", "robot owner", "robot cook is new", "robot chef is gone"];
        assert_eq!(new.changed, changed);
        let now = &new.config;
        assert_eq!((&now.sources, &now.journal, &now.web), (&old.sources, &old.journal, &old.web));
        assert_eq!((now.shop.currency, now.shop.name.as_str()), (old.shop.currency, "茶"));
        assert!(now.robots[0].url.expose().ends_with("n3w"));
        assert!(!format!("{:?}{:?}", new.changed, new.restart).contains("n3w"));
    }

    #[test]
    fn how_papers_are_read_changes_at_once_and_how_they_are_heard_does_not() {
        let old = config(TEXT);
        let read = TEXT.replace("a.bin\"", "a.bin\"\nprofile = \"cash-register\"");
        let new = reload(&old, config(&read));
        assert!(new.restart.is_empty(), "{:?}", new.restart);
        assert_eq!(new.changed, ["profile of till"]);
        assert_eq!(new.config.sources[0].profile.profile.name, "cash-register");
        for heard in ["idle = \"1s\"", "dialect = \"star-line\"", "drawer_high = \"open\""] {
            let new = config(&read.replace("profile =", &format!("{heard}\nprofile =")));
            let new = reload(&old, new);
            assert_eq!(new.restart, ["[[source]]"], "{heard}");
            assert_eq!(new.config.sources, old.sources, "{heard}");
        }
    }

    #[test]
    fn a_file_that_says_the_same_changes_nothing() {
        let same = reload(&config(TEXT), config(&format!("# a comment\n{TEXT}")));
        assert!(same.changed.is_empty() && same.restart.is_empty(), "{same:?}");
        assert_eq!(same.config, config(TEXT));
    }
}
