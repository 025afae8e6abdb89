//! The closed vocabularies of events: kinds, means of payment, drawer and printer states.

use pos_protocol::event::{Cover, DrawerState, Fault, Kind, Method, Paper};

use super::Word;

/// A statement's sign, which is seen before a word is read, and its word.
#[derive(Clone, Copy)]
pub(in crate::notice) struct Sign {
    pub(in crate::notice) emoji: &'static str,
    pub(in crate::notice) word: Word,
}

impl Sign {
    pub(super) const fn new(
        emoji: &'static str,
        zh_hk: &'static str,
        zh_cn: &'static str,
        en: &'static str,
        id: &'static str,
    ) -> Self {
        Self { emoji, word: Word::new(zh_hk, zh_cn, en, id) }
    }
}

pub(in crate::notice) const PRINTER_WELL: Sign = Sign::new(
    "✅",
    "打印機恢復正常",
    "打印机恢复正常",
    "Printer is well again",
    "Printer kembali normal",
);
pub(in crate::notice) const PRINTER_TROUBLE: Sign = Sign::new(
    "⚠️",
    "打印機需要處理",
    "打印机需要处理",
    "Printer needs attention",
    "Printer perlu diperiksa",
);

/// What kind of statement it is.
pub(in crate::notice) fn kind(kind: Kind) -> Sign {
    match kind {
        Kind::Sale => Sign::new("🧾", "銷售", "销售", "Sale", "Penjualan"),
        Kind::Refund => Sign::new("🔴", "退款", "退款", "REFUND", "PENGEMBALIAN DANA"),
        Kind::Void => Sign::new("❌", "作廢", "作废", "VOID", "DIBATALKAN"),
        Kind::Reprint => Sign::new("🖨️", "重印收據", "重打小票", "Reprint", "Cetak ulang"),
        Kind::Bill => Sign::new(
            "📝",
            "帳單（未付款）",
            "账单（未付款）",
            "Bill, not paid yet",
            "Tagihan, belum dibayar",
        ),
        Kind::KitchenOrder => Sign::new("🍳", "廚房單", "厨房单", "Kitchen order", "Pesanan dapur"),
        Kind::ShiftReport => Sign::new("📊", "結算報表", "交班报表", "Shift report", "Laporan sif"),
        Kind::TopUp => Sign::new("💳", "增值", "充值", "Top-up", "Isi saldo"),
        Kind::CardSlip => Sign::new("💳", "刷卡單", "刷卡单", "Card slip", "Struk kartu"),
        Kind::TableMove => Sign::new("🔀", "轉枱", "转台", "Table move", "Pindah meja"),
        Kind::Training => Sign::new(
            "🎓",
            "練習單（不計算）",
            "练习单（不计入）",
            "Training, not counted",
            "Latihan, tidak dihitung",
        ),
        Kind::Membership => Sign::new("👤", "會籍", "会员", "Membership", "Keanggotaan"),
        Kind::DrawerOpened => {
            Sign::new("🔓", "錢箱打開", "钱箱打开", "Drawer opened", "Laci uang dibuka")
        }
        Kind::NoSale => Sign::new(
            "🚨",
            "無交易打開錢箱",
            "无交易打开钱箱",
            "Drawer opened WITHOUT a sale",
            "Laci uang dibuka TANPA penjualan",
        ),
        Kind::DrawerLeftOpen => Sign::new(
            "🚨",
            "錢箱未關",
            "钱箱未关",
            "Drawer left open",
            "Laci uang DIBIARKAN TERBUKA",
        ),
        Kind::DrawerClosed => {
            Sign::new("🔒", "錢箱關上", "钱箱关上", "Drawer closed", "Laci uang ditutup")
        }
        Kind::PrinterStatus => {
            Sign::new("🖨️", "打印機狀態", "打印机状态", "Printer status", "Status printer")
        }
        Kind::RasterReceipt => Sign::new(
            "🖼️",
            "圖像收據（未能讀取文字）",
            "图像小票（无法读取文字）",
            "Receipt as a picture, no text to read",
            "Struk berupa gambar, tidak ada teks yang terbaca",
        ),
        Kind::Inventory => Sign::new("📦", "存貨", "库存", "Stock", "Stok"),
        Kind::Approval => Sign::new("✅", "批核", "审批", "Approval", "Persetujuan"),
        Kind::Correction => Sign::new("✏️", "更正", "更正", "Correction", "Koreksi"),
        Kind::Document => Sign::new("📄", "文件", "文件", "Document", "Dokumen"),
        Kind::Unread => Sign::new(
            "❓",
            "未能讀取的收據",
            "无法读取的小票",
            "Receipt that could not be read",
            "Struk yang tidak terbaca",
        ),
    }
}

