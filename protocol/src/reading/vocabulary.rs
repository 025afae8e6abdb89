//! The words that tell what an amount is, in folded form (upper case, half width).
//!
//! A label takes the role of the longest word it begins with, so `TOTAL QTY` can be known not to
//! be a total. Words were gathered from real receipts of Hong Kong, Macau, Taiwan, mainland China
//! and Malaysia.

use crate::event::Method;

/// What a labelled amount is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Total,
    Subtotal,
    Discount,
    Service,
    Tax,
    Rounding,
    Tip,
    Tendered,
    Change,
    Payment(Method),
    /// An amount that looks like one of the others and is not.
    Trap,
}

/// What a labelled word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    Number,
    /// The number of the receipt that this one undoes or repeats.
    Original,
    Cashier,
    Terminal,
    Table,
    Guests,
    /// How it was paid, in a word.
    Method,
    /// A label whose value is of no use here (a phone, a date's own label).
    Other,
}

const AMOUNTS: &[(&str, Role)] = &[
    ("AMOUNT DUE", Role::Total),
    ("BALANCE DUE", Role::Total),
    ("FINAL TOTAL", Role::Total),
    ("GRAND TOTAL", Role::Total),
    ("NET TOTAL", Role::Total),
    ("NETT TOTAL", Role::Total),
    ("TOTAL", Role::Total),
    ("TOTAL AMOUNT", Role::Total),
    ("TOTAL PAYABLE", Role::Total),
    ("總計", Role::Total),
    ("合計", Role::Total),
    ("總金額", Role::Total),
    ("金額總計", Role::Total),
    ("應付金額", Role::Total),
    ("應付", Role::Total),
    ("結帳金額", Role::Total),
    ("總額", Role::Total),
    ("埋單", Role::Total),
    ("总计", Role::Total),
    ("合计", Role::Total),
    ("总金额", Role::Total),
    ("應收金額", Role::Total),
    ("应收金额", Role::Total),
    ("应付金额", Role::Total),
    ("应付", Role::Total),
    ("消费合计", Role::Total),
    ("折后金额", Role::Total),
    ("TOTAL QTY", Role::Trap),
    ("TOTAL ITEM", Role::Trap),
    ("TOTAL ITEMS", Role::Trap),
    ("TOTAL GST", Role::Trap),
    ("TOTAL TAX", Role::Trap),
    ("TOTAL SAVING", Role::Trap),
    ("TOTAL SAVINGS", Role::Trap),
    ("TOTAL ITEM DISCOUNT", Role::Trap),
    ("TOTAL EXCL", Role::Trap),
    ("TOTAL (EXCL", Role::Trap),
    ("TOTAL INCLUDES", Role::Trap),
    ("總數量", Role::Trap),
    ("总数量", Role::Trap),
    ("餘額", Role::Trap),
    ("余额", Role::Trap),
    ("卡餘額", Role::Trap),
    ("八達通餘額", Role::Trap),
    ("SUBTOTAL", Role::Subtotal),
    ("SUB-TOTAL", Role::Subtotal),
    ("SUB TOTAL", Role::Subtotal),
    ("小計", Role::Subtotal),
    ("小计", Role::Subtotal),
    ("原始總金額", Role::Subtotal),
    ("品項合計", Role::Subtotal),
    ("DISCOUNT", Role::Discount),
    ("DISC", Role::Discount),
    ("LESS DISCOUNT", Role::Discount),
    ("COUPON", Role::Discount),
    ("折扣", Role::Discount),
    ("優惠", Role::Discount),
    ("优惠", Role::Discount),
    ("優惠折扣", Role::Discount),
    ("全單折扣", Role::Discount),
    ("總折扣", Role::Discount),
    ("折讓", Role::Discount),
    ("會員折扣", Role::Discount),
    ("员工折扣", Role::Discount),
    ("SERVICE CHARGE", Role::Service),
    ("SERV. CHARGE", Role::Service),
    ("SVC CHG", Role::Service),
    ("服務費", Role::Service),
    ("服务费", Role::Service),
    ("加一服務", Role::Service),
    ("加一", Role::Service),
    ("TAX", Role::Tax),
    ("GST", Role::Tax),
    ("VAT", Role::Tax),
    ("稅額", Role::Tax),
    ("营业税", Role::Tax),
    ("ROUNDING", Role::Rounding),
    ("ROUND ADJ", Role::Rounding),
    ("尾數調整", Role::Rounding),
    ("抹零", Role::Rounding),
    ("TIP", Role::Tip),
    ("小費", Role::Tip),
    ("TENDERED", Role::Tendered),
    ("CASH TENDERED", Role::Tendered),
    ("CASH RECEIVED", Role::Tendered),
    ("AMOUNT TENDERED", Role::Tendered),
    ("PAID", Role::Tendered),
    ("已收金額", Role::Tendered),
    ("收現金", Role::Tendered),
    ("现价", Role::Total),
    ("原价", Role::Trap),
    ("原價", Role::Trap),
    ("總數", Role::Trap),
    ("总数", Role::Trap),
    ("實收", Role::Tendered),
    ("实收", Role::Tendered),
    ("CHANGE", Role::Change),
    ("CHANGE DUE", Role::Change),
    ("CASH CHANGE", Role::Change),
    ("找零", Role::Change),
    ("找續", Role::Change),
    ("找贖", Role::Change),
    ("找回", Role::Change),
    ("CASH", Role::Payment(Method::Cash)),
    ("現金", Role::Payment(Method::Cash)),
    ("现金", Role::Payment(Method::Cash)),
    ("OCTOPUS", Role::Payment(Method::Octopus)),
    ("八達通", Role::Payment(Method::Octopus)),
    ("VISA", Role::Payment(Method::Visa)),
    ("MASTERCARD", Role::Payment(Method::Mastercard)),
    ("MASTER", Role::Payment(Method::Mastercard)),
    ("萬事達", Role::Payment(Method::Mastercard)),
    ("UNIONPAY", Role::Payment(Method::Unionpay)),
    ("銀聯", Role::Payment(Method::Unionpay)),
    ("银联", Role::Payment(Method::Unionpay)),
    ("云闪付", Role::Payment(Method::Unionpay)),
    ("AMEX", Role::Payment(Method::Amex)),
    ("美國運通", Role::Payment(Method::Amex)),
    ("JCB", Role::Payment(Method::Jcb)),
    ("EPS", Role::Payment(Method::Eps)),
    ("易辦事", Role::Payment(Method::Eps)),
    ("FPS", Role::Payment(Method::Fps)),
    ("轉數快", Role::Payment(Method::Fps)),
    ("PAYME", Role::Payment(Method::Payme)),
    ("ALIPAYHK", Role::Payment(Method::Alipay)),
    ("ALIPAY", Role::Payment(Method::Alipay)),
    ("支付寶", Role::Payment(Method::Alipay)),
    ("支付宝", Role::Payment(Method::Alipay)),
    ("支付寶香港", Role::Payment(Method::Alipay)),
    ("香港支付寶", Role::Payment(Method::Alipay)),
    ("WECHAT PAY", Role::Payment(Method::WechatPay)),
    ("微信支付", Role::Payment(Method::WechatPay)),
    ("微信", Role::Payment(Method::WechatPay)),
    ("CREDIT CARD", Role::Payment(Method::Card)),
    ("CARD", Role::Payment(Method::Card)),
    ("信用卡", Role::Payment(Method::Card)),
    ("VOUCHER", Role::Payment(Method::Voucher)),
    ("GIFT CARD", Role::Payment(Method::Voucher)),
    ("禮券", Role::Payment(Method::Voucher)),
    ("現金券", Role::Payment(Method::Voucher)),
    ("會員卡", Role::Payment(Method::Member)),
    ("储值", Role::Payment(Method::Member)),
];

