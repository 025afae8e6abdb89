//! From what was typed to what is meant: `[[rule]]`.
//!
//! Conditions and texts are read, typed and compiled here, so that a rule that can never work is a
//! mistake in the file and not an alarm at night. `posbridge check` tries them on samples.

use std::fs::File;
use std::io::Read as _;
use std::ops::Range;

use pos_protocol::event::Kind;
use toml::Spanned;

use super::raw::{RawRobot, RawRule, Text};
use super::scope::{Scope, alternatives, nearest, quoted};
use crate::shop::{Condition, ExpressionFault, Once, Rule, Say};

/// Most rules: each is asked on every event of its kinds.
const MAX_RULES: usize = 50;
/// Largest file of a text: what a text may have is less.
const MAX_FILE_BYTES: u64 = 64 * 1024;

const ONCE: [(&str, Once); 2] = [("event", Once::Event), ("day", Once::Day)];

impl Scope<'_> {
    /// The owner's rules.
    pub(super) fn rules(
        &mut self,
        raw: &[Spanned<RawRule>],
        robots: &[Spanned<RawRobot>],
    ) -> Option<Vec<Rule>> {
        if let Some(one) = raw.get(MAX_RULES) {
            let hint = "join some by `or`";
            self.wrong(one.span(), format!("at most {MAX_RULES} rules"), "more", hint);
            return None;
        }
        let typed = robots.iter().filter(|robot| robot.get_ref().pool.is_none());
        let typed = typed.filter_map(|robot| robot.get_ref().name.as_ref());
        let robots: Vec<&str> = typed.map(|name| name.get_ref().as_str()).collect();
        let mut names = Vec::new();
        let all: Vec<Option<Rule>> = raw
            .iter()
            .map(|rule| self.rule(rule.get_ref(), rule.span(), &mut names, &robots))
            .collect();
        all.into_iter().collect()
    }

    fn rule(
        &mut self,
        raw: &RawRule,
        place: Range<usize>,
        names: &mut Vec<String>,
        robots: &[&str],
    ) -> Option<Rule> {
        let name = self.name("rule", &raw.name, place.clone(), names);
        let on = self.rule_on(raw, place.clone());
        let when = raw.when.as_ref().map(|typed| self.condition(typed));
        let say = self.say(raw, place);
        let robot = self.rule_robot(&raw.robot, robots);
        let mention = self.people(&raw.mention, Self::mobile);
        if let (Some(typed), Some(people)) = (&raw.mention, &mention) {
            self.few_enough(typed.span(), people.len())?;
        }
        let once = self.word(&raw.once, &ONCE, Once::Event, "leave it out for \"event\"");
        Some(Rule {
            name: name?,
            on: on?,
            when: match when {
                Some(when) => Some(when?),
                None => None,
            },
            say: say?,
            robot: robot?,
            mention: mention?,
            urgent: raw.urgent.as_ref().is_some_and(|urgent| *urgent.get_ref()),
            once: once?,
        })
    }

    fn rule_on(&mut self, raw: &RawRule, place: Range<usize>) -> Option<Vec<Kind>> {
        let Some(typed) = raw.on.as_ref().filter(|typed| !typed.get_ref().is_empty()) else {
            let hint = "say on which events the rule is asked: on = [\"sale\"]";
            self.wrong(place, "at least one of `on`", "none", hint);
            return None;
        };
        let mut kinds = Vec::new();
        let mut good = true;
        for word in typed.get_ref() {
            let text = word.get_ref().as_str();
            match Kind::parse(text) {
                // Practice counts nowhere, and a correction is nobody's news.
                Some(Kind::Training | Kind::Correction) | None => {
                    let near = nearest(text, Kind::ALL.iter().map(|kind| kind.as_str()));
                    let hint = match near {
                        Some(near) if near != text => format!("did you mean \"{near}\"?"),
                        _ => "the kinds are in docs/EVENTS.md; practice and corrections count \
                              nowhere"
                            .to_owned(),
                    };
                    self.wrong(word.span(), "a kind of event", quoted(text), hint);
                    good = false;
                }
                Some(kind) if kinds.contains(&kind) => {}
                Some(kind) => kinds.push(kind),
            }
        }
        good.then_some(kinds)
    }

    fn condition(&mut self, typed: &Spanned<String>) -> Option<Condition> {
        match Condition::new(typed.get_ref()) {
            Ok(condition) => Some(condition),
            Err(ExpressionFault { at, expected, found, hint }) => {
                let at = self.within(typed, at);
                self.wrong(at, expected, found, hint);
                None
            }
        }
    }

    /// `say`, or the file that `say_file` names.
    fn say(&mut self, raw: &RawRule, place: Range<usize>) -> Option<Say> {
        match (&raw.say, &raw.say_file) {
            (Some(typed), None) => match Say::new(typed.get_ref()) {
                Ok(say) => Some(say),
                Err(ExpressionFault { at, expected, found, hint }) => {
                    let at = self.within(typed, at);
                    self.wrong(at, expected, found, hint);
                    None
                }
            },
            (None, Some(typed)) => self.say_file(typed),
            (both, _) => {
                let found = if both.is_some() { "both" } else { "neither" };
                let hint = "what is to be said: say = \"VIP: {{ number }}\"";
                self.wrong(place, "`say` or `say_file`", found, hint);
                None
            }
        }
    }

    fn say_file(&mut self, typed: &Spanned<String>) -> Option<Say> {
        let path = self.path(typed)?;
        let mut text = String::new();
        let read =
            File::open(&path).and_then(|file| file.take(MAX_FILE_BYTES).read_to_string(&mut text));
        if let Err(error) = read {
            let found = format!("{}: {error}", path.display());
            self.wrong(typed.span(), "a file with the text", found, "UTF-8 text, as in `say`");
            return None;
        }
        match Say::new(&text) {
            Ok(say) => Some(say),
            Err(ExpressionFault { at, expected, found, hint }) => {
                self.wrong_in((&path, &text), typed.span(), at, [expected, found, hint]);
                None
            }
        }
    }

    /// `None` is a mistake, `Some(None)` all robots that have `rule` among their notices.
    #[expect(clippy::option_option, reason = "a mistake, or nothing typed, or a name")]
    fn rule_robot(&mut self, typed: &Text, robots: &[&str]) -> Option<Option<String>> {
        let Some(typed) = typed else { return Some(None) };
        let name = typed.get_ref().as_str();
        if robots.contains(&name) {
            return Some(Some(name.to_owned()));
        }
        let near = nearest(name, robots.iter().copied());
        let hint = near.map_or_else(
            || "a robot that helps another one to carry has no notices of its own".to_owned(),
            |near| format!("did you mean \"{near}\"?"),
        );
        let expected = format!("a robot ({})", alternatives(robots));
        self.wrong(typed.span(), expected, quoted(name), hint);
        None
    }
}