/// A means of payment.
pub(in crate::notice) fn method(method: Method) -> Word {
    match method {
        Method::Cash => Word::new("現金", "现金", "Cash", "Tunai"),
        Method::Octopus => Word::new("八達通", "八达通", "Octopus", "Octopus"),
        Method::Visa => Word::same("Visa"),
        Method::Mastercard => Word::new("萬事達卡", "万事达卡", "Mastercard", "Mastercard"),
        Method::Unionpay => Word::new("銀聯", "银联", "UnionPay", "UnionPay"),
        Method::Amex => Word::new("美國運通", "美国运通", "American Express", "American Express"),
        Method::Jcb => Word::same("JCB"),
        Method::Eps => Word::new("易辦事", "易办事", "EPS", "EPS"),
        Method::Fps => Word::new("轉數快", "转数快", "FPS", "FPS"),
        Method::Payme => Word::same("PayMe"),
        Method::Alipay => Word::new("支付寶", "支付宝", "Alipay", "Alipay"),
        Method::WechatPay => Word::new("微信支付", "微信支付", "WeChat Pay", "WeChat Pay"),
        Method::Card => Word::new("信用卡", "银行卡", "Card", "Kartu"),
        Method::Voucher => Word::new("禮券", "代金券", "Voucher", "Voucher"),
        Method::Member => Word::new("會員儲值", "会员储值", "Member account", "Saldo anggota"),
        Method::Other => Word::new("其他", "其他", "Other", "Lainnya"),
    }
}

/// How much paper there is.
pub(in crate::notice) fn paper(paper: Paper) -> Word {
    match paper {
        Paper::Ok => Word::new("足夠", "充足", "enough", "cukup"),
        Paper::Low => Word::new("快用完", "快用完", "running low", "hampir habis"),
        Paper::Out => Word::new(
            "已用完，請換紙",
            "已用完，请换纸",
            "OUT, put in a new roll",
            "HABIS, pasang gulungan baru",
        ),
    }
}

/// How the cover is.
pub(in crate::notice) fn cover(cover: Cover) -> Word {
    match cover {
        Cover::Closed => Word::new("已關好", "已关好", "closed", "tertutup"),
        Cover::Open => Word::new("打開了", "打开了", "open", "terbuka"),
    }
}

/// What is broken; nothing where nothing is.
pub(in crate::notice) fn fault(fault: Fault) -> Option<Word> {
    Some(match fault {
        Fault::None => return None,
        Fault::Recoverable => Word::new(
            "可自行恢復（過熱或卡紙）",
            "可自行恢复（过热或卡纸）",
            "goes away by itself (too hot, or a jam)",
            "hilang sendiri (terlalu panas atau kertas macet)",
        ),
        Fault::Cutter => {
            Word::new("切紙刀卡住", "切纸刀卡住", "the cutter is jammed", "pemotong kertas macet")
        }
        Fault::Unrecoverable => Word::new(
            "請關機再開；仍有問題請維修",
            "请关机重启；仍有问题请维修",
            "switch it off and on; if it stays, repair it",
            "matikan lalu nyalakan; jika tetap begitu, perbaiki",
        ),
        Fault::Unspecified => Word::new(
            "原因不明",
            "原因不明",
            "it did not say which",
            "printer tidak menyebut yang mana",
        ),
    })
}

/// How far a drawer movement is known.
pub(in crate::notice) fn drawer(state: DrawerState) -> Word {
    match state {
        DrawerState::Commanded => Word::new(
            "收銀機已發出打開指令",
            "收银机已发出打开指令",
            "the till told it to open",
            "kasir menyuruhnya terbuka",
        ),
        DrawerState::Opened => Word::new(
            "感應器確認已打開",
            "传感器确认已打开",
            "open, says its sensor",
            "terbuka menurut sensornya",
        ),
        DrawerState::Unconfirmed => Word::new(
            "已發指令，感應器未確認",
            "已发指令，传感器未确认",
            "told to open, its sensor did not confirm",
            "disuruh terbuka, sensornya tidak memastikan",
        ),
        DrawerState::Closed => Word::new(
            "感應器確認已關上",
            "传感器确认已关上",
            "closed, says its sensor",
            "tertutup menurut sensornya",
        ),
    }
}
