//! Receipts of many languages, each in every encoding that can hold it, must be recognised.

use encoding_rs::{BIG5, EUC_KR, Encoding as Codec, GB18030, SHIFT_JIS};

use super::codepage::Page;
use super::detect::{Evidence, settle};
use super::{CharacterState, Charset, Pages};
use crate::profile::{Encoding, PageFamily};

const TRADITIONAL: [&str; 8] = [
    "單號：1001 凍檸茶 乾炒牛河 合計 八達通 多謝惠顧",
    "應付金額：HK$36.00 現金 找續",
    "重印收據 枱號 12 人數 4 叉燒飯 絲襪奶茶",
    "珍珠奶茶 少甜 走冰 $28.0 支付寶香港",
    "永安堂藥房 止咳水 2 支 $96.00 退貨請保留收據",
    "日結報表 營業總額 $12,340.50 單數 88 作廢 2",
    "點心紙 蝦餃 燒賣 叉燒包 腸粉 茶位 $12",
    "統一發票 買受人 品名 數量 單價 金額 應稅 總計",
];
const SIMPLIFIED: [&str; 8] = [
    "单号：1001 珍珠奶茶 合计 微信支付 谢谢惠顾",
    "欢迎光临 商品名称 单价 数量 小计 肥皂 找零",
    "老巷子饺子馆 猪肉白菜饺子 2份 36.00 实收 现金",
    "会员卡号 余额 积分 优惠券 折扣 应收金额",
    "外卖订单 #12 备注：不要葱 微辣 送达时间 12:30",
    "交接班报表 班次 收银员 营业额 退款 实收合计",
    "厨房单 桌号 A3 人数 2 宫保鸡丁 米饭 加急",
    "结账单 开台时间 服务费 抹零 支付宝 开发票请扫码",
];
const JAPANESE: [&str; 6] = [
    "領収書 らーめん狸 東京都千代田区 電話 03-3251-0044",
    "醤油ラーメン 1 850 味玉 1 120 小計 970 合計 ¥970",
    "お預り 1,000 お釣り 30 毎度ありがとうございます",
    "レシート ご注文番号 12 テーブル 5 カウンター",
    "消費税等 10% 対象 内税 登録番号 T1234567890123",
    "日計レポート 総売上 現金 クレジット 取消 件数",
];
const KOREAN: [&str; 6] = [
    "영수증 상호 김밥천국 대표자 사업자번호 123-45-67890",
    "아메리카노 2 9,000 카페라떼 1 5,000 합계 14,000",
    "부가세 과세 금액 받은금액 거스름돈 카드결제 승인번호",
    "주문번호 45 테블 3 김치찌개 1 공기밥 2 소주 1",
    "일일 정산 매출 합계 현금 카드 취소 건수",
    "감사합니다 안녕히 가세요 교환 환불은 7일 이내",
];
const THAI: [&str; 4] = [
    "ใบเสร็จรับเงิน ครัวคุณยาย โทร 02-123-4567",
    "ผัดไทย 60.00 ต้มยำกุ้ง 120.00 ข้าวเปล่า 15.00",
    "รวมทั้งสิ้น 195.00 เงินสด 200.00 เงินทอน 5.00",
    "ขอบคุณที่ใช้บริการ ใบสั่งอาหาร โต๊ะ 5 พนักงาน สมชาย",
];
const VIETNAMESE: [&str; 4] = [
    "HÓA ĐƠN BÁN HÀNG Phở Bà Sáu Số khách: 4",
    "Phở bò tái 2 x 55.000 Trà đá Không hành Tổng cộng",
    "Tiền mặt Tiền thừa Cảm ơn quý khách Hẹn gặp lại",
    "Giảm giá Thuế GTGT Thành tiền Mã đơn Ngày bán",
];
const RUSSIAN: [&str; 4] = [
    "КАССОВЫЙ ЧЕК Приход Кофе американо 150.00",
    "ИТОГ 450.00 Наличными 500.00 Сдача 50.00",
    "Смена 12 Кассир Иванова Спасибо за покупку",
    "Скидка по карте Безналичными Товар возврату не подлежит",
];
const ARABIC: [&str; 4] = [
    "فاتورة ضريبية مبسطة رقم 1001",
    "شاورما دجاج 2 الإجمالي 36.00 ريال",
    "المبلغ المدفوع نقدا الباقي شكرا لزيارتكم",
    "ضريبة القيمة المضافة المجموع الكاشير محمد",
];
const FRENCH: [&str; 4] = [
    "Café crème brûlée Thé à la menthe 3,50",
    "Règlement espèces Reçu Total à payer Merci de votre visite, à bientôt",
    "Numéro de facture Hôtel du Théâtre Entrée pâté",
    "Déjeuner : bœuf bourguignon, purée, gâteau",
];
const PORTUGUESE: [&str; 4] = [
    "Cupom fiscal eletrônico Pão de queijo Açaí 12,00",
    "Preço unitário Cartão de crédito Operação não autorizada",
    "São Paulo Emissão da nota Informação ao consumidor",
    "Troco Pagamento à vista Agradecemos a preferência, até já",
];

