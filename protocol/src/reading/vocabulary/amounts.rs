//! Words in front of amounts, by role. English, Malay and Indonesian first, then Vietnamese (no
//! diacritics), Traditional and Simplified Chinese, Japanese, Thai, Arabic.

use super::Role;
use crate::event::Method;

#[rustfmt::skip]
pub(super) const AMOUNTS: &[(Role, &[&str])] = &[
    (Role::Total, TOTAL),
    (Role::Net, NET),
    (Role::Count, COUNT),
    (Role::Trap, TRAP),
    (Role::Subtotal, SUBTOTAL),
    (Role::Discount, DISCOUNT),
    (Role::Service, SERVICE),
    (Role::Tax, TAX),
    (Role::Rounding, ROUNDING),
    (Role::Tip, &["TIP", "TIPS", "GRATUITY", "小費", "小费", "ทิป", "بقشيش"]),
    (Role::Tendered, TENDERED),
    (Role::Change, CHANGE),
    (Role::Payment(Method::Cash), CASH),
    (Role::Payment(Method::Octopus), &["OCTOPUS", "OCTOPUS CARD", "八達通", "八達通付款", "八达通"]),
    (Role::Payment(Method::Visa), &["VISA", "VISA CARD"]),
    (Role::Payment(Method::Mastercard), &["MASTER", "MASTER CARD", "萬事達", "万事达", "萬事達卡"]),
    (Role::Payment(Method::Unionpay), &[
        "UNION PAY", "銀聯", "銀聯卡", "银联", "银联卡", "云闪付", "雲閃付", "CUP",
    ]),
    (Role::Payment(Method::Amex), &["AMEX", "AMERICAN EXPRESS", "美國運通", "美国运通"]),
    (Role::Payment(Method::Jcb), &["JCB"]),
    (Role::Payment(Method::Eps), &["EPS", "易辦事"]),
    (Role::Payment(Method::Fps), &["FPS", "轉數快", "转数快"]),
    (Role::Payment(Method::Payme), &["PAYME"]),
    (Role::Payment(Method::Alipay), &[
        "ALIPAY", "ALIPAY HK", "支付寶", "支付宝", "支付寶香港", "香港支付寶", "內地支付寶",
    ]),
    (Role::Payment(Method::WechatPay), &[
        "WECHAT PAY", "WECHAT", "WECHATPAY HK", "微信支付", "微信", "微信支付香港",
    ]),
    (Role::Payment(Method::Card), CARD),
    (Role::Payment(Method::Voucher), &[
        "VOUCHER", "GIFT CARD", "GIFT VOUCHER", "CASH VOUCHER", "禮券", "現金券", "礼券", "代金券", "禮品卡",
        "商品券", "ギフト券", "บัตรกำนัล",
    ]),
    (Role::Payment(Method::Member), &[
        "會員卡", "会员卡", "儲值", "储值", "储值卡", "MEMBER CARD", "STORED VALUE",
    ]),
    (Role::Payment(Method::Other), OTHER),
];

