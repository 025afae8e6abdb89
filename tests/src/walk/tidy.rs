//! A transcript without what differs from day to day and from machine to machine. Pure.

use std::sync::LazyLock;

use regex::Regex;

/// What is replaced, in this order.
const RULES: &[(&str, &str)] = &[
    (r"\d{4}-\d{2}-\d{2}", "DATE"),
    (r"\d{2}:\d{2}:\d{2}", "TIME"),
    // What the listener shows of a receipt is the one that was printed just then.
    (r"it says: .+", "it says: (a line of the receipt)"),
    (r"\d+(\.\d+)? (B|KiB|MiB|GiB|KB|MB|GB|s|ms|h|min|minutes?|hours?|days?)\b", "N $2"),
    (r"Ref\*\*: \S+", "Ref**: (its reference)"),
    (r"ended at DATE \d{2}:\d{2}", "ended at DATE TIME"),
    (r"wire       process \d+, \d+ bytes", "wire       process N, N bytes"),
    (r": \d+ bytes kept", ": N bytes kept"),
    (r"(?m)^(events     )\d+", "${1}N"),
    (r"posbridge_[^_]+_\w+\.deb", "posbridge_*.deb"),
    // Speeds at which something was heard too, by chance.
    (r"(?m)^  /dev/\S+ \d+ \d\w\d .* B$\n", ""),
];

static REPLACED: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    let compiled = |(rule, with): &(&str, &'static str)| (Regex::new(rule).expect(rule), *with);
    RULES.iter().map(compiled).collect()
});

/// `seen`, with `address` for the group's.
pub(super) fn tidy(seen: &str, address: &str) -> String {
    let mut text = seen.replace(address, "ADDRESS");
    for (rule, with) in REPLACED.iter() {
        text = rule.replace_all(&text, *with).into_owned();
    }
    let mut out = String::new();
    let mut apt = false;
    for line in text.lines() {
        if line.starts_with("$ ") {
            apt = line.contains(" apt ");
        }
        // Of apt's talk, what the package says.
        if apt && !line.is_empty() && !line.starts_with("$ ") && !line.starts_with("posbridge: ") {
            continue;
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}