const PLAIN: CharacterState = CharacterState {
    code_page: 0,
    double_byte: false,
    utf8: false,
    international: 0,
    kanji: 0,
    star: false,
    user_defined: false,
};

fn guess(bytes: &[u8], state: CharacterState, evidence: &mut Evidence) -> Charset {
    settle(&[(bytes, state)], Encoding::Auto, Pages::default(), evidence)
}

fn fresh(bytes: &[u8], state: CharacterState) -> Charset {
    guess(bytes, state, &mut Evidence::default())
}

/// `text` in `page`, accents that the page has only as marks taken apart; `None` where it cannot.
fn in_page(text: &str, page: Page) -> Option<Vec<u8>> {
    let byte = |c: char| {
        let found = page.upper().iter().position(|listed| *listed == c);
        if c.is_ascii() { Some(c as u8) } else { found.map(|index| index as u8 | 0x80) }
    };
    let marks = ['\u{300}', '\u{309}', '\u{303}', '\u{301}', '\u{323}'];
    let letters = "AaĂăÂâEeÊêIiOoÔôƠơUuƯưYy";
    let mut bytes = Vec::new();
    for c in text.chars() {
        if let Some(one) = byte(c) {
            bytes.push(one);
            continue;
        }
        let apart = marks.iter().find_map(|mark| {
            let base = letters.chars().find(|l| super::compose::compose(*l, *mark) == Some(c))?;
            Some((byte(base)?, byte(*mark)?))
        });
        let (base, mark) = apart?;
        bytes.extend([base, mark]);
    }
    Some(bytes)
}

fn numbered(code_page: u8) -> CharacterState {
    CharacterState { code_page, ..PLAIN }
}