#[rustfmt::skip]
const TOTAL: &[&str] = &[
    "TOTAL", "GRAND TOTAL", "FINAL TOTAL", "NET TOTAL", "NETT TOTAL", "TOTAL NETT", "TOTAL NET",
    "NET AMOUNT", "NETT AMOUNT", "NET AMT", "NETT", "TOTAL AMOUNT", "TOTAL AMT", "TOTAL PAYABLE",
    "TOTAL AMOUNT PAYABLE", "TOTAL AMT PAYABLE", "TOTAL DUE", "AMOUNT DUE", "AMT DUE",
    "AMOUNT PAYABLE", "BALANCE DUE", "BILL TOTAL", "TOTAL BILL", "TO PAY",
    "TOTAL TO PAY", "TOTAL SALES", "TOTAL SALE", "TOTAL ROUNDED", "ROUNDED TOTAL",
    "TOTAL AFTER ROUNDING", "TOTAL AFTER ADJ", "TOTAL AFTER ADJUSTMENT", "TOTAL AFTER DISCOUNT",
    "TOTAL INCL", "TOTAL INC", "TOTAL INCLUSIVE", "TOTAL INCLUDING", "TOTAL WITH GST",
    "TOTAL SALES INCL", "TOTAL SALES INC", "TOTAL SALES INCLUSIVE", "TOTAL SALES INCLUDING",
    "TOTAL AMOUNT INCL", "TOTAL AMT INCL", "EAT IN TOTAL", "TAKE OUT TOTAL", "TL", "TTL",
    "DINE IN TOTAL", "SALES TOTAL", "SALE TOTAL", "INVOICE TOTAL", "TOTAL INVOICE", "TOTAL REFUND",
    "REFUND TOTAL", "JUMLAH", "JUMLAH BESAR", "JUMLAH BERSIH", "JUMLAH PERLU DIBAYAR",
    "JUMLAH KESELURUHAN", "TOTAL BAYAR", "TOTAL BELANJA", "TOTAL KESELURUHAN", "TOTAL PEMBAYARAN",
    "HARGA JUAL", "TOTAL TAGIHAN", "TONG CONG", "TONG TIEN", "TONG", "TONG THANH TOAN",
    "KHACH PHAI TRA", "KHACH CAN TRA", "PHAI THU", "TONG TIEN THANH TOAN", "總計", "合計", "總金額",
    "金額總計", "應付金額", "應收金額", "結帳金額", "結賬金額", "總額", "應付", "應付總額", "應付總計", "實付", "實付金額", "埋單", "埋單計",
    "付款總額", "帳單總額", "总计", "合计", "总金额", "总额", "应收金额", "应付金额", "应付", "应付总额", "实付", "实付金额", "消费合计",
    "折后金额", "现价", "合计金额", "合計金額", "お買上計", "お買上げ計", "総合計", "ご請求額", "お会計", "合計額", "お支払合計", "ยอดรวม",
    "รวม", "รวมทั้งสิ้น", "ยอดสุทธิ", "สุทธิ", "รวมเงิน", "จำนวนเงินรวมทั้งสิ้น", "รวมสุทธิ",
    "ยอดรวมสุทธิ", "ยอดชำระ", "ยอดรวมทั้งสิ้น", "المجموع", "الاجمالي", "المجموع الكلي",
    "المبلغ المطلوب", "الصافي", "اجمالي الفاتوره", "الاجمالي الكلي", "AMOUNT TO BE PAID", "TO BE PAID",
    "DUE", "AMOUNT INCL", "AMT PAID INCL", "AMOUNT PAID INCL",
];

#[rustfmt::skip]
const NET: &[&str] = &[
    "TOTAL EXCL", "TOTAL EXCLUDING", "TOTAL EXCLUSIVE", "TOTAL EX", "TOTAL EXC", "TOTAL WITHOUT",
    "TOTAL BEFORE", "TOTAL AMOUNT EXCL", "TOTAL AMT EXCL", "TOTAL SALES EXCL",
    "TOTAL SALES EXCLUDING", "TOTAL SALES EXCLUSIVE", "TOTAL AMOUNT EXCLUDING", "TOTAL TAXABLE",
    "TAXABLE AMOUNT", "AMOUNT EXCL", "DPP", "未稅額", "未税额", "TONG TRUOC THUE", "税抜", "税抜合計",
    "المجموع قبل الضريبه", "ยอดก่อนภาษี", "มูลค่าก่อนภาษี",
];

#[rustfmt::skip]
const COUNT: &[&str] = &[
    "TOTAL QTY", "TOTAL QUANTITY", "TOTAL ITEM", "TOTAL ITEMS", "TOTAL NO OF ITEMS",
    "TOTAL NUMBER OF ITEMS", "TOTAL UNIT", "TOTAL UNITS", "TOTAL PCS", "TOTAL COUNT", "ITEM COUNT",
    "ITEMS COUNT", "ITEM S", "NO OF ITEM", "NO OF ITEMS", "NUMBER OF ITEMS", "QTY",
    "TOTAL PRODUCTS", "JUMLAH ITEM", "JUMLAH BARANG", "TOTAL BARANG", "TONG SO LUONG", "TONG SL",
    "總數量", "總數", "總件數", "件數", "总数量", "总数", "总件数", "件数", "点数", "お買上点数", "จำนวนรายการ", "จำนวนชิ้น",
    "TOTAL QTY ITEM",
];

