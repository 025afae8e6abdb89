//! What stands alone on a line to say what paper it is; languages in the order of `amounts`.

use crate::event::Kind;

#[rustfmt::skip]
pub(super) const TITLES: &[(Kind, &[&str])] = &[
    (Kind::Sale, SALE),
    (Kind::Refund, REFUND),
    (Kind::Void, VOID),
    (Kind::Reprint, REPRINT),
    (Kind::Bill, BILL),
    (Kind::KitchenOrder, KITCHEN),
    (Kind::ShiftReport, REPORT),
    (Kind::NoSale, NO_SALE),
    (Kind::TableMove, TABLE_MOVE),
    (Kind::TopUp, TOP_UP),
    (Kind::CardSlip, CARD_SLIP),
    (Kind::Training, TRAINING),
    (Kind::Membership, &[
        "MEMBERSHIP", "NEW MEMBER", "MEMBERSHIP RENEWAL", "入會", "會員入會", "會員續會", "会员办理",
    ]),
];

#[rustfmt::skip]
const SALE: &[&str] = &[
    "RECEIPT", "SALES RECEIPT", "SALE RECEIPT", "TAX INVOICE", "INVOICE", "SIMPLIFIED TAX INVOICE",
    "CASH SALE", "CASH SALES", "CASH BILL", "CASH RECEIPT", "OFFICIAL RECEIPT", "CUSTOMER COPY",
    "CUSTOMER S COPY", "ACCOUNT S COPY", "ACCOUNT COPY", "MERCHANT COPY", "RESIT",
    "STRUK PENJUALAN", "NOTA", "HOA DON BAN HANG", "HOA DON THANH TOAN", "BIEN LAI",
    "PHIEU TINH TIEN", "HOA DON", "收據", "顧客單據", "銷售憑單", "發票", "结账单", "小票", "销售小票", "領収証", "領収書",
    "レシート", "ใบเสร็จรับเงิน", "ใบกำกับภาษีอย่างย่อ", "ใบเสร็จ", "فاتوره ضريبيه مبسطه", "فاتوره",
    "ايصال بيع",
];

#[rustfmt::skip]
const REFUND: &[&str] = &[
    "REFUND", "REFUND RECEIPT", "REFUND NOTE", "SALES REFUND", "CASH REFUND", "CARD REFUND",
    "CHEQUE REFUND", "CREDIT NOTE", "RETURN", "RETURNS", "SALES RETURN", "RETURN RECEIPT",
    "RETURN NOTE", "GOODS RETURN", "GOODS RETURN NOTE", "EXCHANGE NOTE", "EXCHANGE SLIP",
    "TAX CREDIT NOTE", "PEMULANGAN", "BAYARAN BALIK", "RETUR", "RETUR PENJUALAN",
    "PENGEMBALIAN DANA", "NOTA KREDIT", "TRA HANG", "HOAN TIEN", "PHIEU TRA HANG", "退款", "退款單",
    "退款单", "退貨", "退貨單", "退货", "退货单", "退单", "反结账", "返品", "返金", "返品伝票", "คืนเงิน", "คืนสินค้า",
    "ใบลดหนี้", "ใบคืนสินค้า", "ارتجاع", "استرداد", "مرتجع", "اشعار دائن",
];

#[rustfmt::skip]
const VOID: &[&str] = &[
    "VOID", "VOIDED", "VOID RECEIPT", "VOID BILL", "VOIDED BILL", "CANCELLED", "CANCELED",
    "CANCELLED BILL", "CANCELLED RECEIPT", "TRANSACTION VOID", "VOID TRANSACTION",
    "VOID AFTER TENDER", "VOID SALE", "BATAL", "DIBATALKAN", "BATAL JUAL", "HUY", "VO HIEU",
    "DA HUY", "HUY HOA DON", "作廢", "取消單", "已取消", "已作廢", "廢單", "刪單", "整單取消", "作废", "已作废", "取消",
    "全取消", "取引取消", "ยกเลิก", "ยกเลิกการขาย", "ยกเลิกบิล", "الغاء", "باطل", "ملغي", "ملغاه",
];

