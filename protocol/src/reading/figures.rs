//! The words in front of a report's figures.
//!
//! Means of payment and taxes are in the vocabulary; these are the words that only reports have.

use crate::event::Method;

/// What a report's line tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Figure {
    Gross,
    Net,
    Refunds,
    Voids,
    NoSales,
    Receipts,
    Tax,
    Tender(Method),
    /// The report's own number.
    Sequence,
    /// A figure that looks like another and is not.
    None,
}

/// Letters and digits only, folded. Tills without a computer print the short ones.
#[rustfmt::skip]
const FIGURES: &[(Figure, &[&str])] = &[
    (Figure::Gross, &[
        "GROSS", "GROSSSALES", "GROSSTOTAL", "TOTALGROSSSALES", "TOTALSALES", "SALESTOTAL",
        "PENJUALANKOTOR", "JUALANKASAR", "DOANHSO", "TONGDOANHSO", "營業額", "营业额", "總銷售額", "销售总额",
        "總營業額", "总营业额", "総売上", "総売上高", "ยอดขาย", "ยอดขายรวม", "اجماليالمبيعات",
    ]),
    (Figure::Net, &[
        "NET", "NETSALES", "NETTSALES", "NETTOTAL", "TOTALNETSALES", "PENJUALANBERSIH", "JUALANBERSIH", "DOANHTHUTHUAN",
        "淨額", "净额", "淨營業額", "净营业额", "營業淨額", "純売上", "純売上高", "ยอดขายสุทธิ", "صافيالمبيعات",
    ]),
    (Figure::Refunds, &[
        "REFUND", "REFUNDS", "TOTALREFUNDS", "TOTALREFUND", "REFUNDTOTAL", "RETURNS", "RF", "REF", "RETUR",
        "PEMULANGAN", "TRAHANG", "HOANTIEN", "退款", "退款總額", "退款金額", "退款金额", "退款总额", "退貨總額",
        "退货金额", "返品計", "返品合計", "ยอดคืนเงิน", "คืนเงิน",
    ]),
    (Figure::Voids, &[
        "VOID", "VOIDS", "TOTALVOIDS", "TOTALVOID", "VOIDTOTAL", "LINEVOIDS", "VOIDEDORDERS", "CANCEL", "CANCELLED", "BATAL", "BATALJUAL",
        "HUYDON", "HUY", "作廢", "作廢總額", "作廢金額", "作废", "作废金额", "作废总额", "取消計", "取消合計", "訂正計", "ยอดยกเลิก", "ยกเลิก",
    ]),
    (Figure::NoSales, &[
        "NOSALE", "NOSALES", "NS", "DRAWEROPENS", "OPENDRAWER", "DRAWEROPENINGS", "BUKALACI", "SOLANMOKET", "開錢櫃", "開錢櫃次數",
        "開櫃次數", "开钱箱次数", "开钱箱", "両替", "両替回数", "เปิดลิ้นชัก",
    ]),
    (Figure::Receipts, &[
        "RECEIPTS", "RECEIPTCOUNT", "NUMBEROFRECEIPTS", "NOOFRECEIPTS", "TRANSACTIONS", "TRANSACTIONCOUNT", "NUMBEROFTRANSACTIONS",
        "NUMBEROFPAYMENTS", "NOOFTRANSACTIONS", "TICKETS", "TICKETCOUNT", "NUMBEROFTICKETS", "BILLS", "BILLCOUNT", "NOOFBILLS", "CUSTCT", "CUSTOMERS", "CUSTOMERCOUNT",
        "CC", "JUMLAHSTRUK", "JUMLAHTRANSAKSI", "BILRESIT", "BILANGANRESIT", "SOHOADON", "單數", "單據數", "交易筆數", "收據數目", "单数", "单据数",
        "交易笔数", "客数", "件数", "会計件数", "จำนวนบิล", "عددالفواتير",
    ]),
    (Figure::Tender(Method::Cash), &["CAID", "CASHINDRAWER"]),
    (Figure::Tender(Method::Card), &["CRID"]),
    (Figure::Tender(Method::Other), &["CHID", "CKID"]),
    (Figure::Sequence, &["SEQUENCE", "ZNO", "XNO", "ZNUMBER", "ZCOUNTER", "REPORTNO", "REPORTNUMBER", "SHIFTNO", "報表編號", "报表编号"]),
    (Figure::None, &[
        "CASHTODEPOSIT", "CASHDRAWER", "CASHIN", "CASHOUT", "CASHSALES", "OPENINGBALANCE", "CLOSINGBALANCE", "DECLAREDCASH", "NUMBEROFVOIDEDORDERS", "VOIDSREFUNDS",
        "平均消費", "每人平均消費",
    ]),
];

/// The figure whose word the label `letters` is, or begins with where a count's own mark follows.
pub(super) fn figure(letters: &str) -> Option<(Figure, &'static str)> {
    let all =
        || FIGURES.iter().flat_map(|(figure, words)| words.iter().map(|word| (*figure, *word)));
    // Thai tone marks are no letters.
    let plain = |word: &'static str| word.chars().filter(|c| c.is_alphanumeric());
    let exact = all().find(|(_, word)| plain(word).eq(letters.chars()));
    // `NET No`, `CUST CT No`, `CANCEL No` count in front of their money.
    exact.or_else(|| {
        letters.strip_suffix("NO").and_then(|letters| all().find(|(_, word)| *word == letters))
    })
}

#[cfg(test)]
mod tests {
    use super::{FIGURES, Figure, figure};
    use crate::reading::fold::folded;

    #[test]
    fn words_stand_once_folded_and_without_marks() {
        let all: Vec<&str> = FIGURES.iter().flat_map(|(_, words)| words.iter().copied()).collect();
        for (i, word) in all.iter().enumerate() {
            assert_eq!(folded(word), **word);
            assert!(!word.contains(' ') && !all[..i].contains(word), "{word}");
        }
    }

    #[test]
    fn a_label_is_a_figure_as_a_whole() {
        assert_eq!(figure("GROSS").map(|f| f.0), Some(Figure::Gross));
        assert_eq!(figure("NETNO").map(|f| f.0), Some(Figure::Net));
        assert_eq!(figure("GROSSPROFIT"), None);
    }
}
