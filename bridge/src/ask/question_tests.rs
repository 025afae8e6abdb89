//! Questions as people type them, in the languages of messages.

use rust_decimal::Decimal;

use super::question::{Asked, Question, Span, understand};
use crate::config::Language;

const SHOPS: [&str; 2] = ["中環", "Mong Kok"];

fn ask(text: &str) -> Asked {
    understand(text, SHOPS.into_iter(), Language::ZhHk)
}

/// The question with the barest form of its name.
fn shape(text: &str) -> String {
    match ask(text).question {
        Question::Stock(Some(name)) => format!("stock {}", name.barest()),
        Question::SetStock { name, quantity, unit } => {
            let unit = unit.map(|unit| format!(" {unit}")).unwrap_or_default();
            format!("set {} {quantity}{unit}", name.barest())
        }
        other => format!("{other:?}"),
    }
}

#[test]
fn the_same_is_understood_however_it_is_said() {
    for (meant, texts) in [
        (
            "Takings(Today)",
            &[
                "今日營業額",
                "今日营业额?",
                "@收銀 今日營業額",
                "今日做咗幾多生意",
                "營業額",
                "今日",
                "takings today",
                "Sales today?",
                "how much did we make today",
                "ＴＡＫＩＮＧＳ",
                "pendapatan hari ini",
                "omzet",
            ][..],
        ),
        (
            "Takings(Yesterday)",
            &[
                "昨日營業額",
                "琴日生意點呀",
                "昨天卖了多少",
                "takings yesterday",
                "yesterday's sales",
                "penjualan kemarin",
            ],
        ),
        (
            "Takings(ThisWeek)",
            &[
                "本週營業額",
                "呢個禮拜生意",
                "这周营业额",
                "takings this week",
                "pendapatan minggu ini",
            ],
        ),
        ("Takings(LastWeek)", &["上星期營業額", "sales last week", "omset minggu lalu"]),
        ("Takings(LastMonth)", &["上個月營業額", "revenue last month", "pendapatan bulan lalu"]),
        (
            "Last(5)",
            &[
                "最近的單據",
                "最近五張單",
                "last receipts",
                "latest sales",
                "5 struk terakhir",
                "最近 ５ 張單",
            ],
        ),
        ("Last(3)", &["最後三單", "last 3 receipts", "3 nota terakhir"]),
        ("Last(10)", &["last 500 receipts"]),
        (
            r#"Find("1043")"#,
            &[
                "find 1043",
                "查單1043",
                "搵 #1043",
                "找１０４３",
                "receipt 1043",
                "cari struk 1043",
                "1043",
                "#1043",
                "單號 1043",
            ],
        ),
        (r#"Find("A-1043")"#, &["find A-1043", "A-1043"]),
        (
            "Top(Today)",
            &[
                "最暢銷",
                "今日最好賣",
                "top sellers",
                "best sellers today",
                "terlaris hari ini",
                "热卖",
            ],
        ),
        ("Top(ThisWeek)", &["本周畅销", "what sells best this week", "paling laku minggu ini"]),
        ("Stock(None)", &["存貨", "库存", "stock", "stok"]),
        (
            "stock 奶茶",
            &[
                "奶茶存貨",
                "存貨：奶茶",
                "仲有幾多奶茶",
                "奶茶还剩多少？",
                "stock of 奶茶",
                "how many 奶茶 left",
                "stok 奶茶",
                "berapa sisa 奶茶",
                "查詢奶茶的庫存",
            ],
        ),
        (
            "stock milk tea",
            &[
                "stock of milk tea",
                "Milk tea stock",
                "how much milk tea is left?",
                "do we have milk tea in stock",
                "stok milk tea",
            ],
        ),
        (
            "OnShift",
            &[
                "誰在當值",
                "邊個返緊工",
                "谁在当班",
                "who is on shift?",
                "who's working",
                "siapa yang jaga",
            ],
        ),
        (
            "Mute",
            &["靜音一小時", "mute for an hour", "唔好嘈", "senyap satu jam", "please be quiet"],
        ),
        ("Unmute", &["取消靜音", "unmute", "batal senyap"]),
        ("Help", &["幫助", "help", "bantuan", "你好", "HELP!"]),
        (
            "Unknown",
            &[
                "",
                "?",
                "天氣如何",
                "transfer 5 milk tea from A to B",
                "what is love",
                "find",
                "last",
                "set",
            ],
        ),
    ] {
        for text in texts {
            assert_eq!(shape(text).to_lowercase(), meant.to_lowercase(), "{text:?}");
        }
    }
}

#[test]
fn a_level_is_set_only_where_it_says_so() {
    for (text, meant) in [
        ("set stock of milk tea to 20", "set milk tea 20"),
        ("set milk tea to 2.5 kg", "set milk tea 2.5 kg"),
        ("set the stock of Milk Tea = 20", "set Milk Tea 20"),
        ("stock of milk tea: 20", "set milk tea 20"),
        ("設定奶茶存貨為 20", "set 奶茶 20"),
        ("将奶茶库存改为20份", "set 奶茶 20 份"),
        ("奶茶存貨＝２０", "set 奶茶 20"),
        ("atur stok teh susu jadi 20", "set teh susu 20"),
        ("ubah stok teh susu menjadi 0", "set teh susu 0"),
        ("set stock of tea to -3", "set tea -3"),
        // Asked, not told.
        ("奶茶存貨 20", "stock 奶茶 20"),
        ("stock of milk tea 20", "stock milk tea 20"),
    ] {
        assert_eq!(shape(text), meant, "{text:?}");
    }
    let doubtful = ask("set stock of tea to 1,000").question;
    assert!(!matches!(doubtful, Question::SetStock { .. }), "{doubtful:?}");
}

#[test]
fn a_name_that_begins_with_a_word_of_the_question_is_tried_whole_first() {
    let Question::SetStock { name, quantity, .. } = ask("設調味粉存貨為 5").question else {
        panic!("a level")
    };
    assert_eq!(quantity, Decimal::from(5));
    assert!(name.forms().contains(&"調味粉".to_owned()), "{name:?}");
    let Question::Stock(Some(name)) = ask("有機奶存貨").question else { panic!("a stock") };
    assert_eq!(name.forms()[0], "有機奶");
}

#[test]
fn the_answer_is_in_the_language_of_the_question() {
    for (text, language) in [
        ("今日營業額", Language::ZhHk),
        ("今天营业额", Language::ZhCn),
        ("今日", Language::ZhHk),
        ("takings", Language::En),
        ("stock of 奶茶", Language::En),
        ("pendapatan", Language::Id),
        ("penjualan kemarin", Language::Id),
        ("what is love", Language::En),
        ("天气如何", Language::ZhCn),
        ("1043", Language::ZhHk),
        ("", Language::ZhHk),
    ] {
        assert_eq!(ask(text).language, language, "{text:?}");
    }
    let own = |text| understand(text, SHOPS.into_iter(), Language::Id).language;
    assert_eq!((own("1043"), own("what is love")), (Language::Id, Language::Id));
}

#[test]
fn a_shop_is_named_anywhere_and_is_no_part_of_the_rest() {
    let asked = ask("takings yesterday at mong kok");
    assert_eq!(asked.shop.as_deref(), Some("Mong Kok"));
    assert_eq!(asked.question, Question::Takings(Span::Yesterday));
    let asked = ask("中環奶茶存貨");
    assert_eq!(asked.shop.as_deref(), Some("中環"));
    let Question::Stock(Some(name)) = asked.question else { panic!("a stock") };
    assert_eq!(name.barest(), "奶茶");
}
