//! The words of the interview, in English and in Traditional Chinese as it is written in Hong Kong.
//!
//! Plain text, for a terminal that may be a serial console: no colour, no cursor that moves.

use pos_protocol::event::Kind;

use super::key::{Choice, Key};
use crate::config::Language;
use crate::shop::FindingKind;

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
pub struct Said(&'static str, &'static str);

impl Said {
    /// In one of them.
    pub fn of(self, tongue: Tongue) -> &'static str {
        match tongue {
            Tongue::English => self.0,
            Tongue::Chinese => self.1,
        }
    }
}

pub(super) const ANY_PORT: Said =
    Said("listen on all of them and find the till", "全部一起聽，找出收銀機");

/// Sentences beside the questions.
pub mod said {
    use super::Said;

    /// The first line.
    pub const WELCOME: Said = Said(
        "Posbridge setup. Press Enter to take what stands in [brackets], type ? for help. \
         Nothing is written before the last question; Ctrl-C stops.",
        "Posbridge 安裝。按 Enter 即採用 [方括號] 內的答案，輸入 ? 看說明。\
         最後一題之前不會寫入任何檔案；Ctrl-C 可隨時停止。",
    );
    /// No port is there.
    pub const NO_PORTS: Said = Said(
        "No free serial port is there. Is the adapter plugged in? posbridge ports says who has which.",
        "找不到可用的串口。轉接線插好了嗎？posbridge ports 會列出各串口由誰佔用。",
    );
    /// Listening begins.
    pub const LISTENING: Said = Said(
        "Listening. Ring up a sale now, and print its receipt.",
        "正在監聽。請現在於收銀機做一單並列印收據。",
    );
    /// A line was heard.
    pub const HEARD: Said = Said("heard", "聽到");
    /// What shows that it is right.
    pub const IT_SAYS: Said = Said("it says", "內容");
    /// It reads well, and nothing else does.
    pub const SURE: Said =
        Said("reads well, and no other setting does", "讀得通，而且只有這個設定讀得通");
    /// It may be right.
    pub const PERHAPS: Said =
        Said("reads best; one more receipt would make it sure", "最似；多印一張收據可更肯定");
    /// Nothing came.
    pub const SILENT: Said = Said(
        "No bytes were heard. Look at the cable: the till's TXD (pin 3 of a 9-pin plug) goes to the \
         adapter's RXD (pin 2), and both grounds (pin 5) meet.",
        "沒有聽到任何資料。請檢查接線：收銀機 TXD（9 針的第 3 針）接轉接線 RXD（第 2 針），地線（第 5 針）相接。",
    );
    /// Something came, and nothing reads well.
    pub const UNREADABLE: Said = Said(
        "Bytes were heard, and no setting reads well. Print a longer receipt while it listens.",
        "有資料，但沒有一個設定讀得通。請在監聽時印一張較長的收據。",
    );
    /// A secret that is typed or pasted.
    pub const UNSEEN: Said = Said("(what you type is not shown)", "（輸入時不會顯示）");
    /// A secret that was taken.
    pub const TAKEN: Said = Said("taken", "已收到");
    /// The test message leaves.
    pub const SENDING: Said = Said("Sending the test message.", "正在發送測試訊息。");
    /// It arrived.
    pub const DELIVERED: Said =
        Said("It is in the group. Look at your phone.", "已送到群組，請看手機。");
    /// It did not.
    pub const NOT_DELIVERED: Said = Said("It did not arrive:", "未能送達：");
    /// Over the forecast.
    pub const FORECAST: Said = Said(
        "What that comes to (DingTalk takes 20 messages a minute and about {quota} a month):",
        "預計用量（釘釘每分鐘最多 20 條，每月約 {quota} 條）：",
    );
    /// One line of it.
    pub const FORECAST_LINE: Said = Said(
        "  {word}: about {day} messages a day, {month} a month, at most {minute} in a minute",
        "  {word}：每日約 {day} 條，每月 {month} 條，每分鐘最多 {minute} 條",
    );
    /// Behind a line that will not do.
    pub const TOO_MANY: Said = Said(" - TOO MANY", "，超出上限");
    /// All that was answered.
    pub const SUMMARY: Said = Said("This will be written:", "即將寫入：");
    /// Done.
    pub const WRITTEN: Said = Said("Written:", "已寫入：");
    /// The one that was there.
    pub const KEPT: Said = Said("What was there before:", "原有的檔案：");
    /// What comes next.
    pub const NEXT: Said = Said(
        "Next:\n  posbridge check -c {file}\n  sudo systemctl enable --now posbridge-wire posbridge\n  \
         (or, to try it here: posbridge run -c {file})\n\
         Ring up sales: each comes into the group marked [TEST] and counts nowhere. When they are right:\n  \
         posbridge go-live -c {file}",
        "下一步：\n  posbridge check -c {file}\n  sudo systemctl enable --now posbridge-wire posbridge\n  \
         （或在此直接試用：posbridge run -c {file}）\n\
         做幾單試試：每單會在群組出現，標明【測試】，不計入任何數字。確認無誤後：\n  \
         posbridge go-live -c {file}",
    );
    /// Nothing is written.
    pub const STOPPED: Said = Said("Stopped; nothing was written.", "已停止，沒有寫入任何檔案。");
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

/// The answers there are.
pub(super) fn choices(key: Key, tongue: Tongue) -> Vec<Choice> {
    let list: &[(&str, Said)] = match key {
        Key::Language => {
            &[("en", Said("English", "English")), ("zh-HK", Said("繁體中文", "繁體中文"))]
        }
        Key::Overwrite | Key::Hear | Key::Test | Key::Write => {
            &[("yes", Said("yes", "是")), ("no", Said("no", "否"))]
        }
        Key::Kind => &[
            (
                "serial-tap",
                Said(
                    "serial cable, listened to with a Y cable; printing never depends on us",
                    "串口線，用 Y 線旁聽；列印不受本機影響",
                ),
            ),
            (
                "serial-inline",
                Said(
                    "serial cable, this box in between; nothing prints while it is off",
                    "串口線，本機串接其中；本機關掉就不能列印",
                ),
            ),
            (
                "tcp-proxy",
                Said(
                    "network printer; the till prints to this box, this box to the printer",
                    "網絡打印機；收銀機印到本機，再轉到打印機",
                ),
            ),
            (
                "tcp-printer",
                Said(
                    "this box is the printer, with or without paper",
                    "本機充當打印機，可有紙可無紙",
                ),
            ),
            ("file", Said("a captured file, to try it", "已擷取的檔案，用來試用")),
        ],
        Key::Dialect => &[
            ("auto", Said("found out by itself", "自行判斷")),
            ("escpos", Said("ESC/POS: Epson and most others", "ESC/POS：Epson 及大部分牌子")),
            ("star-line", Said("Star line mode", "Star line mode")),
            ("star-prnt", Said("StarPRNT", "StarPRNT")),
        ],
        Key::Speaks => &[
            ("zh-HK", Said("Traditional Chinese", "繁體中文")),
            ("zh-CN", Said("Simplified Chinese", "簡體中文")),
            ("en", Said("English", "英文")),
            ("id", Said("Indonesian", "印尼文")),
        ],
        Key::IfRefused => &[
            ("again", Said("try again", "再試一次")),
            ("url", Said("give another webhook", "改用另一個 Webhook")),
            ("secret", Said("give another signing secret", "改用另一個加簽密鑰")),
            ("keyword", Said("give another keyword", "改用另一個關鍵詞")),
            ("go-on", Said("go on without", "略過，繼續")),
            ("stop", Said("stop; nothing is written", "停止，不寫入")),
        ],
        Key::Sales => &[
            (
                "auto",
                Said(
                    "a message each while the month allows it, else together",
                    "每月用量足夠時逐單通知，否則合併",
                ),
            ),
            ("each", Said("a message each", "逐單通知")),
            (
                "digest",
                Said("together, every quarter of an hour or less often", "合併，每 15 分鐘或更疏"),
            ),
        ],
        Key::Notices => return notices(tongue),
        _ => &[],
    };
    let choice = |(word, says): &(&str, Said)| Choice {
        word: (*word).to_owned(),
        says: says.of(tongue).to_owned(),
    };
    list.iter().map(choice).collect()
}

/// What can be told: what most want first.
fn notices(tongue: Tongue) -> Vec<Choice> {
    let kinds = [
        (Kind::Sale, Said("sales", "銷售")),
        (Kind::Refund, Said("refunds", "退款")),
        (Kind::Void, Said("voids", "作廢")),
        (Kind::NoSale, Said("drawer opened without a sale", "無銷售開錢櫃")),
        (Kind::DrawerLeftOpen, Said("drawer left open", "錢櫃未關")),
        (Kind::Unread, Said("receipts that could not be read", "讀不到的單據")),
        (Kind::ShiftReport, Said("X and Z reports of the till", "收銀機 X／Z 報表")),
    ];
    let findings = [
        (FindingKind::LowStock, Said("stock running out", "存貨不足")),
        (FindingKind::Exception, Said("what is worth a look at a till", "值得留意的收銀異常")),
        (
            FindingKind::Reconciliation,
            Said("a Z report that differs from our count", "Z 報表與本機紀錄不符"),
        ),
        (FindingKind::DailySummary, Said("the day's takings", "每日總結")),
        (FindingKind::WeeklySummary, Said("the week's", "每週總結")),
        (FindingKind::MonthlySummary, Said("the month's", "每月總結")),
        (FindingKind::Reminder, Said("holidays and promotions ahead", "假期及推廣提示")),
        (FindingKind::Rule, Said("what your own rules say", "自訂規則")),
    ];
    let more = [
        (Kind::Reprint, Said("copies of receipts", "重印收據")),
        (Kind::Bill, Said("bills not paid yet", "未付款帳單")),
        (Kind::KitchenOrder, Said("kitchen orders", "廚房單")),
        (Kind::CardSlip, Said("card slips", "刷卡單")),
        (Kind::PrinterStatus, Said("the printer's troubles", "打印機狀態")),
    ];
    let of_kind = |(kind, says): &(Kind, Said)| Choice {
        word: kind.as_str().to_owned(),
        says: says.of(tongue).to_owned(),
    };
    let of_finding = |(kind, says): &(FindingKind, Said)| Choice {
        word: kind.as_str().to_owned(),
        says: says.of(tongue).to_owned(),
    };
    kinds
        .iter()
        .map(of_kind)
        .chain(findings.iter().map(of_finding))
        .chain(more.iter().map(of_kind))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Tongue, asks, choices, help};
    use crate::init::Key;

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
