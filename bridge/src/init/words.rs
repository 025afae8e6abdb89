//! The words of the questions, in English and in Traditional Chinese as it is written in Hong Kong.
//!
//! Plain text, for a terminal that may be a serial console: no colour, no cursor that moves.

use super::key::Key;
use crate::config::Language;

/// The language that is spoken with whoever installs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tongue {
    /// English.
    #[default]
    English,
    /// Traditional Chinese, Hong Kong.
    Chinese,
}

impl Tongue {
    /// As the language of messages.
    pub fn language(self) -> Language {
        match self {
            Self::English => Language::En,
            Self::Chinese => Language::ZhHk,
        }
    }
}

/// A text in both.
#[derive(Clone, Copy, Debug)]
pub struct Said(pub(super) &'static str, pub(super) &'static str);

impl Said {
    /// In one of them.
    pub fn of(self, tongue: Tongue) -> &'static str {
        match tongue {
            Tongue::English => self.0,
            Tongue::Chinese => self.1,
        }
    }
}

/// The question.
pub(super) fn asks(key: Key) -> Said {
    match key {
        Key::Language => Said("Language / 語言", "語言 / Language"),
        Key::Overwrite => {
            Said("There is a configuration already. Replace it?", "已有設定檔。要取代它嗎？")
        }
        Key::Kind => Said("How does the till reach its printer?", "收銀機怎樣連接打印機？"),
        Key::Port => Said("Which serial port leads to the till?", "哪個串口連接收銀機？"),
        Key::Hear => Said("Listen to the line now?", "現在監聽線路嗎？"),
        Key::Line => Said("Speed of the line", "線路速度"),
        Key::Dialect => Said("Language of the printer", "打印機語言"),
        Key::Encoding => Said("Encoding of its text", "文字編碼"),
        Key::Listen => {
            Said("Address that the till prints to (this box)", "收銀機列印到哪個地址（本機）")
        }
        Key::Upstream => Said("Address of the real printer", "真正打印機的地址"),
        Key::Printer => Said("What prints the paper", "由甚麼列印紙張"),
        Key::Path => Said("The file", "檔案"),
        Key::Source => Said("Name of this till", "這部收銀機的名稱"),
        Key::Shop => Said("Name of the shop", "店舖名稱"),
        Key::Timezone => Said("Time zone", "時區"),
        Key::Currency => Said("Currency", "貨幣"),
        Key::Speaks => Said("Language of the messages in the group", "群組訊息的語言"),
        Key::Hours => Said("Opening hours", "營業時間"),
        Key::RobotUrl => Said("Webhook of the group's robot", "群組機械人的 Webhook"),
        Key::RobotSecret => Said("Signing secret of the robot", "機械人的加簽密鑰"),
        Key::Keyword => Said("Keyword of the robot", "機械人的關鍵詞"),
        Key::Test => Said("Send a test message to the group now?", "現在發送測試訊息到群組嗎？"),
        Key::IfRefused => Said("What now?", "下一步？"),
        Key::SalesADay => Said("Roughly how many sales a day?", "每日大約多少單？"),
        Key::Notices => Said(
            "What should the group be told? Numbers or words, with commas",
            "群組要收到甚麼？輸入編號或字詞，以逗號分隔",
        ),
        Key::Sales => Said("How are ordinary sales told?", "一般銷售怎樣通知？"),
        Key::Page => Said("Who may look at the page in a browser?", "誰可用瀏覽器看狀態網頁？"),
        Key::PagePassword => Said("Password of the page", "網頁密碼"),
        Key::Journal => Said("Where is the journal kept?", "記錄檔放在哪裡？"),
        Key::Write => Said("Write it?", "寫入嗎？"),
    }
}

