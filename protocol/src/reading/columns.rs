//! Column heads: the line that says what the numbers below it are.
//!
//! Not here: the numbers themselves (`row`).

use super::fold::Folded;

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Name,
    Quantity,
    Price,
    Amount,
    Tax,
    Other,
}

/// The columns of a paper, left to right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Heads {
    quantity: Option<u16>,
    price: Option<u16>,
    amount: Option<u16>,
    name: bool,
    tax: bool,
    kinds: u8,
}

/// Words in folded form.
const WORDS: &[(Column, &[&str])] = &[
    (
        Column::Name,
        &[
            "ITEM",
            "ITEMS",
            "ITEM(S)",
            "DESCRIPTION",
            "DESC",
            "PRODUCT",
            "ARTICLE",
            "NAME",
            "PARTICULARS",
            "食品",
            "品名",
            "商品",
            "名稱",
            "名称",
            "品項",
            "項目",
            "项目",
            "菜名",
            "菜品",
            "NAMA",
            "BARANG",
            "PERKARA",
            "TEN HANG",
            "MAT HANG",
            "TEN MON",
            "รายการ",
            "สินค้า",
            "الصنف",
        ],
    ),
    (
        Column::Quantity,
        &[
            "QTY",
            "QUANTITY",
            "Q'TY",
            "QTY(S)",
            "PCS",
            "數量",
            "数量",
            "數目",
            "件數",
            "件数",
            "JML",
            "KTT",
            "KUANTITI",
            "BIL",
            "SL",
            "SO LUONG",
            "จำนวน",
            "الكمية",
        ],
    ),
    (
        Column::Price,
        &[
            "PRICE",
            "U/PRICE",
            "U.PRICE",
            "UNIT PRICE",
            "S/PRICE",
            "U/P",
            "RATE",
            "UNIT",
            "單價",
            "单价",
            "単価",
            "價格",
            "价格",
            "HARGA",
            "DON GIA",
            "GIA",
            "ราคา",
            "หน่วยละ",
            "السعر",
        ],
    ),
    (
        Column::Amount,
        &[
            "AMOUNT",
            "AMT",
            "TOTAL",
            "SUBTOTAL",
            "AMOUNT(RM)",
            "AMT(RM)",
            "TOTAL(RM)",
            "銀碼",
            "金額",
            "金额",
            "小計",
            "小计",
            "合計",
            "JUMLAH",
            "THANH TIEN",
            "รวมเงิน",
            "จำนวนเงิน",
            "รวม",
            "المبلغ",
            "RM",
            "HK$",
        ],
    ),
    (Column::Tax, &["TAX", "GST", "TAX(RM)", "TAX CODE", "VAT", "SST", "稅", "税"]),
    (Column::Other, &["DISC", "DISC.", "DISCOUNT", "DIS", "折扣", "CODE", "NO", "UOM", "%"]),
];

/// Most words of a head that name no column.
const MOST_STRANGE: u8 = 3;
/// Fewest columns that make a line a head.
const FEWEST: u8 = 2;

impl Heads {
    /// The columns that `line` names; `None` where it is no head.
    pub(super) fn of(line: &Folded) -> Option<Self> {
        let mut heads = Self::default();
        let mut strange = 0;
        let mut start = 0;
        while start < line.chars.len() && strange <= MOST_STRANGE {
            if line.char(start) == ' ' {
                start += 1;
                continue;
            }
            let (column, end) = longest(line, start);
            match column {
                Some(column) => heads.take(column, start),
                None => strange += 1,
            }
            start = end;
        }
        (heads.kinds >= FEWEST && strange <= heads.kinds.min(MOST_STRANGE)).then_some(heads)
    }

    fn take(&mut self, column: Column, at: usize) {
        let at = u16::try_from(at).ok();
        let fresh = match column {
            Column::Name => !core::mem::replace(&mut self.name, true),
            Column::Tax => !core::mem::replace(&mut self.tax, true),
            Column::Quantity => self.quantity.is_none() && at.is_some(),
            Column::Price => self.price.is_none() && at.is_some(),
            Column::Amount => self.amount.is_none() && at.is_some(),
            Column::Other => false,
        };
        match column {
            Column::Quantity => self.quantity = self.quantity.or(at),
            Column::Price => self.price = self.price.or(at),
            Column::Amount => self.amount = self.amount.or(at),
            _ => {}
        }
        self.kinds += u8::from(fresh);
    }

    /// Whether goods stand below it.
    pub(super) fn are_goods(self) -> bool {
        let figures = self.quantity.is_some() || self.price.is_some();
        let named = self.name && self.amount.is_some();
        (figures && (self.amount.is_some() || self.name || self.price.is_some())) || named
    }

    /// Whether a summary of taxes stands below it.
    pub(super) fn are_taxes(self) -> bool {
        self.tax && !self.name && self.quantity.is_none() && self.price.is_none()
    }

    /// Whether the quantity stands left of the price; `None` where one of them has no column.
    pub(super) fn quantity_first(self) -> Option<bool> {
        Some(self.quantity? < self.price?)
    }

    /// Whether pieces are counted in a column of their own.
    pub(super) fn counts(self) -> bool {
        self.quantity.is_some()
    }
}

/// The longest column word at `start` and where the token ends.
fn longest(line: &Folded, start: usize) -> (Option<Column>, usize) {
    let lead = line.char(start).encode_utf8(&mut [0; 4]).as_bytes()[0];
    let mut found: Option<(Column, usize)> = None;
    for (column, words) in WORDS {
        for word in words.iter().filter(|word| word.as_bytes().first() == Some(&lead)) {
            let Some(end) = end_of(line, start, word) else { continue };
            if found.is_none_or(|(_, longest)| end > longest) {
                found = Some((*column, end));
            }
        }
    }
    if let Some((column, end)) = found {
        return (Some(column), end);
    }
    let token = (start..line.chars.len()).take_while(|i| line.char(*i) != ' ').count();
    (None, start + token.max(1))
}

/// Where `word` ends if it stands at `start`, apart from other letters.
fn end_of(line: &Folded, start: usize, word: &str) -> Option<usize> {
    let mut end = start;
    for c in word.chars() {
        if line.char(end) != c {
            return None;
        }
        end += 1;
    }
    let joined = !word.chars().any(is_ideograph) && line.char(end).is_alphanumeric();
    (!joined).then_some(end)
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{9FFF}')
}

#[cfg(test)]
mod tests {
    use super::Heads;
    use crate::reading::fold::Folded;

    fn heads(line: &str) -> Option<Heads> {
        Heads::of(&Folded::new(line))
    }

    #[test]
    fn heads_tell_which_number_is_which() {
        let order = |line: &str| heads(line).and_then(Heads::quantity_first);
        assert_eq!(order("ITEM     U/PRICE  QTY  SUBTOTAL"), Some(false));
        assert_eq!(order("數量 食品      單價     銀碼"), Some(true));
        assert_eq!(order("数量单价小计"), Some(true));
        assert!(heads("Item         Qty   Amount").is_some_and(Heads::counts));
    }

    #[test]
    fn a_sum_is_no_head() {
        assert_eq!(heads("TOTAL AMOUNT"), None);
        assert_eq!(heads("THANK YOU FOR YOUR VISIT"), None);
        assert!(heads("GST SUMMARY  AMOUNT(RM)  TAX(RM)").is_some_and(Heads::are_taxes));
    }
}