const LABELS: &[(&str, Label)] = &[
    ("RECEIPT", Label::Number),
    ("RECEIPT NO", Label::Number),
    ("INVOICE", Label::Number),
    ("INVOICE NO", Label::Number),
    ("INV NO", Label::Number),
    ("BILL NO", Label::Number),
    ("CHK", Label::Number),
    ("CHECK", Label::Number),
    ("DOC NO", Label::Number),
    ("ORDER", Label::Number),
    ("ORDER NO", Label::Number),
    ("SALE ID", Label::Number),
    ("SLIP NO", Label::Number),
    ("TICKET NO", Label::Number),
    ("TRANSACTION NO", Label::Number),
    ("單號", Label::Number),
    ("单号", Label::Number),
    ("單據號碼", Label::Number),
    ("收據號碼", Label::Number),
    ("收據編號", Label::Number),
    ("單據編號", Label::Number),
    ("交易編號", Label::Number),
    ("交易序號", Label::Number),
    ("流水號", Label::Number),
    ("流水号", Label::Number),
    ("订单号", Label::Number),
    ("小票号", Label::Number),
    ("ORIGINAL NO", Label::Original),
    ("ORIGINAL RECEIPT", Label::Original),
    ("ORIGINAL RECEIPT NO", Label::Original),
    ("REFUND OF", Label::Original),
    ("原單號", Label::Original),
    ("原单号", Label::Original),
    ("原收據", Label::Original),
    ("CASHIER", Label::Cashier),
    ("SERVED BY", Label::Cashier),
    ("SERVER", Label::Cashier),
    ("CLERK", Label::Cashier),
    ("STAFF", Label::Cashier),
    ("經手人", Label::Cashier),
    ("收銀員", Label::Cashier),
    ("收银员", Label::Cashier),
    ("服务员", Label::Cashier),
    ("TERMINAL", Label::Terminal),
    ("TILL", Label::Terminal),
    ("POS", Label::Terminal),
    ("主機", Label::Terminal),
    ("機號", Label::Terminal),
    ("TABLE", Label::Table),
    ("TBL", Label::Table),
    ("檯號", Label::Table),
    ("枱號", Label::Table),
    ("桌號", Label::Table),
    ("桌号", Label::Table),
    ("台號", Label::Table),
    ("PAX", Label::Guests),
    ("GUESTS", Label::Guests),
    ("人數", Label::Guests),
    ("客數", Label::Guests),
    ("PAYMENT METHOD", Label::Method),
    ("PAID BY", Label::Method),
    ("付款方式", Label::Method),
    ("支付方式", Label::Method),
    ("结算方式", Label::Method),
    ("DATE", Label::Other),
    ("TIME", Label::Other),
    ("TEL", Label::Other),
    ("PHONE", Label::Other),
    ("日期", Label::Other),
    ("時間", Label::Other),
    ("时间", Label::Other),
    ("電話", Label::Other),
    ("电话", Label::Other),
];

