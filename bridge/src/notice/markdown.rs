//! Text that must not act as DingTalk's Markdown, and lines that must break.

/// A line break as DingTalk's Markdown wants it.
pub(super) const BREAK: &str = "  \n";

/// `text` so that it reads as it is. Whether DingTalk's clients honour backslashes is not
/// documented, so what could act is replaced by its full-width twin, which reads the same. `_`
/// inside a word and `#` and `-` inside a line do not act and stay.
pub(super) fn escape(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let inside = |at: usize| {
        let word = |c: Option<&char>| c.is_some_and(|c| c.is_alphanumeric());
        at > 0 && word(chars.get(at - 1)) && word(chars.get(at + 1))
    };
    // Before a word or a number these are a sign; alone they make a heading, a rule or a list.
    let alone = |at: usize| at == 0 && chars.get(1).is_none_or(|next| !next.is_alphanumeric());
    let twin = |(at, &c): (usize, &char)| match c {
        '*' => '＊',
        '`' => '｀',
        '[' => '［',
        ']' => '］',
        '<' => '＜',
        '>' => '＞',
        '\\' => '＼',
        '|' => '｜',
        '~' => '～',
        '_' if !inside(at) => '＿',
        '#' if alone(at) => '＃',
        '-' if alone(at) => '－',
        '+' if alone(at) => '＋',
        '=' if alone(at) => '＝',
        // An address printed on a receipt is no link of ours.
        ':' if chars[at + 1..].starts_with(&['/', '/']) => '：',
        other => other,
    };
    chars.iter().enumerate().map(twin).collect()
}

/// Lines as a template has them, each ended as DingTalk wants it. Empty lines stay what they are:
/// the end of a paragraph.
pub(super) fn break_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut lines = text.trim().lines().map(str::trim_end).peekable();
    while let Some(line) = lines.next() {
        out.push_str(line);
        match lines.peek() {
            None => {}
            Some(next) if line.is_empty() || next.is_empty() => out.push('\n'),
            Some(_) => out.push_str(BREAK),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{break_lines, escape};

    #[test]
    fn nothing_printed_acts_as_markdown() {
        assert_eq!(escape("*BIG* _sale_ [x](http://y)"), "＊BIG＊ ＿sale＿ ［x］(http：//y)");
        assert_eq!(escape("# head > quote `code` <b>|~"), "＃ head ＞ quote ｀code｀ ＜b＞｜～");
        assert_eq!(escape("- a"), "－ a");
        assert_eq!(escape("==="), "＝==");
    }

    #[test]
    fn numbers_and_amounts_stay_as_they_are() {
        for text in ["#1001", "A_1001-7", "-HK$36.00", "2026-11-21 12:01:22", "No.5 (L)", "+852"] {
            assert_eq!(escape(text), text);
        }
    }

    #[test]
    fn lines_break_and_paragraphs_stay() {
        assert_eq!(break_lines("\na \nb\n\nc\n"), "a  \nb\n\nc");
    }
}
