//! Names of customers, by the word that stands before them.

use super::HIDDEN;
use super::fold::fold;

/// Words that a name or a member's number follows, with or without a colon.
const STRONG: &[&str] = &[
    "會員",
    "会员",
    "貴賓",
    "贵宾",
    "客戶",
    "客户",
    "顧客",
    "顾客",
    "持卡人",
    "收件人",
    "收貨人",
    "收货人",
    "聯絡人",
    "联系人",
    "訂座人",
    "订座人",
    "member",
    "vip",
    "customer",
    "cardholder",
    "card holder",
    "sold to",
    "bill to",
    "ship to",
    "deliver to",
    "anggota",
    "pelanggan",
    "pembeli",
    "penerima",
    "atas nama",
    "ahli",
    "khách hàng",
    "hội viên",
    "สมาชิก",
    "ลูกค้า",
];

/// Words that a name follows only behind a colon: they are many other things.
const WEAK: &[&str] = &[
    "姓名",
    "名字",
    "客人",
    "買家",
    "买家",
    "name",
    "guest",
    "client",
    "patient",
    "attn",
    "membership",
    "buyer",
    "nama",
    "tamu",
    "a.n",
    "a/n",
];

/// What may stand between a label and the name.
const BETWEEN: &[&str] = &[
    "姓名", "名稱", "名称", "編號", "编号", "號碼", "号码", "卡號", "卡号", "卡", "號", "号",
    "電話", "电话", "number", "name", "card", "code", "tel", "phone", "mobile", "no", "id",
    "nomor", "nama", "kartu", "kode", "telepon",
];

/// What makes another word of a label: `會員價`, `Customer copy`.
const NO_PERSON: &[&str] = &[
    "折",
    "優惠",
    "优惠",
    "價",
    "价",
    "專",
    "专",
    "日",
    "積分",
    "积分",
    "儲值",
    "储值",
    "餘額",
    "余额",
    "存根",
    "聯",
    "联",
    "服務",
    "服务",
    "套",
    "房",
    "廳",
    "厅",
    "區",
    "区",
    "制",
    "費",
    "费",
    "禮",
    "礼",
    "券",
    "級",
    "级",
    "數",
    "数",
    "人數",
    "人数",
    "重印",
    "單據",
    "单据",
    "discount",
    "disc",
    "price",
    "points",
    "point",
    "copy",
    "receipt",
    "special",
    "set",
    "offer",
    "room",
    "rate",
    "service",
    "benefit",
    "rewards",
    "reward",
    "account",
    "fee",
    "only",
    "day",
    "signature",
    "count",
    "balance",
    "total",
    "order",
    "diskon",
    "harga",
    "poin",
    "saldo",
];

/// Longest run of digits behind a label without a colon that is no member's number: `VIP 3`.
const MAX_SMALL: usize = 4;

/// `text` with every name behind a label hidden, to the end of its line; where the line ends at the
/// colon, the next line.
pub(super) fn hide(text: &str) -> String {
    let mut out = Vec::new();
    let mut pending = false;
    for line in text.split('\n') {
        if pending && !line.trim().is_empty() {
            out.push(HIDDEN.to_owned());
            pending = false;
            continue;
        }
        let chars: Vec<char> = line.chars().collect();
        match name(&chars) {
            Some(from) if from < chars.len() => {
                out.push(chars[..from].iter().collect::<String>() + HIDDEN);
            }
            found => {
                pending |= found.is_some();
                out.push(line.to_owned());
            }
        }
    }
    out.join("\n")
}

/// Where the first name of `line` starts; its end where the name is on the next line.
fn name(line: &[char]) -> Option<usize> {
    let folded: Vec<char> = line.iter().map(|c| lower(fold(*c))).collect();
    (0..folded.len()).find_map(|at| name_at(&folded, at))
}

/// One character stays one: `İ` and its kind have no plain small letter.
fn lower(c: char) -> char {
    let mut small = c.to_lowercase();
    match (small.next(), small.next()) {
        (Some(small), None) => small,
        _ => c,
    }
}

