//! The golden file of a conversation in every language, to be read by a person.
//!
//! `UPDATE_GOLDEN=1 cargo test -p posbridge --lib golden` rewrites it; then read the difference.

use std::fmt::Write as _;
use std::path::Path;

use super::run::{asked, work};
use super::samples::{CAFE, Place, message};
use crate::app::Nobody;

const ZH_HK: [(&str, &str); 17] = [
    ("ann", "@收銀 今日營業額"),
    ("ann", "昨日營業額"),
    ("ann", "上個月營業額"),
    ("ann", "最近三張單"),
    ("ann", "查單 1042"),
    ("ann", "查單 43"),
    ("ann", "最暢銷"),
    ("ann", "存貨"),
    ("ann", "凍奶茶存貨"),
    ("ann", "奶茶存貨"),
    ("ann", "設定檸檬茶存貨為 30"),
    ("boss", "設定檸檬茶存貨為 30"),
    ("boss", "設定檸檬茶存貨為 30 公斤"),
    ("ann", "誰在當值"),
    ("boss", "靜音一小時"),
    ("boss", "取消靜音"),
    ("ann", "天氣如何"),
];
const ZH_CN: [(&str, &str); 8] = [
    ("ann", "今天营业额"),
    ("ann", "本周营业额"),
    ("ann", "查单 9999"),
    ("ann", "珍珠还剩多少"),
    ("boss", "将珍珠库存改为 -5"),
    ("ann", "静音"),
    ("ann", "谁在当班"),
    ("ann", "帮助"),
];
const EN: [(&str, &str); 10] = [
    ("ann", "takings today"),
    ("ann", "takings last week"),
    ("ann", "last 2 receipts"),
    ("ann", "find 1041"),
    ("ann", "top sellers this week"),
    ("ann", "stock of 凍奶荼"),
    ("boss", "set stock of 凍奶茶 to 20 cups"),
    ("ann", "who is on shift?"),
    ("boss", "mute for an hour"),
    ("ann", "sing a song"),
];
const ID: [(&str, &str); 8] = [
    ("ann", "pendapatan hari ini"),
    ("ann", "2 struk terakhir"),
    ("ann", "cari 1043"),
    ("ann", "terlaris"),
    ("ann", "stok 珍珠"),
    ("boss", "atur stok 珍珠 jadi 500"),
    ("ann", "siapa yang jaga"),
    ("ann", "bantuan"),
];

#[tokio::test]
async fn a_conversation_in_each_language_reads_as_the_golden_file_shows() {
    let mut found = String::new();
    for (name, talk) in [("zh-HK", &ZH_HK[..]), ("zh-CN", &ZH_CN), ("en", &EN), ("id", &ID)] {
        // Each begins with the same books.
        let place = Place::of(CAFE);
        let (hall, config) = (&place.hall, &place.config);
        writeln!(found, "======== {name}\n").expect("a string");
        for (who, text) in talk {
            let message = message(who, Some("收銀群組"), text);
            let reply = work(&message, &asked(&message, config), hall, config, &Nobody).await;
            let text = reply.text.replace("  \n", "\n");
            writeln!(found, "{who}: {}\n[{}]\n{text}\n", message.text, reply.title)
                .expect("a string");
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ask/golden.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &found).expect("room");
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    let first = golden.lines().zip(found.lines()).find(|(a, b)| a != b);
    assert_eq!(first, None, "UPDATE_GOLDEN=1 rewrites it");
    assert_eq!(golden.len(), found.len(), "UPDATE_GOLDEN=1 rewrites it");
}
