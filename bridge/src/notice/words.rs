//! The words of both languages. No logic.

use pos_protocol::event::{Cover, DrawerState, Fault, Kind, Method, Paper};

use crate::config::Language;

/// A word in both languages.
#[derive(Clone, Copy)]
pub(super) struct Word {
    zh: &'static str,
    en: &'static str,
}

impl Word {
    const fn new(zh: &'static str, en: &'static str) -> Self {
        Self { zh, en }
    }

    /// The word in `language`.
    pub(super) fn of(self, language: Language) -> &'static str {
        match language {
            Language::ZhHk | Language::ZhCn => self.zh,
            Language::En | Language::Id => self.en,
        }
    }
}

pub(super) const TEST: Word = Word::new("【測試 TEST】", "[TEST]");
pub(super) const NO_NUMBER: Word = Word::new("無單號", "no number");
pub(super) const NO_AMOUNT: Word = Word::new("無金額", "no amount");
pub(super) const NEW_ORDER: Word = Word::new("新訂單", "New Order");
pub(super) const AMOUNT: Word = Word::new("金額", "Amount");
pub(super) const TIME: Word = Word::new("時間", "Time");
pub(super) const SOURCE: Word = Word::new("收銀機", "Till");
pub(super) const PAID: Word = Word::new("付款", "Paid by");
pub(super) const PAID_BACK: Word = Word::new("退回", "Paid back by");
pub(super) const ITEMS: Word = Word::new("件數", "Items");
pub(super) const MORE_ITEMS: Word = Word::new("另有", "more:");
pub(super) const ORIGINAL: Word = Word::new("原單號", "Original");
pub(super) const RELATED: Word = Word::new("相關編號", "Belongs to");
pub(super) const REFERENCE: Word = Word::new("編號", "Ref");
pub(super) const TABLE: Word = Word::new("枱號", "Table");
pub(super) const TERMINAL: Word = Word::new("終端機", "Terminal");
pub(super) const DISCOUNT: Word = Word::new("折扣", "Discount");
pub(super) const DRAWER: Word = Word::new("錢箱", "Drawer");
pub(super) const PRINTED: Word = Word::new("列印內容", "Printed");
pub(super) const REPORT_NUMBER: Word = Word::new("報表號", "Report");
pub(super) const GROSS: Word = Word::new("總銷售", "Gross");
pub(super) const NET: Word = Word::new("淨額", "Net");
pub(super) const REFUNDS: Word = Word::new("退款", "Refunds");
pub(super) const VOIDS: Word = Word::new("作廢", "Voids");
pub(super) const NO_SALES: Word = Word::new("無交易開錢箱", "Drawer without sale");
pub(super) const RECEIPTS: Word = Word::new("單數", "Receipts");
pub(super) const OFF: Word = Word::new(
    "⚠ 金額不符：收據上的數字加起來不對",
    "⚠ Amounts do not add up: the figures on the receipt contradict each other",
);
pub(super) const GAP: Word = Word::new(
    "⚠ 可能有遺漏：部分資料沒有收到",
    "⚠ Something may be missing: part of the data was not received",
);
pub(super) const COLON: Word = Word::new("：", ": ");
pub(super) const HELLO: Word = Word::new("Hello POS! 測試訊息", "Hello POS! Test message");
pub(super) const SHOP: Word = Word::new("店舖", "Shop");

/// What kind of statement it is, with a sign that is seen before the word is read.
pub(super) fn kind(kind: Kind) -> Word {
    match kind {
        Kind::Sale => Word::new("🧾 銷售", "🧾 Sale"),
        Kind::Refund => Word::new("🔴 退款", "🔴 REFUND"),
        Kind::Void => Word::new("❌ 作廢", "❌ VOID"),
        Kind::Reprint => Word::new("🖨️ 重印收據", "🖨️ Reprint"),
        Kind::Bill => Word::new("📝 帳單（未付款）", "📝 Bill, not paid yet"),
        Kind::KitchenOrder => Word::new("🍳 廚房單", "🍳 Kitchen order"),
        Kind::ShiftReport => Word::new("📊 結算報表", "📊 Shift report"),
        Kind::TopUp => Word::new("💳 增值", "💳 Top-up"),
        Kind::CardSlip => Word::new("💳 刷卡單", "💳 Card slip"),
        Kind::TableMove => Word::new("🔀 轉枱", "🔀 Table move"),
        Kind::Training => Word::new("🎓 練習單（不計算）", "🎓 Training, not counted"),
        Kind::Membership => Word::new("👤 會籍", "👤 Membership"),
        Kind::DrawerOpened => Word::new("🔓 錢箱打開", "🔓 Drawer opened"),
        Kind::NoSale => Word::new("🚨 無交易打開錢箱", "🚨 Drawer opened WITHOUT a sale"),
        Kind::DrawerLeftOpen => Word::new("🚨 錢箱未關", "🚨 Drawer left open"),
        Kind::DrawerClosed => Word::new("🔒 錢箱關上", "🔒 Drawer closed"),
        Kind::PrinterStatus => Word::new("🖨️ 打印機狀態", "🖨️ Printer status"),
        Kind::RasterReceipt => {
            Word::new("🖼️ 圖像收據（未能讀取文字）", "🖼️ Receipt as a picture, no text to read")
        }
        Kind::Inventory => Word::new("📦 存貨", "📦 Stock"),
        Kind::Approval => Word::new("✅ 批核", "✅ Approval"),
        Kind::Correction => Word::new("✏️ 更正", "✏️ Correction"),
        Kind::Document => Word::new("📄 文件", "📄 Document"),
        Kind::Unread => Word::new("❓ 未能讀取的收據", "❓ Receipt that could not be read"),
    }
}