/// The role of an amount labelled `label` (folded, trimmed), with the word that gave it.
pub(super) fn role(label: &str) -> Option<(Role, &'static str)> {
    longest(AMOUNTS, label)
}

/// The label that `text` (folded) begins with, and its length in bytes.
pub(super) fn label(text: &str) -> Option<(Label, usize)> {
    longest(LABELS, text).map(|(label, word)| (label, word.len()))
}

fn longest<T: Copy>(table: &[(&'static str, T)], text: &str) -> Option<(T, &'static str)> {
    let fits = |word: &str| {
        text.strip_prefix(word).is_some_and(|rest| {
            let next = rest.chars().next();
            !word.is_ascii() || next.is_none_or(|c| !c.is_ascii_alphanumeric())
        })
    };
    let found = table.iter().filter(|(word, _)| fits(word)).max_by_key(|(word, _)| word.len());
    found.map(|(word, meaning)| (*meaning, *word))
}

#[cfg(test)]
mod tests {
    use super::{AMOUNTS, LABELS, Label, Role, label, role};
    use crate::event::Method;
    use crate::reading::fold::folded;

    #[test]
    fn words_are_folded_and_stand_once() {
        let words: Vec<&str> =
            AMOUNTS.iter().map(|(w, _)| *w).chain(LABELS.iter().map(|(w, _)| *w)).collect();
        for (i, word) in words.iter().enumerate() {
            assert_eq!(folded(word), **word, "{word} is folded");
            assert!(!words[..i].contains(word), "{word} stands twice");
        }
    }

    #[test]
    fn the_longest_word_decides() {
        assert_eq!(role("TOTAL").map(|r| r.0), Some(Role::Total));
        assert_eq!(role("TOTAL QTY").map(|r| r.0), Some(Role::Trap));
        assert_eq!(role("八達通").map(|r| r.0), Some(Role::Payment(Method::Octopus)));
        assert_eq!(role("八達通餘額").map(|r| r.0), Some(Role::Trap));
    }

    #[test]
    fn a_word_inside_another_does_not_count() {
        assert_eq!(role("CASHEW CHICKEN"), None);
        assert_eq!(role("TAXI"), None);
        assert_eq!(label("TELEVISION"), None);
        assert_eq!(label("單號:1001").map(|l| l.0), Some(Label::Number));
    }
}