#[rustfmt::skip]
const TRAP: &[&str] = &[
    "TOTAL GST", "TOTAL TAX", "TOTAL SAVING", "TOTAL SAVINGS", "TOTAL SAVED", "TOTAL DISCOUNT",
    "TOTAL DISC", "TOTAL ITEM DISCOUNT", "TOTAL INCLUDES", "TOTAL INCLUDE", "TOTAL INCLUDED", "TOTAL POINT",
    "TOTAL POINTS", "TAX TOTAL", "GST TOTAL", "TOTAL 0 %", "TOTAL 5 %", "TOTAL 6 %", "TOTAL 8 %",
    "TOTAL 10 %", "TOTAL SUPPLIES", "TOTAL SR", "TOTAL ZR", "INCLUDED IN TOTAL", "YOUR SAVINGS", "YOU SAVED", "YOU SAVE",
    "GST INCLUDED IN TOTAL", "GST SUMMARY", "TAX SUMMARY", "SUMMARY", "CREDIT LIMIT", "BALANCE",
    "CARD BALANCE", "REMAINING VALUE", "REMAINING BALANCE", "POINTS BALANCE", "POINT BALANCE",
    "AMOUNT DEDUCTED", "AMOUNT ADDED", "HEMAT", "ANDA HEMAT", "SALDO", "SISA SALDO", "BAKI KAD",
    "SO DU", "餘額", "余额", "卡餘額", "卡余额", "八達通餘額", "扣除金額", "扣除淨額", "扣款", "原价", "原價", "税込", "税率", "内訳",
    "คงเหลือ", "ยอดคงเหลือ", "日日賞", "兌換日日賞", "賺取日日賞", "本次積分", "累計積分", "積分", "积分", "ポイント", "增值金額",
    "充值金额", "DITAMBAH", "DITOLAK", "DIPOTONG", "DA TRU", "DA NAP", "หักเงิน", "統一編號", "上一次於",
    "الرصيد",
];

#[rustfmt::skip]
const SUBTOTAL: &[&str] = &[
    "SUB TOTAL", "SUB TTL", "ST", "JUMLAH KECIL", "SUB JUMLAH", "CONG TIEN HANG", "TAM TINH",
    "TONG TIEN HANG", "CONG", "小計", "小计", "原始總金額", "原始总金额", "品項合計", "餐飲費用", "รวมย่อย",
    "ยอดรวมย่อย", "รวมเป็นเงิน", "المجموع الفرعي",
];

#[rustfmt::skip]
const DISCOUNT: &[&str] = &[
    "DISCOUNT", "DISCOUNTS", "DISC", "LESS DISCOUNT", "COUPON", "COUPON DISCOUNT", "ITEM DISCOUNT",
    "MEMBER DISCOUNT", "STAFF DISCOUNT", "BILL DISCOUNT", "LESS", "PROMOTION", "PROMO", "DISKAUN",
    "DISKON", "POTONGAN", "REBATE", "CHIET KHAU", "GIAM GIA", "KHUYEN MAI", "折扣", "優惠", "优惠",
    "優惠折扣", "优惠折扣", "全單折扣", "全单折扣", "總折扣", "总折扣", "折扣總金額", "折扣总金额", "折扣金额", "折扣金額", "折讓", "會員折扣",
    "会员折扣", "員工折扣", "员工折扣", "促銷", "促销", "促銷金額", "促销金额", "促銷總金額", "促销总金额", "促销活动", "折價券", "优惠金额",
    "優惠金額", "会员优惠", "满减", "扣減", "値引", "値引き", "割引", "ส่วนลด", "خصم", "تخفيض", "الخصم",
];

#[rustfmt::skip]
const SERVICE: &[&str] = &[
    "SERVICE CHARGE", "SERV CHARGE", "SVC CHG", "SVC CHARGE", "SVR CHG", "SRV CHG", "SERVICE CHG",
    "S CHARGE", "CAJ PERKHIDMATAN", "BIAYA LAYANAN", "PHI DICH VU", "PHU THU", "服務費", "服务费",
    "服務費金額", "服务费金额", "加一服務", "加一服務費", "加一", "加壹", "サービス料", "ค่าบริการ", "เซอร์วิสชาร์จ", "خدمه",
    "رسوم الخدمه",
];

#[rustfmt::skip]
const TAX: &[&str] = &[
    "TAX", "TX1", "TX2", "TAXES", "GST", "VAT", "SST", "SERVICE TAX", "SALES TAX", "TOTAL SST",
    "GST PAYABLE", "GST AMOUNT", "GST AMT", "TAX AMOUNT", "TAX AMT", "CUKAI", "CUKAI PERKHIDMATAN",
    "PAJAK", "PPN", "PB1", "PAJAK RESTO", "THUE", "THUE GTGT", "THUE VAT", "稅額", "税额", "稅金", "營業稅",
    "营业税", "娛樂稅", "內含稅金額", "增值税", "消費税", "内税", "外税", "内消費税", "ภาษี", "ภาษีมูลค่าเพิ่ม", "ضريبه",
    "الضريبه", "الضرائب", "ضريبه القيمه المضافه", "ض ق م",
];

