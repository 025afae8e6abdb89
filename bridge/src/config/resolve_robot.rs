//! From what was typed to what is meant: `[[robot]]`.

use std::net::IpAddr;
use std::ops::Range;

use pos_protocol::event::Kind;
use reqwest::Url;
use toml::Spanned;

use super::raw::{RawRobot, RawSource, Texts};
use super::resolved::{Format, Privacy, Robot, Sales, Tone};
use super::scope::{Scope, Wrong, nearest, quoted};
use crate::inbound::Scheme;
use crate::secret::Secret;
use crate::shop::FindingKind;

/// What `notices = [...]` names.
pub(super) type Wanted = (Vec<Kind>, Vec<FindingKind>);

/// What a robot is told where `notices` is not given: money, and what needs a person.
pub const DEFAULT_NOTICES: [Kind; 7] = [
    Kind::Sale,
    Kind::Refund,
    Kind::Void,
    Kind::NoSale,
    Kind::DrawerLeftOpen,
    Kind::Unread,
    Kind::ShiftReport,
];

/// What it is told besides: what the owner bought the bridge for.
pub const DEFAULT_FINDINGS: [FindingKind; 8] = FindingKind::ALL;

const SALES: [(&str, Sales); 3] =
    [("auto", Sales::Auto), ("each", Sales::Each), ("digest", Sales::Digest)];
const FORMATS: [(&str, Format); 3] =
    [("text", Format::Text), ("markdown", Format::Markdown), ("card", Format::Card)];
const TONES: [(&str, Tone); 3] =
    [("plain", Tone::Plain), ("firm", Tone::Firm), ("humorous", Tone::Humorous)];
const LEVELS: [(&str, Privacy); 4] = [
    ("totals", Privacy::Totals),
    ("categories", Privacy::Categories),
    ("items", Privacy::Items),
    ("full", Privacy::Full),
];

/// Where DingTalk's robots are, for a token without a URL.
const ROBOT_ENDPOINT: &str = "https://oapi.dingtalk.com/robot/send";
/// Most keywords that DingTalk lets a robot have.
const MAX_KEYWORDS: usize = 10;
/// Query parameters of a pasted URL that go stale within the hour; they are made anew per attempt.
const STALE: [&str; 2] = ["timestamp", "sign"];

