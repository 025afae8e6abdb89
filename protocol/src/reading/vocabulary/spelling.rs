//! Misspelt words of a till program's author, put right for matching only.
//!
//! One letter wrong, missing, added or swapped with its neighbour in a long common word. What is
//! put right never leaves this module as text: fields stay as printed.

/// Shortest word that is looked at, in letters: shorter ones are too near to others.
const SHORTEST: usize = 5;
/// Letters from which on the last one may be wrong as well: in shorter words it is a plural or
/// another form.
const SURE: usize = 8;

/// The words that are worth it, by first letter.
#[rustfmt::skip]
const COMMON: &[&str] = &[
    "ADJUSTMENT", "AMOUNT", "CASHIER", "CHANGE", "DISCOUNT", "DUPLICATE", "EXCLUDING", "EXCLUSIVE",
    "GRAND", "INCLUDES", "INCLUSIVE", "INVOICE", "JUMLAH", "KEMBALI", "NUMBER", "PAYABLE",
    "PAYMENT", "QUANTITY", "RECEIPT", "RECEIVED", "REFUND", "REPRINT", "ROUNDED", "ROUNDING",
    "SAVINGS", "SERVICE", "SUBTOTAL", "TENDERED", "TERMINAL", "TOTAL",
];

/// Other words, one letter away from a common one.
const OTHERS: &[&str] = &["CHANCE", "CHARGE", "DUPLICATED", "GRANT", "INCLUDED", "INCLUDING"];

/// The line with its misspelt words put right, and for each of its characters (and its end) where
/// it stood; `None` where every word may stand as it is.
pub(super) fn mended(line: &[char]) -> Option<(Vec<char>, Vec<usize>)> {
    let mut out: Option<(Vec<char>, Vec<usize>)> = None;
    let mut i = 0;
    while i < line.len() {
        let len = line[i..].iter().take_while(|c| c.is_ascii_alphabetic()).count();
        if len == 0 {
            if let Some((chars, at)) = &mut out {
                chars.push(line[i]);
                at.push(i);
            }
            i += 1;
            continue;
        }
        let token = &line[i..i + len];
        let right = corrected(token);
        if right.is_some() && out.is_none() {
            out = Some((line[..i].to_vec(), (0..i).collect()));
        }
        if let Some((chars, at)) = &mut out {
            if let Some(right) = right {
                // Whatever is found in the word begins or ends with it.
                at.extend((0..right.len()).map(|nth| i + nth.min(len - 1)));
                chars.extend(right.chars());
            } else {
                at.extend(i..i + len);
                chars.extend(token);
            }
        }
        i += len;
    }
    if let Some((_, at)) = &mut out {
        at.push(line.len());
    }
    out
}

/// The common word that `token` is a misspelling of.
fn corrected(token: &[char]) -> Option<&'static str> {
    if token.len() < SHORTEST {
        return None;
    }
    let near = |word: &&&str| {
        word.as_bytes()[0] == token[0] as u8 && word.len().abs_diff(token.len()) <= 1
    };
    let same = |word: &str| word.chars().eq(token.iter().copied());
    if OTHERS.iter().any(|word| same(word)) {
        return None;
    }
    let mut found = None;
    for word in COMMON.iter().filter(near) {
        if same(word) {
            return None;
        }
        if one_apart(token, word.as_bytes()) {
            found = Some(*word);
        }
    }
    found
}

/// Whether one letter is wrong, missing, added or swapped with its neighbour.
fn one_apart(token: &[char], word: &[u8]) -> bool {
    let letter = |c: char| c as u8;
    let short = token.len().min(word.len());
    let head = (0..short).take_while(|i| letter(token[*i]) == word[*i]).count();
    let room = short - head;
    let (t, w) = (token.len() - 1, word.len() - 1);
    let tail = (0..room).take_while(|i| letter(token[t - i]) == word[w - i]).count();
    let plural = head == word.len() && token[head..] == ['S'];
    if plural || (tail == 0 && short < SURE) {
        return false;
    }
    let (left, wanted) = (token.len() - head - tail, word.len() - head - tail);
    match (left, wanted) {
        (1, 0 | 1) | (0, 1) => true,
        (2, 2) => letter(token[head]) == word[head + 1] && letter(token[head + 1]) == word[head],
        _ => false,
    }
}
