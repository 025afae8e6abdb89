//! Words in front of values, by what the value is; languages in the order of `amounts`.

use super::Label;

#[rustfmt::skip]
pub(super) const LABELS: &[(Label, &[&str])] = &[
    (Label::Number, NUMBER),
    (Label::Order, ORDER),
    (Label::Original, ORIGINAL),
    (Label::Cashier, CASHIER),
    (Label::Terminal, TERMINAL),
    (Label::Table, TABLE),
    (Label::Guests, GUESTS),
    (Label::Method, METHOD),
    (Label::Date, DATE),
    (Label::PrintTime, PRINT_TIME),
    (Label::Member, MEMBER),
    (Label::Phone, PHONE),
    (Label::Other, OTHER),
];

#[rustfmt::skip]
const NUMBER: &[&str] = &[
    "RECEIPT", "RECEIPT NO", "RECEIPT NUMBER", "RECEIPT ID", "RCPT", "RCPT NO", "RECPT NO",
    "INVOICE", "INVOICE NO", "INVOICE NUMBER", "INV", "INV NO", "TAX INVOICE", "TAX INVOICE NO",
    "TAX INV NO", "CASH INV NO", "CASH INVOICE NO", "BILL", "BILL NO", "BILL NUMBER", "CHK",
    "CHK NO", "CHECK", "CHECK NO", "DOC NO", "DOCUMENT NO", "SALE", "SALE ID", "SALES NO",
    "SALE NO", "SALES ID", "SLIP", "SLIP NO", "TICKET", "TICKET NO", "TRANSACTION NO",
    "TRANSACTION ID", "TRANS NO", "TRANS", "TRN", "TXN", "TXN NO", "TRX", "TRX NO", "CASH BILL NO",
    "CASH SALES NO", "CS NO", "BILL RECEIPT NO", "REFUND", "REFUND NO", "CREDIT NOTE NO", "CN NO",
    "SEQ", "SEQ NO", "REF NO", "POS NO", "NO", "NO RESIT", "RESIT NO", "RESIT", "NO STRUK",
    "NO TRANSAKSI", "NO NOTA", "NOTA", "FAKTUR", "BON", "STRUK", "INVOIS", "NO INVOIS", "NO BIL",
    "SO HD", "SO HOA DON", "SO PHIEU", "SO GD", "MA HOA DON", "MA DON", "SO CT", "單號", "單據號碼",
    "單據編號", "收據號碼", "收據編號", "收據", "發票號碼", "帳單編號", "賬單編號", "交易編號", "交易序號", "交易號碼", "流水號", "单号",
    "单据号", "流水号", "小票号", "账单号", "交易序号", "交易号", "收据号", "发票号码", "伝票番号", "伝票", "レシート番号", "取引番号",
    "領収書番号", "番号", "レシートNO", "เลขที่", "เลขที่ขาย", "เลขที่ใบเสร็จ", "เลขที่บิล", "บิลขาย",
    "ใบเสร็จเลขที่", "رقم الفاتوره", "فاتوره رقم", "ايصال", "رقم الايصال", "كود عمليه البيع",
];

#[rustfmt::skip]
const ORDER: &[&str] = &[
    "ORDER", "ORDER NO", "ORDER NUMBER", "ORDER ID", "QUEUE NO", "TOKEN", "KODE PESANAN",
    "NO PESANAN", "訂單序號", "訂單號", "订单号", "取餐號碼", "取餐号码", "取餐牌號", "牌號", "牌号", "等候單號", "注文番号",
    "ใบสั่ง", "คิว", "رمز الطلب",
];

#[rustfmt::skip]
const ORIGINAL: &[&str] = &[
    "ORIGINAL", "ORIGINAL NO", "ORIGINAL RECEIPT", "ORIGINAL RECEIPT NO", "ORIGINAL BILL",
    "ORIGINAL BILL NO", "ORIGINAL INVOICE", "ORIGINAL INVOICE NO", "ORIG RECEIPT NO", "ORI INV NO",
    "REFUND OF", "RETURN OF", "VOID OF", "RESIT ASAL", "NO STRUK ASAL", "HD GOC", "SO HD GOC",
    "原單號", "原单号", "原收據", "原收據號碼", "原單據號碼", "原交易編號", "元伝票", "元伝票番号", "ใบเสร็จเดิม",
];

#[rustfmt::skip]
const CASHIER: &[&str] = &[
    "CASHIER", "CASHIER NAME", "CASHIER NO", "SERVED BY", "SERVER", "CLERK", "STAFF", "OPERATOR",
    "SALES PERSON", "SALESMAN", "WAITER", "WAITRESS", "USER", "CSHR", "EMPLOYEE", "REG",
    "ISSUED BY", "CREATED BY", "HOST", "JURUWANG", "KASIR", "PELAYAN", "KARYAWAN", "THU NGAN",
    "NHAN VIEN", "NV", "經手人", "收銀員", "操作人員", "服務人員", "點餐人員", "員工", "開單員工", "閞單員工", "侍應", "收银员",
    "收款人", "服务员", "操作员", "导购", "联络人", "担当", "担当者", "責任者", "พนักงาน", "แคชเชียร์", "ผู้ขาย",
    "الكاشير", "امين الصندوق", "الموظف", "كاشير",
];

#[rustfmt::skip]
const TERMINAL: &[&str] = &[
    "TERMINAL", "TERMINAL NO", "TERMINAL ID", "TILL", "TILL NO", "POS", "POS ID", "REGISTER",
    "REGISTER NO", "COUNTER", "COUNTER NO", "STATION", "WORKSTATION", "KAUNTER", "MAY", "QUAY",
    "主機", "機號", "機器編號", "收銀機", "机号", "收银机", "レジ", "レジNO", "เครื่อง", "เครื่องที่", "الجهاز",
];

