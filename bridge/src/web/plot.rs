//! Small plots: bars, drawn here, so that they need no script and say their numbers to whoever cannot
//! see them.

use std::fmt::Write as _;

use minijinja::{HtmlEscape, Value};

/// Width of a plot, in its own units.
const WIDTH: usize = 480;
/// Widest bar and the gap beside it: the first hour of a day is no wall.
const WIDEST: f64 = 40.0;
/// Height of the highest bar.
const HEIGHT: usize = 96;
/// Room for labels below.
const FOOT: usize = 22;
/// Most labels below: more stand into each other on a phone.
const MOST_LABELS: usize = 6;

/// One bar.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Bar {
    /// What stands below it.
    pub(super) label: String,
    /// What it says: the amount as people write it.
    pub(super) text: String,
    /// How high it is; below zero it hangs nowhere and is empty.
    pub(super) size: f64,
}

/// Draws bars side by side. `name` says what they are.
pub(super) fn bars(bars: &[Bar], name: &str) -> Value {
    let most = bars.iter().map(|bar| bar.size).fold(0.0, f64::max);
    let step = (WIDTH as f64 / bars.len().max(1) as f64).min(WIDEST);
    let every = bars.len().div_ceil(MOST_LABELS).max(1);
    let mut out = String::new();
    let _ = write!(
        out,
        r#"<svg class="plot" viewBox="0 0 {WIDTH} {}" role="img" aria-label="{}">"#,
        HEIGHT + FOOT,
        HtmlEscape(&spoken(bars, name))
    );
    for (index, bar) in bars.iter().enumerate() {
        let left = index as f64 * step;
        let share = if most > 0.0 { (bar.size / most).clamp(0.0, 1.0) } else { 0.0 };
        // What was sold is seen, however little beside the best hour.
        let height = if share > 0.0 { (share * HEIGHT as f64).max(2.0) } else { 0.0 };
        let _ = write!(
            out,
            r#"<g><title>{} {}</title><rect class="room" x="{left:.1}" y="0" width="{:.1}" height="{HEIGHT}"/><rect class="bar" x="{left:.1}" y="{:.1}" width="{:.1}" height="{height:.1}"/></g>"#,
            HtmlEscape(&bar.label),
            HtmlEscape(&bar.text),
            step * 0.82,
            HEIGHT as f64 - height,
            step * 0.82,
        );
        if index % every == 0 {
            let (middle, below) = (left + step * 0.41, HEIGHT + FOOT - 5);
            let label = HtmlEscape(&bar.label);
            let _ = write!(out, r#"<text x="{middle:.1}" y="{below}">{label}</text>"#);
        }
    }
    out.push_str("</svg>");
    Value::from_safe_string(out)
}

/// All of it in one line.
fn spoken(bars: &[Bar], name: &str) -> String {
    let said = bars.iter().filter(|bar| bar.size > 0.0);
    let said: Vec<String> = said.map(|bar| format!("{} {}", bar.label, bar.text)).collect();
    format!("{name}: {}", said.join(", "))
}

#[cfg(test)]
mod tests {
    use super::{Bar, bars};

    #[test]
    fn every_bar_is_drawn_and_said_and_no_label_is_markup() {
        let bar = |label: &str, size| Bar { label: label.into(), text: "HK$<1>".into(), size };
        let drawn = bars(&[bar("11", 50.0), bar("<12>", 100.0), bar("13", -3.0)], "By \"hour\"");
        let drawn = drawn.to_string();
        assert!(
            drawn.contains(r#"height="48.0""#) && drawn.contains(r#"height="96.0""#),
            "{drawn}"
        );
        assert!(drawn.contains("By &quot;hour&quot;: 11 HK$&lt;1&gt;, &lt;12&gt;"), "{drawn}");
        assert!(!drawn.contains("<12>") && !drawn.contains("style="), "{drawn}");
        assert!(bars(&[], "none").to_string().ends_with("</svg>"));
        assert!(bars(&[bar("1", 0.0)], "nothing").to_string().contains(r#"height="0.0""#));
    }
}