fn name_at(line: &[char], at: usize) -> Option<usize> {
    let (label, weak) = match (word(line, at, STRONG), word(line, at, WEAK)) {
        (Some(len), _) => (len, false),
        (None, Some(len)) => (len, true),
        (None, None) => return None,
    };
    let mut next = at + label;
    let mut skipped = spaces(line, next);
    while let Some(len) = word(line, next + skipped, BETWEEN) {
        next += skipped + len;
        // `No.`
        next += usize::from(line.get(next) == Some(&'.'));
        skipped = spaces(line, next);
    }
    let separated = matches!(line.get(next + skipped), Some(':' | '=' | '#'));
    if separated {
        next += skipped + 1;
        skipped = spaces(line, next);
    }
    let from = next + skipped;
    let rest = &line[from..];
    if separated {
        return Some(if rest.is_empty() { line.len() } else { from });
    }
    (!weak && is_person(line, from)).then_some(from)
}

/// Whether what stands right behind a label may be a person.
fn is_person(line: &[char], from: usize) -> bool {
    let rest = &line[from..];
    let closed = matches!(rest.first(), None | Some(')' | ']' | '}' | '」' | '】'));
    let small = !rest.iter().any(|c| c.is_alphabetic())
        && rest.split(|c| !c.is_ascii_digit()).all(|digits| digits.len() <= MAX_SMALL);
    !closed && !small && word(line, from, NO_PERSON).is_none()
}

fn spaces(line: &[char], from: usize) -> usize {
    line[from.min(line.len())..].iter().take_while(|c| **c == ' ').count()
}

/// The length of the longest of `words` that stands at `at`. Words of letters stand alone; Chinese
/// and Thai ones have no gaps around them.
fn word(line: &[char], at: usize, words: &[&str]) -> Option<usize> {
    let letter = |c: Option<&char>| c.is_some_and(|c| c.is_alphabetic() && *c < '\u{0E00}');
    let stands = |word: &str| {
        let mut end = at;
        for c in word.chars() {
            if line.get(end) != Some(&c) {
                return None;
            }
            end += 1;
        }
        let joined = letter(line.get(end)) || at > 0 && letter(line.get(at - 1));
        let alone = !letter(line.get(at)) || !joined;
        alone.then_some(end - at)
    };
    words.iter().filter_map(|word| stands(word)).max()
}

#[cfg(test)]
mod tests {
    use super::hide;

    #[test]
    fn a_name_behind_a_label_goes_to_the_end_of_its_line() {
        for (text, safe) in [
            ("會員：陳大文", "會員：***"),
            ("會員陳大文 多謝", "會員***"),
            ("会员卡号: 12345", "会员卡号: ***"),
            ("Member: Chan Tai Man", "Member: ***"),
            ("MEMBER NO. 00123", "MEMBER NO. ***"),
            ("Set A VIP Wong", "Set A VIP ***"),
            ("Ｍｅｍｂｅｒ：Chan", "Ｍｅｍｂｅｒ：***"),
            ("Customer Name : Lee, Ka Yan", "Customer Name : ***"),
            ("客戶:\n陳大文\n奶茶", "客戶:\n***\n奶茶"),
            ("Anggota Siti Rahayu", "Anggota ***"),
            ("Nama: Budi", "Nama: ***"),
            ("member discount VIP Chan", "member discount VIP ***"),
        ] {
            assert_eq!(hide(text), safe);
            assert_eq!(hide(safe), safe, "twice is once");
        }
    }

    #[test]
    fn goods_and_notes_that_hold_a_label_stay() {
        for text in [
            "會員折扣 9折",
            "會員價奶茶",
            "Member discount 10%",
            "CUSTOMER COPY",
            "VIP 3",
            "VIP room 2",
            "(VIP) Milk tea",
            "membership",
            "Guest house wine",
            "Brand name tea",
            "會員",
            "會員 -5.00",
        ] {
            assert_eq!(hide(text), text);
        }
    }
}