#[rustfmt::skip]
const REPRINT: &[&str] = &[
    "RE PRINT", "REPRINTED", "REPRINT RECEIPT", "REPRINTED RECEIPT", "REPRINT BILL",
    "REPRINT COPY", "DUPLICATE", "DUPLICATED", "DUPLICATE RECEIPT", "DUPLICATED RECEIPT",
    "DUPLICATE COPY", "DUPLICATE BILL", "DUPLICATE INVOICE", "COPY", "COPY RECEIPT",
    "RECEIPT COPY", "COPY OF RECEIPT", "SALINAN", "CETAK SEMULA", "CETAK ULANG", "STRUK ULANG",
    "SALINAN RESIT", "IN LAI", "BAN SAO", "重印", "重印收據", "顧客重印單據", "補印", "副本", "補發", "补打", "重打",
    "补单", "補單", "重印单", "再発行", "再印字", "控え", "สำเนา", "พิมพ์ซ้ำ", "نسخه", "اعاده طباعه",
];

#[rustfmt::skip]
const BILL: &[&str] = &[
    "PRE BILL", "PRO FORMA", "PROFORMA INVOICE", "GUEST CHECK", "GUEST BILL", "TABLE BILL",
    "NOT PAID", "UNPAID", "PAYMENT DUE", "THIS IS NOT A RECEIPT", "NOT A RECEIPT",
    "THIS IS NOT A TAX INVOICE", "PROVISIONAL BILL", "BIL", "TAGIHAN", "BELUM DIBAYAR",
    "BELUM LUNAS", "PHIEU TAM TINH", "TAM TINH", "CHUA THANH TOAN", "此為預印帳單", "預印帳單", "未結帳", "未結賬",
    "埋單紙", "帳單", "賬單", "未付款", "预结单", "预结账单", "客用单", "未结账", "お会計票", "未精算", "ใบแจ้งยอด",
    "ยังไม่ชำระ", "ใบแจ้งรายการ", "غير مدفوع",
];

#[rustfmt::skip]
const KITCHEN: &[&str] = &[
    "KITCHEN", "KITCHEN ORDER", "KITCHEN CHECK", "KITCHEN COPY", "KITCHEN CHECK COPY",
    "KITCHEN TICKET", "BAR ORDER", "NEW ORDER", "ORDER SLIP", "KOT", "DAPUR", "PESANAN DAPUR",
    "ORDER DAPUR", "PHIEU BEP", "BEP", "PHIEU CHE BIEN", "HUY MON", "廚房單", "重印廚房單", "廚房出功能表",
    "廚房出功能表副本", "點菜單", "出品單", "退菜單", "厨房单", "制作单", "后厨", "划菜单", "总单", "分单", "催菜", "加菜", "注文伝票",
    "オーダー", "ใบสั่งอาหาร", "ครัว", "المطبخ", "طلب المطبخ",
];

#[rustfmt::skip]
const REPORT: &[&str] = &[
    "Z REPORT", "X REPORT", "Z READ", "X READ", "Z READING", "X READING", "DAILY Z", "DAILY X",
    "CLOSE CASH REPORT", "CLOSE CASH", "PARTIAL CASH REPORT", "DAILY SALES REPORT",
    "DAILY SALES REPORT Z", "DAILY SALES REPORT X", "SALES REPORT", "SALES SUMMARY", "DAILY SALES",
    "SHIFT REPORT", "SHIFT CLOSE", "CLOSE SHIFT", "END OF DAY", "END OF SHIFT",
    "WORK PERIOD REPORT", "DRAWER PULL REPORT", "DRAWER PULL", "SALES BALANCE", "CASHIER REPORT",
    "CASHIER CLOSING", "SETTLEMENT REPORT", "LAPORAN Z", "LAPORAN X", "LAPORAN PENJUALAN",
    "LAPORAN JUALAN", "LAPORAN HARIAN", "LAPORAN SHIFT", "LAPORAN PERIODE KERJA",
    "RINGKASAN PENJUALAN", "TUTUP KASIR", "TUTUP KASIR Z", "TUTUP SHIFT", "TUTUP KASIR X",
    "KET CA", "CHOT CA", "CHOT CA Z", "CHOT CA X", "BAO CAO X", "BAO CAO Z", "BAO CAO BAN HANG",
    "TONG QUAN DOANH SO", "Z報表", "X報表", "日結", "班結", "日結報表", "班結報表", "營業報表", "總結報表", "交班報表", "交更",
    "收更", "埋數", "銷售報表", "交班单", "日结", "日结单", "班结", "日结Z", "日结X", "班结X", "班结Z", "收银对账", "营业日报",
    "工作期间报表", "精算", "精算Z", "精算X", "点検", "点検X", "点検Z", "日計", "売上集計", "日報", "ปิดกะ", "ปิดยอด",
    "ปิดยอด Z", "ปิดยอด X", "สรุปยอดขาย", "รายงานประจำวัน", "รายงาน X", "รายงาน Z",
    "تقرير الفتره العمل", "تقرير المبيعات", "اغلاق الورديه",
];