impl Scope<'_> {
    pub(super) fn robots(
        &mut self,
        raw: &[Spanned<RawRobot>],
        sources: &[Spanned<RawSource>],
        proxy: Option<&Secret>,
    ) -> Option<Vec<Robot>> {
        if raw.is_empty() {
            let hint = "add a table: [[robot]] name = \"owner\", url_file = \"robot.url\"";
            self.wrong(0..0, "at least one [[robot]]", "none", hint);
            return None;
        }
        let mut names = Vec::new();
        let typed = sources.iter().filter_map(|source| source.get_ref().name.as_ref());
        let pushed: Vec<String> = Scheme::ALL.into_iter().map(Scheme::source).collect();
        let sources: Vec<&str> = typed
            .map(|name| name.get_ref().as_str())
            .chain(pushed.iter().map(String::as_str))
            .collect();
        let all: Vec<Option<Robot>> = raw
            .iter()
            .map(|robot| self.robot(robot.get_ref(), robot.span(), &mut names, &sources, proxy))
            .collect();
        let mut all = all.into_iter().collect::<Option<Vec<Robot>>>()?;
        self.pools(raw, &mut all)?;
        Some(all)
    }

    fn robot(
        &mut self,
        raw: &RawRobot,
        place: Range<usize>,
        names: &mut Vec<String>,
        sources: &[&str],
        proxy: Option<&Secret>,
    ) -> Option<Robot> {
        let name = self.name("robot", &raw.name, place.clone(), names);
        let url = self.webhook(raw, place);
        self.no_inline(raw);
        let secret = self.secret(&raw.secret_file, &raw.secret_env);
        let keywords = self.keywords(&raw.keywords);
        let notices = self.notices(&raw.notices);
        let sources = self.hears(&raw.sources, sources);
        let sales = self.word(&raw.sales, &SALES, Sales::Auto, "leave it out for \"auto\"");
        let hint = "leave it out for \"markdown\"";
        let format = self.word(&raw.format, &FORMATS, Format::Markdown, hint);
        let privacy = self.word(&raw.privacy, &LEVELS, Privacy::Categories, "from least to most");
        let mentions = self.mentions(raw.mention.as_ref());
        let group = self.group(raw.group.as_ref());
        let stock_left = self.stock_left(raw.stock_left.as_ref(), privacy);
        let hint = "leave it out for \"plain\"";
        let stock_tone = self.word(&raw.stock_tone, &TONES, Tone::Plain, hint);
        let proxy = self.robot_proxy(raw, proxy);
        self.only_what_carries(raw);
        let ca_file = raw.ca_file.as_ref().map(|typed| self.path(typed));
        let (notices, findings) = notices?;
        Some(Robot {
            name: name?,
            url: url?,
            secret,
            keywords: keywords?,
            notices,
            findings,
            sources: sources?,
            format: format?,
            privacy: privacy?,
            ca_file: match ca_file {
                Some(path) => Some(path?),
                None => None,
            },
            sales: sales?,
            pool: raw.pool.as_ref().map(|pool| pool.get_ref().clone()),
            proxy: proxy.ok()?,
            mentions: mentions?,
            group: group.ok()?,
            stock_left: stock_left?,
            stock_tone: stock_tone?,
        })
    }

    /// The group's name or its conversation's id.
    fn group(&mut self, typed: Option<&Spanned<String>>) -> Result<Option<String>, Wrong> {
        let Some(typed) = typed else { return Ok(None) };
        let name = typed.get_ref().trim();
        if name.is_empty() {
            let hint = "as the group is named in DingTalk, or its conversation's id: \"cid...==\"";
            self.wrong(typed.span(), "the name of a group", "\"\"", hint);
            return Err(Wrong);
        }
        Ok(Some(name.to_owned()))
    }

    /// What is left stands beside the names of goods, where those may be told.
    fn stock_left(
        &mut self,
        typed: Option<&Spanned<bool>>,
        privacy: Option<Privacy>,
    ) -> Option<bool> {
        let Some(typed) = typed.filter(|typed| *typed.get_ref()) else { return Some(false) };
        if privacy.is_some_and(|privacy| privacy < Privacy::Items) {
            let hint = "what is left stands beside each article: privacy = \"items\" shows them";
            let expected = "a robot with `privacy` \"items\" or \"full\"";
            self.wrong(typed.span(), expected, "`stock_left` without them", hint);
            return None;
        }
        Some(true)
    }

    /// A configuration is mailed around and shown on screens; secrets stand elsewhere.
    fn no_inline(&mut self, raw: &RawRobot) {
        for (key, typed) in [("secret", &raw.secret), ("token", &raw.token)] {
            if let Some(typed) = typed {
                let hint = format!(
                    "write it into a file of mode 600 beside this one: {key}_file = \"robot.{key}\""
                );
                let expected = format!("`{key}_file` or `{key}_env`");
                self.wrong(typed.span(), expected, format!("`{key}` in the configuration"), hint);
            }
        }
    }

    /// The robot's URL with its token, from wherever the parts stand.
    fn webhook(&mut self, raw: &RawRobot, place: Range<usize>) -> Option<Secret> {
        let elsewhere = raw.url_file.as_ref().or(raw.url_env.as_ref());
        if let (Some(_), Some(other)) = (&raw.url, elsewhere) {
            self.wrong(
                other.span(),
                "one place for the URL",
                "a second one",
                "keep one of the two",
            );
            return None;
        }
        let by_token = raw.token_file.as_ref().or(raw.token_env.as_ref());
        let at = raw.url.as_ref().or(elsewhere).or(by_token).map_or(place, Spanned::span);
        let text = match &raw.url {
            Some(typed) => Some(Secret::new(typed.get_ref().trim())),
            None if elsewhere.is_some() => Some(self.secret(&raw.url_file, &raw.url_env)?),
            None => None,
        };
        let token = match by_token {
            Some(_) => Some(self.secret(&raw.token_file, &raw.token_env)?),
            None => None,
        };
        if text.is_none() && token.is_none() {
            let hint = "in the group: Settings, Bots, Custom; write its webhook to a file: url_file = \"robot.url\"";
            self.wrong(
                at,
                "a `url`, `url_file`, `url_env`, `token_file` or `token_env`",
                "none",
                hint,
            );
            return None;
        }
        let text = text.unwrap_or_else(|| Secret::new(ROBOT_ENDPOINT));
        let (url, local) = self.checked_url(&text, at.clone())?;
        // A mock's token on this machine is no secret.
        if raw.url.is_some() && !local && by_token.is_none() {
            self.private_only(at.clone());
        }
        self.with_token(url, token.as_ref(), at)
    }

    /// The URL, and whether it leads to this machine. The scheme must keep the token from being
    /// overheard. The URL itself is never shown.
    fn checked_url(&mut self, text: &Secret, at: Range<usize>) -> Option<(Url, bool)> {
        let expected = "an https:// URL (http:// only to this machine)";
        let hint = "copy the webhook from the robot's page: https://oapi.dingtalk.com/robot/send?access_token=...";
        let url = match Url::parse(text.expose()) {
            Ok(url) => url,
            Err(error) => {
                self.wrong(at, expected, format!("no URL ({error})"), hint);
                return None;
            }
        };
        let host = url.host_str().unwrap_or_default();
        let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
        let local = host == "localhost" || address.is_ok_and(|address| address.is_loopback());
        if url.scheme() == "https" || (url.scheme() == "http" && local) {
            return Some((url, local));
        }
        self.wrong(at, expected, format!("{}:// to {host}", url.scheme()), hint);
        None
    }

    fn with_token(
        &mut self,
        mut url: Url,
        token: Option<&Secret>,
        at: Range<usize>,
    ) -> Option<Secret> {
        let mut kept: Vec<(String, String)> = url
            .query_pairs()
            .filter(|(key, _)| !STALE.contains(&key.as_ref()))
            .map(|(key, value)| (key.into_owned(), value.into_owned()))
            .collect();
        if let Some(token) = token {
            kept.retain(|(key, _)| key != "access_token");
            kept.push(("access_token".to_owned(), token.expose().to_owned()));
        }
        if !kept.iter().any(|(key, value)| key == "access_token" && !value.is_empty()) {
            let hint = "copy the whole webhook, or add token_file";
            self.wrong(at, "a URL with an access_token", "none in it", hint);
            return None;
        }
        url.query_pairs_mut().clear().extend_pairs(kept);
        Some(Secret::new(url))
    }

    fn keywords(&mut self, typed: &Texts) -> Option<Vec<String>> {
        let Some(typed) = typed else { return Some(Vec::new()) };
        let words = typed.get_ref();
        if words.len() > MAX_KEYWORDS {
            let expected = format!("at most {MAX_KEYWORDS} keywords");
            let hint = "one of them in a message is enough for DingTalk";
            self.wrong(typed.span(), expected, words.len().to_string(), hint);
            return None;
        }
        let mut good = true;
        for word in words.iter().filter(|word| word.get_ref().trim().is_empty()) {
            self.wrong(word.span(), "a keyword", "\"\"", "as it stands on the robot's page");
            good = false;
        }
        good.then(|| words.iter().map(|word| word.get_ref().clone()).collect())
    }

    fn notices(&mut self, typed: &Texts) -> Option<Wanted> {
        let Some(typed) = typed else {
            return Some((DEFAULT_NOTICES.to_vec(), DEFAULT_FINDINGS.to_vec()));
        };
        self.wanted(typed)
    }

    /// The kinds of event and of finding that are named, each once.
    pub(super) fn wanted(&mut self, typed: &Spanned<Vec<Spanned<String>>>) -> Option<Wanted> {
        let (mut kinds, mut findings) = (Vec::new(), Vec::new());
        let mut good = true;
        for word in typed.get_ref() {
            let text = word.get_ref().as_str();
            match (Kind::parse(text), FindingKind::parse(text)) {
                (Some(kind), _) if kinds.contains(&kind) => {}
                (Some(kind), _) => kinds.push(kind),
                (None, Some(found)) if findings.contains(&found) => {}
                (None, Some(found)) => findings.push(found),
                (None, None) => {
                    let found = FindingKind::ALL.map(FindingKind::as_str);
                    let all = || Kind::ALL.iter().map(|kind| kind.as_str()).chain(found);
                    let hint = nearest(text, all()).map_or_else(
                        || format!("notices: {}", all().collect::<Vec<_>>().join(", ")),
                        |near| format!("did you mean \"{near}\"?"),
                    );
                    self.wrong(word.span(), "a notice", quoted(text), hint);
                    good = false;
                }
            }
        }
        good.then_some((kinds, findings))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::config::{Tone, parse};

    #[test]
    fn what_is_left_is_shown_only_where_goods_are_named_and_a_tone_is_one_of_three() {
        let read = |more: &str| {
            let text = format!(
                "[[source]]\nname = \"till\"\nkind = \"file\"\npath = \"a\"\n[[robot]]\n\
                 name = \"owner\"\nurl = \"http://127.0.0.1/?access_token=t\"\n{more}"
            );
            parse(&text, Path::new("posbridge.toml")).map_err(|error| error.to_string())
        };
        let good = read("privacy = \"items\"\nstock_left = true\nstock_tone = \"firm\"\n");
        let robot = &good.expect("good").robots[0];
        assert_eq!((robot.stock_left, robot.stock_tone), (true, Tone::Firm));
        assert!(!read("").expect("good").robots[0].stock_left);
        let bare = read("stock_left = true\n").expect_err("no names");
        assert!(
            bare.contains("posbridge.toml:8:") && bare.contains("privacy = \"items\""),
            "{bare}"
        );
        let tone = read("stock_tone = \"humourous\"\n").expect_err("a slip");
        assert!(tone.contains("did you mean \"humorous\"?"), "{tone}");
    }
}
