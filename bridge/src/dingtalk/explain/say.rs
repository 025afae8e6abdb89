//! Puts topics together: the sentence, what belongs to it, and DingTalk's own words at the end.

use std::net::IpAddr;

use super::topic::Topic;
use crate::config::Language;
use crate::dingtalk::{Answer, ConfigTrouble, Obstacle, Outcome, WARN_SKEW_S};

impl Answer {
    /// What happened and what to do about it, in the shop's language.
    pub fn explain(&self, language: Language) -> String {
        let mut said = match &self.obstacle {
            Some(obstacle) => on_the_way(obstacle, language),
            None => sentences(&self.outcome, language),
        };
        if let Some(clock) = self.skew_s.and_then(|ahead_s| clock(ahead_s, language)) {
            said.push(clock);
        }
        join(&said, language) + &quoted(&self.outcome)
    }
}

impl Outcome {
    /// What happened and what to do about it, in the shop's language, where no more is known than
    /// this.
    pub fn explain(&self, language: Language) -> String {
        join(&sentences(self, language), language) + &quoted(self)
    }
}

fn sentences(outcome: &Outcome, language: Language) -> Vec<String> {
    let main = Topic::from(outcome).words(language);
    match outcome {
        Outcome::IpBanned { wait } => {
            let minutes = wait.as_secs().div_ceil(60).to_string();
            vec![main.replace("{minutes}", &minutes)]
        }
        Outcome::Config { why: ConfigTrouble::Ip, text, .. } => {
            let named = |topic: Topic, address: IpAddr| {
                topic.words(language).replace("{address}", &address.to_string())
            };
            match address(text) {
                Some(IpAddr::V4(v4)) => vec![main.to_owned(), named(Topic::IpAddress, v4.into())],
                Some(IpAddr::V6(v6)) => vec![named(Topic::Ipv6, v6.into())],
                None => vec![main.to_owned()],
            }
        }
        _ => vec![main.to_owned()],
    }
}

fn on_the_way(obstacle: &Obstacle, language: Language) -> Vec<String> {
    let more = match obstacle {
        Obstacle::Stranger { issuer: Some(issuer) } => {
            Some(Topic::Issuer.words(language).replace("{issuer}", issuer))
        }
        Obstacle::Portal { to: Some(host) } => {
            Some(Topic::PortalHost.words(language).replace("{host}", host))
        }
        _ => None,
    };
    let main = Topic::from(obstacle).words(language).to_owned();
    std::iter::once(main).chain(more).collect()
}

/// What to say about a clock, long before DingTalk minds.
fn clock(ahead_s: i64, language: Language) -> Option<String> {
    if ahead_s.saturating_abs() <= WARN_SKEW_S {
        return None;
    }
    let topic = if ahead_s > 0 { Topic::ClockFast } else { Topic::ClockSlow };
    let minutes = ahead_s.unsigned_abs().div_ceil(60).to_string();
    Some(topic.words(language).replace("{minutes}", &minutes))
}

/// The address that a refusal names.
fn address(text: &str) -> Option<IpAddr> {
    let part = |c: char| !(c.is_ascii_hexdigit() || c == '.' || c == ':');
    text.split(part).find_map(|word| word.trim_matches([':', '.']).parse().ok())
}

/// Chinese sentences follow each other without a space.
fn join(sentences: &[String], language: Language) -> String {
    let between = if matches!(language, Language::ZhHk | Language::ZhCn) { "" } else { " " };
    sentences.join(between)
}

