//! An outcome in plain words for the people of the shop: what happened and what to do.

use super::reply::{ConfigTrouble, Outcome};
use crate::config::Language;

impl Outcome {
    /// What happened and what to do about it, in the shop's language.
    pub fn explain(&self, language: Language) -> String {
        let words = match language {
            Language::En | Language::Id => self.in_english(),
            Language::ZhHk | Language::ZhCn => self.in_chinese(),
        };
        match self {
            Self::Config { code, text, .. } | Self::Content { code, text } => {
                let said = if text.is_empty() { String::new() } else { format!(": {text}") };
                format!("{words} [{code}{said}]")
            }
            Self::Throttled { code } => format!("{words} [{code}]"),
            Self::Transient { why, .. } | Self::Unknown { why } if !why.is_empty() => {
                format!("{words} [{why}]")
            }
            _ => words,
        }
    }

    fn in_english(&self) -> String {
        match self {
            Self::Delivered => "Delivered: the message is in the group.".into(),
            Self::Throttled { .. } => {
                "Too many messages: DingTalk takes 20 a minute from a robot and \
                then none for about 10 minutes. Sent again after that; nothing to do."
                    .into()
            }
            Self::Transient { .. } => {
                "DingTalk could not be reached or is busy. Sent again soon; if it \
                stays so, check the shop's internet connection."
                    .into()
            }
            Self::Unknown { .. } => {
                "No usable answer: the message may be in the group or not. Sent \
                again with the same number, so that it is not shown twice."
                    .into()
            }
            Self::IpBanned { wait } => format!(
                "DingTalk's gateway refuses this internet address for about {} minutes (too many calls \
                 from it). Sent again after that; find out what else here calls DingTalk.",
                wait.as_secs().div_ceil(60)
            ),
            Self::Config { why, .. } => config_in_english(*why).into(),
            Self::Content { .. } => {
                "DingTalk will not take this message as it is (too long, or with \
                words or links it does not allow). It was set aside; later ones are not held up."
                    .into()
            }
        }
    }

    fn in_chinese(&self) -> String {
        match self {
            Self::Delivered => "已送達：訊息已在群組內。".into(),
            Self::Throttled { .. } => {
                "訊息太多：釘釘每個機械人每分鐘只收 20 則，之後約 10 分鐘不收。過後會自動再發，毋須處理。".into()
            }
            Self::Transient { .. } => {
                "未能連上釘釘，或釘釘繁忙。稍後會自動再發；如持續，請檢查店內網絡。".into()
            }
            Self::Unknown { .. } => {
                "沒有收到可用的回覆，訊息可能已送達，也可能沒有。會以同一編號再發，群組不會重複顯示。".into()
            }
            Self::IpBanned { wait } => format!(
                "釘釘暫時封鎖了本店的網絡地址約 {} 分鐘（呼叫次數過多）。過後會自動再發；請查看店內還有甚麼程式在使用釘釘。",
                wait.as_secs().div_ceil(60)
            ),
            Self::Config { why, .. } => config_in_chinese(*why).into(),
            Self::Content { .. } => {
                "釘釘不接受這則訊息（太長，或含有不允許的字詞或連結）。已擱置，不影響其他訊息。".into()
            }
        }
    }
}

fn config_in_english(why: ConfigTrouble) -> &'static str {
    match why {
        ConfigTrouble::Keyword => {
            "The message lacks the robot's keyword. Put the keyword from the robot's security settings \
             into `keywords` of this robot."
        }
        ConfigTrouble::Sign => {
            "The signature does not match. Copy the secret (SEC...) from the robot's security settings \
             again into this robot's `secret_file`."
        }
        ConfigTrouble::Clock => {
            "This machine's clock is wrong by more than an hour, so DingTalk refuses the signature. \
             Check the internet time (NTP) of this machine; sent again by itself."
        }
        ConfigTrouble::Ip => {
            "This internet address is not on the robot's list. Add it to the IP list of the robot's \
             security settings, or use a secret or a keyword instead."
        }
        ConfigTrouble::Token => {
            "DingTalk does not know this robot. Copy the webhook address again from the robot's \
             settings; if the robot was removed, add a new one to the group."
        }
        ConfigTrouble::Stopped => {
            "The robot was stopped, or its group no longer exists. Start it again in the group's \
             settings, or set up a robot in another group."
        }
        ConfigTrouble::Other => {
            "DingTalk refuses this robot's messages. Check the webhook address and the robot's settings \
             in the group."
        }
    }
}

fn config_in_chinese(why: ConfigTrouble) -> &'static str {
    match why {
        ConfigTrouble::Keyword => {
            "訊息內沒有機械人的關鍵詞。請把機械人安全設定內的關鍵詞填入此機械人的 keywords。"
        }
        ConfigTrouble::Sign => {
            "簽名不符。請從機械人安全設定重新複製密鑰（SEC 開頭）到此機械人的 secret_file。"
        }
        ConfigTrouble::Clock => {
            "本機時鐘相差超過一小時，釘釘拒絕簽名。請檢查本機的網絡對時（NTP）；會自動再發。"
        }
        ConfigTrouble::Ip => {
            "本店的網絡地址不在機械人的 IP 名單內。請在機械人安全設定加入此地址，或改用密鑰或關鍵詞。"
        }
        ConfigTrouble::Token => {
            "釘釘找不到此機械人。請從機械人設定重新複製 Webhook 地址；如已刪除，請在群組新增機械人。"
        }
        ConfigTrouble::Stopped => {
            "機械人已停用，或群組已解散。請在群組設定重新啟用，或在另一群組新增機械人。"
        }
        ConfigTrouble::Other => "釘釘拒絕此機械人的訊息。請檢查 Webhook 地址及群組內的機械人設定。",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::time::Duration;

    use super::{ConfigTrouble, Outcome};
    use crate::config::Language;

    fn all() -> Vec<Outcome> {
        let mut all = vec![
            Outcome::Delivered,
            Outcome::Throttled { code: 660_026 },
            Outcome::Transient { code: None, why: "HTTP 502".into() },
            Outcome::Unknown { why: "time-out".into() },
            Outcome::IpBanned { wait: Duration::from_secs(301) },
            Outcome::Content { code: 460_101, text: "message too long".into() },
        ];
        all.extend(
            [
                ConfigTrouble::Keyword,
                ConfigTrouble::Sign,
                ConfigTrouble::Clock,
                ConfigTrouble::Ip,
                ConfigTrouble::Token,
                ConfigTrouble::Stopped,
                ConfigTrouble::Other,
            ]
            .map(|why| Outcome::Config { why, code: 310_000, text: "as said".into() }),
        );
        all
    }

    #[test]
    fn every_outcome_has_its_own_words_in_both_languages() {
        for language in [Language::En, Language::ZhHk] {
            let said: BTreeSet<_> = all().iter().map(|outcome| outcome.explain(language)).collect();
            assert_eq!(said.len(), all().len());
        }
        for outcome in all() {
            assert!(outcome.explain(Language::En).is_ascii());
            assert!(!outcome.explain(Language::ZhHk).is_ascii());
        }
    }

    #[test]
    fn the_code_and_the_text_stand_at_the_end() {
        let refused =
            Outcome::Config { why: ConfigTrouble::Sign, code: 310_000, text: "as said".into() };
        assert!(refused.explain(Language::En).ends_with(" [310000: as said]"));
        assert!(
            Outcome::IpBanned { wait: Duration::from_secs(301) }
                .explain(Language::En)
                .contains("about 6 minutes")
        );
    }
}
