//! Labels and warnings that stand on many kinds of message.

use super::{Sign, Word};

pub(in crate::notice) const TEST: Word =
    Word::new("【測試 TEST】", "【测试 TEST】", "[TEST]", "[UJI COBA / TEST]");
pub(in crate::notice) const NO_NUMBER: Word =
    Word::new("無單號", "无单号", "no number", "tanpa nomor");
pub(in crate::notice) const NO_AMOUNT: Word =
    Word::new("無金額", "无金额", "no amount", "tanpa jumlah");
pub(in crate::notice) const NEW_ORDER: Word =
    Word::new("新訂單", "新订单", "New Order", "Pesanan Baru");
pub(in crate::notice) const AMOUNT: Word = Word::new("金額", "金额", "Amount", "Jumlah");
pub(in crate::notice) const TIME: Word = Word::new("時間", "时间", "Time", "Waktu");
pub(in crate::notice) const SOURCE: Word = Word::new("收銀機", "收银机", "Till", "Kasir");
pub(in crate::notice) const PAID: Word = Word::new("付款", "付款方式", "Paid by", "Dibayar dengan");
pub(in crate::notice) const PAID_BACK: Word =
    Word::new("退回", "退回方式", "Paid back by", "Dikembalikan lewat");
pub(in crate::notice) const ITEMS: Word = Word::new("件數", "件数", "Items", "Jumlah barang");
pub(in crate::notice) const MORE_ITEMS: Word =
    Word::new("… 另有 {count} 項", "… 另有 {count} 项", "… {count} more", "… {count} lagi");
pub(in crate::notice) const ORIGINAL: Word =
    Word::new("原單號", "原单号", "Original", "Nomor asal");
pub(in crate::notice) const RELATED: Word =
    Word::new("相關編號", "相关编号", "Belongs to", "Terkait dengan");
pub(in crate::notice) const REFERENCE: Word = Word::new("編號", "编号", "Ref", "Ref");
pub(in crate::notice) const TABLE: Word = Word::new("枱號", "桌号", "Table", "Meja");
pub(in crate::notice) const TERMINAL: Word = Word::new("終端機", "终端", "Terminal", "Terminal");
pub(in crate::notice) const DISCOUNT: Word = Word::new("折扣", "折扣", "Discount", "Diskon");
pub(in crate::notice) const DRAWER: Word = Word::new("錢箱", "钱箱", "Drawer", "Laci uang");
pub(in crate::notice) const PRINTED: Word =
    Word::new("列印內容", "打印内容", "Printed", "Tercetak");
pub(in crate::notice) const DIAGNOSIS: Word = Word::new("診斷", "诊断", "Diagnosis", "Diagnosis");
pub(in crate::notice) const REPORT_NUMBER: Word =
    Word::new("報表號", "报表号", "Report", "Laporan");
pub(in crate::notice) const GROSS: Word =
    Word::new("總銷售", "销售总额", "Gross", "Penjualan kotor");
pub(in crate::notice) const NET: Word = Word::new("淨額", "净额", "Net", "Penjualan bersih");
pub(in crate::notice) const REFUNDS: Word =
    Word::new("退款", "退款", "Refunds", "Pengembalian dana");
pub(in crate::notice) const VOIDS: Word = Word::new("作廢", "作废", "Voids", "Pembatalan");
pub(in crate::notice) const NO_SALES: Word =
    Word::new("無交易開錢箱", "无交易开钱箱", "Drawer without sale", "Laci dibuka tanpa penjualan");
pub(in crate::notice) const RECEIPTS: Word = Word::new("單數", "单数", "Receipts", "Jumlah struk");
pub(in crate::notice) const OFF: Word = Word::new(
    "⚠ 金額不符：收據上的數字加起來不對",
    "⚠ 金额不符：小票上的数字加起来不对",
    "⚠ Amounts do not add up: the figures on the receipt contradict each other",
    "⚠ Jumlah tidak cocok: angka-angka di struk saling bertentangan",
);
pub(in crate::notice) const GAP: Word = Word::new(
    "⚠ 可能有遺漏：部分資料沒有收到",
    "⚠ 可能有遗漏：部分数据没有收到",
    "⚠ Something may be missing: part of the data was not received",
    "⚠ Mungkin ada yang hilang: sebagian data tidak diterima",
);
pub(in crate::notice) const COLON: Word = Word::new("：", "：", ": ", ": ");
pub(in crate::notice) const HELLO: Word = Word::new(
    "Hello POS! 測試訊息",
    "Hello POS! 测试消息",
    "Hello POS! Test message",
    "Hello POS! Pesan uji coba",
);
pub(in crate::notice) const HELLO_SIGN: Sign = Sign { emoji: "👋", word: HELLO };
pub(in crate::notice) const SHOP: Word = Word::new("店舖", "门店", "Shop", "Toko");
pub(in crate::notice) const OPEN_RECEIPT: Word =
    Word::new("查看單據", "查看单据", "Open receipt", "Buka struk");
pub(in crate::notice) const BY_KEY: Word = Word::new(
    "用鎖匙打開（感應器顯示，收銀機沒有發出指令）",
    "用钥匙打开（传感器显示，收银机没有发出指令）",
    "opened by hand or key, says its sensor; the till did not tell it to",
    "dibuka dengan tangan atau kunci menurut sensornya; kasir tidak menyuruhnya",
);
pub(in crate::notice) const COVER: Word = Word::new("機蓋", "机盖", "Cover", "Tutup");
pub(in crate::notice) const PAPER: Word = Word::new("紙張", "纸张", "Paper", "Kertas");
pub(in crate::notice) const FAULT: Word = Word::new("故障", "故障", "Fault", "Gangguan");
pub(in crate::notice) const ONLINE: Word = Word::new("連線", "连接", "Line", "Koneksi");
pub(in crate::notice) const OFFLINE: Word = Word::new(
    "離線，不能列印",
    "离线，不能打印",
    "off line, prints nothing",
    "offline, tidak mencetak",
);