/// What to know before it is answered.
pub(super) fn help(key: Key) -> Said {
    match key {
        Key::Language => Said("The language of these questions.", "這些問題所用的語言。"),
        Key::Overwrite => Said("The old one is kept beside it, .old.", "舊檔會保留為 .old。"),
        Key::Kind => Said(
            "A tap is safest: printing goes on when this box is off. docs/SOURCES.md compares them.",
            "旁聽最安全：本機關掉時照常列印。比較見 docs/SOURCES.md。",
        ),
        Key::Port => Said(
            "A number of the list, or a path such as /dev/serial/by-id/...",
            "輸入編號，或路徑如 /dev/serial/by-id/...。",
        ),
        Key::Hear => Said(
            "It writes nothing to the line. Without it you have to know the speed.",
            "監聽時不會向線路寫入任何資料。不監聽就要知道速度。",
        ),
        Key::Line => Said(
            "9600, or 9600 7E1. The printer prints it: hold FEED while switching it on.",
            "9600，或 9600 7E1。按住 FEED 開機，打印機會印出。",
        ),
        Key::Dialect => {
            Said("auto finds it out by what is printed.", "auto 會按列印內容自行判斷。")
        }
        Key::Encoding => Said(
            "auto, big5, gb18030, ...; auto finds it out by what is printed.",
            "auto、big5、gb18030 等；auto 會自行判斷。",
        ),
        Key::Listen => {
            Said("0.0.0.0:9100 is every address of this box.", "0.0.0.0:9100 即本機所有地址。")
        }
        Key::Upstream => Said(
            "Such as 192.168.1.50:9100. Give the printer a fixed address.",
            "例如 192.168.1.50:9100。打印機要用固定地址。",
        ),
        Key::Printer => Said(
            "In line: the port towards the printer. Else /dev/usb/lp0 or tcp:192.168.1.50:9100, or nothing.",
            "串接：連接打印機的串口。否則 /dev/usb/lp0 或 tcp:192.168.1.50:9100，也可留空。",
        ),
        Key::Path => Said(
            "A captured stream; it is read from its start and followed.",
            "已擷取的資料；由頭讀起並持續跟進。",
        ),
        Key::Source => Said(
            "Letters, digits, -, _ and .; it stands in messages.",
            "英文字母、數字、-、_ 及 .；會在訊息中出現。",
        ),
        Key::Shop => {
            Said("As on the sign; it stands in every message.", "與招牌相同；每條訊息都會出現。")
        }
        Key::Timezone => Said(
            "An IANA name: Asia/Hong_Kong, Asia/Shanghai, Asia/Jakarta.",
            "IANA 名稱：Asia/Hong_Kong、Asia/Shanghai、Asia/Jakarta。",
        ),
        Key::Currency => Said(
            "Where a receipt names none: HKD, CNY, IDR, ...",
            "收據沒有寫明時採用：HKD、CNY、IDR 等。",
        ),
        Key::Speaks => Said("zh-HK, zh-CN, en, id.", "zh-HK、zh-CN、en、id。"),
        Key::Hours => Said(
            "11:00-22:30, or nothing. Summaries come after closing.",
            "11:00-22:30，可留空。打烊後發送總結。",
        ),
        Key::RobotUrl => Said(
            "Group settings, smart group assistant, add robot, custom: copy its webhook. Or file:PATH.",
            "群設定 → 智能群助手 → 新增機械人 → 自訂：複製 Webhook。也可輸入 file:路徑。",
        ),
        Key::RobotSecret => Said(
            "SEC..., where \"sign\" was ticked; else nothing. Or file:PATH.",
            "勾選了「加簽」才有（SEC...），否則留空。也可輸入 file:路徑。",
        ),
        Key::Keyword => Said(
            "One of its keywords, where it has any; else nothing.",
            "有設定關鍵詞就輸入其中一個，否則留空。",
        ),
        Key::Test => {
            Said("\"Hello POS!\"; one of the month's messages.", "「Hello POS!」；佔每月用量一條。")
        }
        Key::IfRefused => Said(
            "Mend it in DingTalk and try again, or give another address, secret or keyword.",
            "在釘釘改正後再試，或改用另一個地址、密鑰或關鍵詞。",
        ),
        Key::SalesADay => Said("Only for the forecast.", "只用於預計用量。"),
        Key::Notices => {
            Said("Changed at any time: `notices` in the file.", "可隨時更改：檔案中的 notices。")
        }
        Key::Sales => {
            Said("Refunds, voids and alarms always go at once.", "退款、作廢及警報一律即時發送。")
        }
        Key::Page => Said(
            "It says whether all is well, and shows each receipt. docs/PAGE.md says how it is reached.",
            "顯示一切是否正常及每張單據。怎樣打開見 docs/PAGE.md。",
        ),
        Key::PagePassword => Said(
            "At least ten characters, such as four words. posbridge web-password changes it.",
            "最少十個字元，例如四個字詞。可用 posbridge web-password 更改。",
        ),
        Key::Journal => Said(
            "On a disk with room; a busy shop needs about 200 MiB a month.",
            "放在有空間的磁碟；繁忙店舖每月約需 200 MiB。",
        ),
        Key::Write => Said(
            "mode 0600; the webhook and the secret in files of their own.",
            "權限 0600；Webhook 及密鑰另存檔案。",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::{Tongue, asks, help};
    use crate::init::Key;
    use crate::init::choices::choices;

    #[test]
    fn every_question_is_said_in_both_languages_and_shows_no_mark_of_another() {
        for &key in Key::ALL {
            for tongue in [Tongue::English, Tongue::Chinese] {
                assert!(!asks(key).of(tongue).is_empty() && !help(key).of(tongue).is_empty());
                assert!(
                    choices(key, tongue).iter().all(|choice| !choice.says.is_empty()),
                    "{key:?}"
                );
            }
            assert!(key == Key::Language || asks(key).of(Tongue::English).is_ascii(), "{key:?}");
        }
    }
}