#[rustfmt::skip]
const ROUNDING: &[&str] = &[
    "ROUNDING", "ROUND ADJ", "ROUNDING ADJ", "ROUND AMT", "ROUNDING AMT", "ROUND",
    "ROUNDING ADJUSTMENT", "ROUND OFF", "ROUNDING AMOUNT", "ROUND ADJUSTMENT", "ADJ ROUNDING",
    "BILL ROUNDING", "CENT ROUNDING", "PEMBULATAN", "PEMBUNDARAN", "PELARASAN PENGGENAPAN",
    "PENGGENAPAN", "LAM TRON", "四捨五入", "四舍五入", "尾數調整", "尾数调整", "抹零", "舍入", "端数", "ปัดเศษ", "تقريب",
];

#[rustfmt::skip]
const TENDERED: &[&str] = &[
    "TENDERED", "TENDER", "CASH TENDERED", "CASH TENDER", "CASH RECEIVED", "RECEIVED",
    "AMOUNT TENDERED", "AMOUNT RECEIVED", "AMT TENDERED", "AMT RECEIVED", "PAID", "PAID AMOUNT",
    "AMOUNT PAID", "TOTAL PAID", "TOTAL RECEIVED", "TOTAL TENDERED", "TOTAL TENDER",
    "TOTAL PAYMENT", "PAY CASH", "CARD PAID", "PAYMENT", "BAYARAN", "DITERIMA", "BAYAR", "DIBAYAR",
    "DIBERIKAN", "NILAI PEMBAYARAN", "TIEN KHACH DUA", "KHACH DUA", "KHACH TRA",
    "SO TIEN THANH TOAN", "已收金額", "已收", "收款", "收现", "收現金", "已付", "已付金額", "實收", "实收", "實收金額",
    "实收金额", "收您", "付款", "お預り", "お預かり", "お預り金", "預り", "ชำระเข้ามา", "รับเงิน", "รับมา",
    "المبلغ المدفوع", "المدفوع", "PAY", "ACCEPTED TOTAL",
];

#[rustfmt::skip]
const CHANGE: &[&str] = &[
    "CHANGE", "CHANGES", "CHANGE DUE", "CASH CHANGE", "CHANGE AMT", "CHANGE AMOUNT", "CG",
    "BALANCE CHANGE", "BAKI", "KEMBALI", "KEMBALIAN", "KEMBALIAN UANG", "UANG KEMBALI",
    "TIEN THUA", "TIEN THOI LAI", "TIEN TRA LAI", "TRA LAI", "TIEN THOI", "找零", "找續", "找贖", "找回",
    "找續金額", "找数", "找數", "找赎", "找续", "お釣り", "お釣", "釣銭", "おつり", "お釣銭", "เงินทอน", "ทอน", "الباقي",
    "المتبقي",
];

#[rustfmt::skip]
const CASH: &[&str] = &[
    "CASH", "CASH SALE", "CASH SALES", "TUNAI", "TIEN MAT", "現金", "现金", "現計", "เงินสด", "نقدا",
    "نقدي", "نقد",
];

#[rustfmt::skip]
const CARD: &[&str] = &[
    "CARD", "CREDIT CARD", "DEBIT CARD", "DEBIT", "CREDIT", "BANK CARD", "信用卡", "銀行卡", "银行卡", "刷卡",
    "クレジット", "クレジットカード", "KARTU DEBIT", "KARTU KREDIT", "DEBIT BCA", "KAD KREDIT", "KAD DEBIT",
    "THE TIN DUNG", "QUET THE", "บัตรเครดิต", "เครดิตการ์ด", "เดบิตการ์ด", "بطاقه ائتمان",
    "بطاقه ائتمانيه", "بطاقه خصم", "شبكه", "مدي",
];

#[rustfmt::skip]
const OTHER: &[&str] = &[
    "QRIS", "GOPAY", "DANA", "OVO", "SHOPEEPAY", "LINKAJA", "TRANSFER BANK", "FLAZZ", "TNG",
    "TOUCH N GO", "GRABPAY", "BOOST", "DUITNOW", "DUITNOW QR", "CHEQUE", "CHECK PAYMENT",
    "BANK TRANSFER", "支票", "銀行轉帳", "银行转账", "掛賬", "挂账", "簽帳", "美团", "PAYPAY", "พร้อมเพย์",
    "โอนเงิน", "ทรูมันนี่", "CHUYEN KHOAN", "VNPAY", "VIETQR", "MOMO", "VI MOMO", "ZALOPAY",
];