#[test]
fn double_byte_text_is_read_in_the_encoding_it_was_written_in() {
    let rows: [(&[&str], &'static Codec, Charset); 6] = [
        (&TRADITIONAL, BIG5, Charset::Big5),
        (&TRADITIONAL, GB18030, Charset::Gb18030),
        (&SIMPLIFIED, GB18030, Charset::Gb18030),
        (&JAPANESE, SHIFT_JIS, Charset::ShiftJis),
        (&KOREAN, EUC_KR, Charset::EucKr),
        (&JAPANESE, GB18030, Charset::Gb18030),
    ];
    let mut wrong = Vec::new();
    for (texts, codec, charset) in rows {
        for text in texts {
            let (bytes, _, unmappable) = codec.encode(text);
            assert!(!unmappable, "{text} is not in {}", codec.name());
            // Only Chinese firmware is told to print Japanese in GB 18030.
            let japanese_in_gb = charset == Charset::Gb18030 && JAPANESE.contains(text);
            let state =
                if japanese_in_gb { CharacterState { international: 15, ..PLAIN } } else { PLAIN };
            for double_byte in [false, true] {
                let guessed = fresh(&bytes, CharacterState { double_byte, ..state });
                if guessed != charset {
                    wrong.push(format!("{text}: {guessed:?} for {charset:?}, FS & {double_byte}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn utf8_is_known_in_every_language() {
    let texts = [&TRADITIONAL[..], &SIMPLIFIED, &JAPANESE, &KOREAN, &THAI, &VIETNAMESE];
    let more = [&RUSSIAN[..], &ARABIC, &FRENCH, &PORTUGUESE];
    for text in texts.into_iter().chain(more).flatten() {
        assert_eq!(fresh(text.as_bytes(), PLAIN), Charset::Utf8, "{text}");
    }
}

#[test]
fn single_byte_text_is_read_in_the_page_that_was_selected() {
    let rows: [(&[&str], &[u8]); 6] = [
        (&THAI, &[20, 21, 26]),
        (&VIETNAMESE, &[52]),
        (&RUSSIAN, &[17, 34, 46]),
        (&ARABIC, &[50]),
        (&FRENCH, &[16, 40, 48]),
        (&PORTUGUESE, &[2, 16, 19, 40]),
    ];
    let mut wrong = Vec::new();
    let mut judged = 0;
    for (texts, numbers) in rows {
        for (text, number) in texts.iter().flat_map(|t| numbers.iter().map(move |n| (t, *n))) {
            let page = PageFamily::Epson.page(number, false).expect("these numbers are listed");
            let Some(bytes) = in_page(text, page) else { continue };
            judged += 1;
            let guessed = fresh(&bytes, numbered(number));
            if guessed != Charset::CodePage {
                wrong.push(format!("{text}: {guessed:?} in {}", page.as_str()));
            }
        }
    }
    assert!(judged >= 50, "only {judged} texts could be written");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn accents_among_letters_are_a_code_page_even_where_none_was_selected() {
    for text in FRENCH.iter().chain(&PORTUGUESE) {
        for page in [Page::Cp850, Page::Windows1252] {
            let Some(bytes) = in_page(text, page) else { continue };
            assert_eq!(fresh(&bytes, PLAIN), Charset::CodePage, "{text} in {}", page.as_str());
        }
    }
    assert_eq!(fresh(b"Price \x9c4.50", PLAIN), Charset::CodePage);
    assert_eq!(fresh(&[0xC4; 31], PLAIN), Charset::CodePage, "a ruled line");
}

#[test]
fn a_short_slip_is_read_like_the_receipts_before_it() {
    let rows: [(&str, &str, &'static Codec, Charset); 5] = [
        (TRADITIONAL[0], "外賣", BIG5, Charset::Big5),
        (TRADITIONAL[0], "枱12 走青", GB18030, Charset::Gb18030),
        (SIMPLIFIED[0], "加辣", GB18030, Charset::Gb18030),
        (JAPANESE[1], "味噌", SHIFT_JIS, Charset::ShiftJis),
        (KOREAN[0], "포장", EUC_KR, Charset::EucKr),
    ];
    for (receipt, slip, codec, charset) in rows {
        let mut evidence = Evidence::default();
        for _ in 0..3 {
            assert_eq!(guess(&codec.encode(receipt).0, PLAIN, &mut evidence), charset);
        }
        assert_eq!(guess(&codec.encode(slip).0, PLAIN, &mut evidence), charset, "{slip}");
        let both_valid = [0xB0, 0xA1];
        if charset != Charset::ShiftJis {
            assert_eq!(guess(&both_valid, PLAIN, &mut evidence), charset);
        }
    }
}

#[test]
fn a_printer_that_changes_its_mind_is_believed_in_the_end() {
    let mut evidence = Evidence::default();
    for _ in 0..100 {
        guess(&BIG5.encode(TRADITIONAL[0]).0, PLAIN, &mut evidence);
    }
    assert_eq!(guess(&GB18030.encode(SIMPLIFIED[0]).0, PLAIN, &mut evidence), Charset::Gb18030);
}

#[test]
fn a_receipt_is_clear_and_one_code_is_not() {
    let mut evidence = Evidence::default();
    guess(&[0xB0, 0xA1], PLAIN, &mut evidence);
    assert!(!evidence.certain());
    guess(&BIG5.encode(TRADITIONAL[0]).0, PLAIN, &mut evidence);
    assert!(evidence.certain());
}

#[test]
fn a_configured_encoding_is_not_questioned() {
    let bytes = GB18030.encode(SIMPLIFIED[0]).0;
    let pieces = [(&bytes[..], PLAIN)];
    let settled = |wanted| settle(&pieces, wanted, Pages::default(), &mut Evidence::default());
    assert_eq!(settled(Encoding::Big5), Charset::Big5);
    assert_eq!(settled(Encoding::EucKr), Charset::EucKr);
    assert_eq!(settled(Encoding::Page(Page::Cp866)), Charset::CodePage);
}

#[test]
fn seven_bit_kanji_are_found_and_plain_ascii_is_not_taken_for_them() {
    let on = CharacterState { double_byte: true, ..PLAIN };
    let kana = b"$\"$j$,$H$&$4$6$$$^$9";
    assert_eq!(fresh(kana, on), Charset::ShiftJis);
    assert_eq!(fresh(kana, PLAIN), Charset::Ascii, "not in Kanji mode");
    for text in ["TOTAL:36", "12345678", "--------------------------------", "HK$36.00", "No.10012"]
    {
        assert_eq!(fresh(text.as_bytes(), on), Charset::Ascii, "{text}");
    }
}

#[test]
fn what_the_till_says_of_itself_decides_where_the_text_does_not() {
    let both_valid = [0xB1, 0xCA];
    let said =
        |international, kanji| fresh(&both_valid, CharacterState { international, kanji, ..PLAIN });
    assert_eq!(said(13, 0), Charset::EucKr);
    assert_eq!(said(15, 0), Charset::Gb18030);
    assert_eq!(said(8, 1), Charset::ShiftJis);
    let pages = Pages { family: PageFamily::CnClone, fixed: None };
    let pieces = [(&both_valid[..], PLAIN)];
    let clone = settle(&pieces, Encoding::Auto, pages, &mut Evidence::default());
    assert_eq!(clone, Charset::Gb18030);
}
