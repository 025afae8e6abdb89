//! The answers there are to a question, in words, the likeliest first.

use pos_protocol::event::Kind;

use super::key::{Choice, Key};
use super::words::{Said, Tongue};
use crate::shop::FindingKind;

/// What stands behind the choice of all ports at once.
pub(super) const ANY_PORT: Said =
    Said("listen on all of them and find the till", "全部一起聽，找出收銀機");

/// The page is for this box.
pub(super) const HERE: &str = "here";
/// It is for whoever has the password.
pub(super) const NETWORK: &str = "network";

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
        Key::Page => &[
            (HERE, Said("on this box alone, or through ssh", "只限本機，或經 ssh")),
            (
                NETWORK,
                Said("on phones in the shop's network, with a password", "店內網絡的手機，要密碼"),
            ),
            ("off", Said("no page", "不用網頁")),
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