#[rustfmt::skip]
const NO_SALE: &[&str] = &[
    "NO SALE", "NO SALES", "OPEN DRAWER", "DRAWER OPEN", "OPEN CASH DRAWER", "CASH DRAWER OPEN",
    "CASH DRAWER OPENED", "DRAWER OPENED", "BUKA LACI", "MO KET", "開錢櫃", "開櫃", "無銷售", "開抽屜", "开钱箱",
    "开钱柜", "両替", "เปิดลิ้นชัก", "فتح الدرج",
];

#[rustfmt::skip]
const TABLE_MOVE: &[&str] = &[
    "TABLE MOVE", "MOVE TABLE", "TABLE TRANSFER", "TRANSFER TABLE", "CHANGE TABLE", "TABLE CHANGE",
    "TABLE MERGE", "PINDAH MEJA", "CHUYEN BAN", "換桌單", "換桌", "換枱", "換檯", "轉枱", "轉檯", "轉枱單", "轉檯單",
    "併枱", "併檯", "搭枱", "转台", "转台单", "换桌", "换台", "并台", "席移動", "ย้ายโต๊ะ", "نقل الطاوله",
];

#[rustfmt::skip]
const TOP_UP: &[&str] = &[
    "TOP UP", "CARD TOP UP", "RELOAD", "CARD RELOAD", "ADD VALUE", "OCTOPUS ADD VALUE",
    "ADD VALUE SLIP", "TAMBAH NILAI", "ISI ULANG", "NAP THE", "八達通增值服務", "八達通增值", "八達通找續增值服務",
    "現金增值", "自動增值", "增值服務", "網上增值", "充值", "储值", "会员充值", "充值凭证", "チャージ", "เติมเงิน", "تعبئه الرصيد",
];

#[rustfmt::skip]
const CARD_SLIP: &[&str] = &[
    "PAYMENT SLIP", "CARD SLIP", "CARD PAYMENT", "CREDIT CARD SLIP", "CARD RECEIPT",
    "CARDHOLDER COPY", "CARD SALES SLIP", "OCTOPUS PAYMENT", "OCTOPUS RECEIPT", "SLIP KAD",
    "SLIP KARTU", "PHIEU THE", "八達通付款", "八達通收據", "信用卡簽帳單", "簽帳存根", "持卡人存根", "商戶存根", "刷卡凭证", "签购单",
    "POS签购单", "持卡人存根联", "商户存根", "商户存根联", "カード控え", "クレジット売上票", "สลิปบัตร", "قسيمه البطاقه",
];

#[rustfmt::skip]
const TRAINING: &[&str] = &[
    "TRAINING", "TRAINING MODE", "TRAINING RECEIPT", "TRAINING ONLY", "PRACTICE", "PRACTICE MODE",
    "TEST RECEIPT", "DEMO", "TEST MODE", "MODE LATIHAN", "MOD LATIHAN", "LATIHAN", "DAO TAO", "訓練",
    "訓練模式", "練習", "練習模式", "培训模式", "培训", "练习", "トレーニング", "訓練モード", "ฝึกอบรม", "โหมดฝึก",
    "وضع التدريب",
];