/// A means of payment.
pub(super) fn method(method: Method) -> Word {
    match method {
        Method::Cash => Word::new("現金", "Cash"),
        Method::Octopus => Word::new("八達通", "Octopus"),
        Method::Visa => Word::new("Visa", "Visa"),
        Method::Mastercard => Word::new("萬事達卡", "Mastercard"),
        Method::Unionpay => Word::new("銀聯", "UnionPay"),
        Method::Amex => Word::new("美國運通", "American Express"),
        Method::Jcb => Word::new("JCB", "JCB"),
        Method::Eps => Word::new("易辦事", "EPS"),
        Method::Fps => Word::new("轉數快", "FPS"),
        Method::Payme => Word::new("PayMe", "PayMe"),
        Method::Alipay => Word::new("支付寶", "Alipay"),
        Method::WechatPay => Word::new("微信支付", "WeChat Pay"),
        Method::Card => Word::new("信用卡", "Card"),
        Method::Voucher => Word::new("禮券", "Voucher"),
        Method::Member => Word::new("會員儲值", "Member account"),
        Method::Other => Word::new("其他", "Other"),
    }
}

pub(super) const BY_KEY: Word = Word::new(
    "用鎖匙打開（感應器顯示，收銀機沒有發出指令）",
    "opened by hand or key, says its sensor; the till did not tell it to",
);
pub(super) const COVER: Word = Word::new("機蓋", "Cover");
pub(super) const PAPER: Word = Word::new("紙張", "Paper");
pub(super) const FAULT: Word = Word::new("故障", "Fault");
pub(super) const ONLINE: Word = Word::new("連線", "Line");
pub(super) const OFFLINE: Word = Word::new("離線，不能列印", "off line, prints nothing");
pub(super) const PRINTER_WELL: Word = Word::new("✅ 打印機恢復正常", "✅ Printer is well again");
pub(super) const PRINTER_TROUBLE: Word =
    Word::new("⚠️ 打印機需要處理", "⚠️ Printer needs attention");

/// How much paper there is.
pub(super) fn paper(paper: Paper) -> Word {
    match paper {
        Paper::Ok => Word::new("足夠", "enough"),
        Paper::Low => Word::new("快用完", "running low"),
        Paper::Out => Word::new("已用完，請換紙", "OUT, put in a new roll"),
    }
}

/// How the cover is.
pub(super) fn cover(cover: Cover) -> Word {
    match cover {
        Cover::Closed => Word::new("已關好", "closed"),
        Cover::Open => Word::new("打開了", "open"),
    }
}

/// What is broken; nothing where nothing is.
pub(super) fn fault(fault: Fault) -> Option<Word> {
    Some(match fault {
        Fault::None => return None,
        Fault::Recoverable => {
            Word::new("可自行恢復（過熱或卡紙）", "goes away by itself (too hot, or a jam)")
        }
        Fault::Cutter => Word::new("切紙刀卡住", "the cutter is jammed"),
        Fault::Unrecoverable => {
            Word::new("請關機再開；仍有問題請維修", "switch it off and on; if it stays, repair it")
        }
        Fault::Unspecified => Word::new("原因不明", "it did not say which"),
    })
}

/// How far a drawer movement is known.
pub(super) fn drawer(state: DrawerState) -> Word {
    match state {
        DrawerState::Commanded => Word::new("收銀機已發出打開指令", "the till told it to open"),
        DrawerState::Opened => Word::new("感應器確認已打開", "open, says its sensor"),
        DrawerState::Unconfirmed => {
            Word::new("已發指令，感應器未確認", "told to open, its sensor did not confirm")
        }
        DrawerState::Closed => Word::new("感應器確認已關上", "closed, says its sensor"),
    }
}