/// What the other side or the system said, for whoever is asked for help.
fn quoted(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Config { code, text, .. } | Outcome::Content { code, text } if text.is_empty() => {
            format!(" [{code}]")
        }
        Outcome::Config { code, text, .. } | Outcome::Content { code, text } => {
            format!(" [{code}: {text}]")
        }
        Outcome::Throttled { code } => format!(" [{code}]"),
        Outcome::Transient { why, .. } | Outcome::Unknown { why } if !why.is_empty() => {
            format!(" [{why}]")
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fmt::Write as _;
    use std::path::Path;
    use std::time::Duration;

    use super::{Answer, ConfigTrouble, Language, Obstacle, Outcome, address};

    const LANGUAGES: [(&str, Language); 4] = [
        ("zh-HK", Language::ZhHk),
        ("zh-CN", Language::ZhCn),
        ("en", Language::En),
        ("id", Language::Id),
    ];

    fn answer(outcome: Outcome) -> Answer {
        Answer { outcome, http_status: Some(200), obstacle: None, skew_s: Some(0), calls: 1 }
    }

    fn refused(why: ConfigTrouble, code: i64, text: &str) -> Answer {
        answer(Outcome::Config { why, code, text: text.into() })
    }

    fn blocked(obstacle: Obstacle, why: &str) -> Answer {
        let outcome = Outcome::Transient { code: None, why: why.into() };
        Answer { obstacle: Some(obstacle), ..answer(outcome) }
    }

    fn all() -> Vec<(&'static str, Answer)> {
        use ConfigTrouble::{Clock, Dissolved, Ip, Keyword, Other, Quota, Sign, Stopped, Token};
        let host = "oapi.dingtalk.com: error sending request";
        let issuer = Some("FortiGate CA".to_owned());
        let wait = Duration::from_secs(301);
        let content = Outcome::Content { code: 460_101, text: "message too long".into() };
        let busy = Outcome::Transient { code: Some(-1), why: "系统繁忙".into() };
        let unknown = Outcome::Unknown { why: "HTTP 200, an answer that is not JSON".into() };
        let skewed =
            |skew_s| Answer { skew_s: Some(skew_s), calls: 2, ..answer(Outcome::Delivered) };
        vec![
            ("delivered", answer(Outcome::Delivered)),
            ("delivered, the clock 70 minutes fast", skewed(4_200)),
            ("delivered, the clock 70 minutes slow", skewed(-4_200)),
            ("throttled", answer(Outcome::Throttled { code: 660_026 })),
            ("busy", answer(busy)),
            ("unknown", answer(unknown)),
            ("IP ban", answer(Outcome::IpBanned { wait })),
            ("content", answer(content)),
            ("keyword", refused(Keyword, 310_000, "keywords not in content")),
            ("sign", refused(Sign, 310_000, "sign not match")),
            ("clock", refused(Clock, 310_000, "invalid timestamp")),
            ("IP list", refused(Ip, 310_000, "ip 203.0.113.7 not in whitelist")),
            ("IP list, no address named", refused(Ip, 310_000, "ip 不在白名单中")),
            ("IP list, IPv6", refused(Ip, 310_000, "ip 2001:db8::7 not in whitelist")),
            ("token", refused(Token, 300_005, "token is not exist")),
            ("stopped", refused(Stopped, 400_102, "机器人已停用")),
            ("dissolved", refused(Dissolved, 400_013, "群已被解散")),
            ("quota", refused(Quota, 90_030, "webhook over limit")),
            ("something new", refused(Other, 43_004, "无效的HTTP HEADER Content-Type")),
            ("name", blocked(Obstacle::Name, host)),
            ("refused", blocked(Obstacle::Refused, host)),
            ("filtered", blocked(Obstacle::Filtered, host)),
            ("no route", blocked(Obstacle::NoRoute, host)),
            ("TLS cut", blocked(Obstacle::TlsCut, host)),
            ("no TLS", blocked(Obstacle::NotTls, host)),
            ("stranger", blocked(Obstacle::Stranger { issuer: None }, host)),
            ("stranger with an issuer", blocked(Obstacle::Stranger { issuer }, host)),
            ("wrong name", blocked(Obstacle::WrongName, host)),
            ("not yet valid", blocked(Obstacle::NotYetValid, host)),
            ("expired", blocked(Obstacle::Expired, host)),
            ("portal", blocked(Obstacle::Portal { to: None }, "HTTP 511, an HTML page")),
            (
                "portal that names itself",
                blocked(
                    Obstacle::Portal { to: Some("wifi.example".into()) },
                    "HTTP 302, an empty answer",
                ),
            ),
            ("no proxy", blocked(Obstacle::NoProxy, host)),
            ("proxy password", blocked(Obstacle::ProxyPassword, host)),
            ("proxy denies", blocked(Obstacle::ProxyDenied, host)),
            ("slow", blocked(Obstacle::Slow, host)),
            ("cut", blocked(Obstacle::Cut, host)),
        ]
    }

    #[test]
    fn everything_is_explained_in_four_languages_as_the_golden_file_shows() {
        let mut found = String::new();
        for (name, answer) in all() {
            writeln!(found, "=== {name}").expect("a string takes all");
            for (tag, language) in LANGUAGES {
                writeln!(found, "{tag}: {}", answer.explain(language)).expect("a string takes all");
            }
            found.push('\n');
        }
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("src/dingtalk/golden/explanations.txt");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&path, &found).expect("the source tree can be written");
        }
        let golden = std::fs::read_to_string(&path).unwrap_or_default();
        let differs = golden.lines().zip(found.lines()).find(|(golden, found)| golden != found);
        assert_eq!(differs, None, "UPDATE_GOLDEN=1 rewrites it");
        assert_eq!(golden.len(), found.len(), "UPDATE_GOLDEN=1 rewrites it");
    }

    #[test]
    fn everything_has_words_of_its_own_and_no_hole_is_left() {
        for (tag, language) in LANGUAGES {
            let said: BTreeSet<_> =
                all().iter().map(|(_, answer)| answer.explain(language)).collect();
            assert_eq!(said.len(), all().len(), "{tag}");
            for (name, answer) in all() {
                let words = answer.explain(language);
                assert!(!words.contains(['{', '}']), "{tag}, {name}: {words}");
                let ours = words.split(" [").next().expect("a beginning");
                let chinese = matches!(language, Language::ZhHk | Language::ZhCn);
                assert_eq!(!ours.is_ascii(), chinese, "{tag}, {name}: {words}");
            }
        }
    }

    #[test]
    fn an_outcome_alone_is_explained_as_well() {
        let refused = refused(ConfigTrouble::Sign, 310_000, "as said").outcome;
        assert!(refused.explain(Language::En).ends_with(" [310000: as said]"));
        let ban = Outcome::IpBanned { wait: Duration::from_secs(301) };
        assert!(ban.explain(Language::En).contains("about 6 minutes"));
    }

    #[test]
    fn a_clock_is_spoken_of_long_before_it_matters_and_not_for_seconds() {
        let said = |skew_s| {
            Answer { skew_s: Some(skew_s), ..answer(Outcome::Delivered) }.explain(Language::En)
        };
        assert_eq!(said(300), said(0));
        assert!(said(301).contains("6 minutes fast"), "{}", said(301));
        assert!(said(-601).contains("11 minutes slow"), "{}", said(-601));
    }

    #[test]
    fn the_address_is_found_where_a_refusal_names_one() {
        for (text, expected) in [
            ("ip 203.0.113.7 not in whitelist", Some("203.0.113.7")),
            ("description:ip 203.0.113.7不在白名单中;", Some("203.0.113.7")),
            ("ip: 2001:db8::7, not in whitelist", Some("2001:db8::7")),
            ("ip 不在白名单中; see 1.9", None),
        ] {
            assert_eq!(address(text).map(|found| found.to_string()).as_deref(), expected, "{text}");
        }
    }
}