#[rustfmt::skip]
const TABLE: &[&str] = &[
    "TABLE", "TABLE NO", "TABLE NAME", "TBL", "TBL NO", "TABLE NUMBER", "MEJA", "NO MEJA", "BAN",
    "檯號", "枱號", "桌號", "桌号", "台號", "台号", "桌名", "桌次", "餐桌", "枱", "卓番", "テーブル", "โต๊ะ", "โต๊ะที่",
    "طاوله", "الطاوله",
];

#[rustfmt::skip]
const GUESTS: &[&str] = &[
    "PAX", "NO OF PAX", "GUESTS", "GUEST", "COVERS", "COVER", "CUST", "NO OF PERSON",
    "NO OF PERSONS", "NO OF GUESTS", "TAMU", "TETAMU", "SO KHACH", "人數", "人数", "客數", "客数", "來客數",
    "จำนวนลูกค้า", "عدد الضيوف",
];

#[rustfmt::skip]
const METHOD: &[&str] = &[
    "PAYMENT METHOD", "PAYMENT MODE", "PAYMENT TYPE", "PAID BY", "PAY BY", "PAYMENT BY",
    "TENDER TYPE", "付款方式", "支付方式", "结算方式", "結帳方式", "METODE PEMBAYARAN", "HINH THUC THANH TOAN",
    "PTTT", "支払方法", "วิธีชำระ", "طريقه الدفع",
];

#[rustfmt::skip]
const DATE: &[&str] = &[
    "DATE", "TIME", "DATE TIME", "DATE AND TIME", "INVOICE DATE", "INV DATE", "RECEIPT DATE",
    "BILL DATE", "SALES DATE", "SALE DATE", "DOC DATE", "TRANS DATE", "TRANSACTION DATE",
    "BUSINESS DATE", "TGL", "TANGGAL", "WAKTU", "JAM", "TARIKH", "MASA", "NGAY", "GIO",
    "THOI GIAN", "GIO VAO", "GIO RA", "日期", "時間", "时间", "營業日", "营业日", "交易時間", "交易时间", "日時",
    "วันที่", "เวลา", "วันที่ขาย", "تاريخ", "التاريخ", "الوقت", "تاريخ البيع",
];

#[rustfmt::skip]
const PRINT_TIME: &[&str] = &[
    "PRINTED", "PRINTED ON", "PRINTED AT", "PRINT DATE", "PRINT TIME", "PRINTED DATE",
    "REPRINT DATE", "REPRINTED ON", "DATE PRINTED", "DICETAK", "IN LUC", "印單時間", "列印時間", "打印时间",
    "印单时间", "印刷日時", "発行日時", "พิมพ์เมื่อ",
];

#[rustfmt::skip]
const MEMBER: &[&str] = &[
    "MEMBER", "MEMBER NO", "MEMBER ID", "MEMBER NAME", "MEMBERSHIP NO", "CUSTOMER",
    "CUSTOMER NAME", "CUST NAME", "CUSTOMER ID", "CUST CODE", "POINTS", "POINTS EARNED",
    "POINT EARNED", "PELANGGAN", "KHACH HANG", "會員", "會員編號", "會員姓名", "会员", "会员号", "客戶", "客户", "顧客",
    "お客様", "สมาชิก", "ลูกค้า", "العميل",
];

#[rustfmt::skip]
const PHONE: &[&str] = &[
    "TEL", "TEL NO", "TELEPHONE", "PHONE", "PHONE NO", "FAX", "FAX NO", "H P", "MOBILE", "HOTLINE",
    "CONTACT", "TELP", "TELEFON", "DT", "SDT", "DIEN THOAI", "電話", "电话", "傳真", "传真", "โทร", "هاتف",
    "TEL FAX",
];

#[rustfmt::skip]
const OTHER: &[&str] = &[
    "GST NO", "GST REG", "GST REG NO", "GST ID", "GST ID NO", "GST REG ID", "GST NUMBER",
    "GST REF NO", "GST REGISTRATION", "GST REGISTRATION NO", "GST TIN", "GSTIN", "SST NO",
    "SST ID", "SST REG NO", "TAX ID", "TAX CODE", "TAX REG NO", "VAT NO", "VAT REG NO", "REG NO",
    "CO REG NO", "COMPANY NO", "COMPANY NUMBER", "CO REG", "CO NO", "COMPANY REG NO",
    "COMPANY REGISTRATION NO", "BUSINESS REG NO", "ROC NO", "ROC", "NPWP", "MST", "MA SO THUE",
    "CARD NO", "CARD NUMBER", "NO KARTU", "NO KAD", "SO THE", "APPROVAL CODE", "APPR CODE",
    "AUTH CODE", "BATCH NO", "BATCH", "TRACE NO", "TRACE", "MID", "TID", "RRN", "REFERENCE",
    "MERCHANT ID", "ACCOUNT NO", "ACC NO", "A C NO", "統編", "統一編號", "八達通號碼", "卡號", "卡号", "店號",
    "商戶號", "登録番号", "カード番号", "商業登記", "เลขประจำตัวผู้เสียภาษี", "หมายเลขบัตร", "الرقم الضريبي",
    "SHIFT", "REMARK", "REMARKS", "NOTE", "WEBSITE", "E MAIL", "NO OF", "S N", "SERIAL NO",
    "ITEM NO", "AMOUNT", "PLU",
];
