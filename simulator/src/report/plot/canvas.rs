//! SVG elements as text, and the room for a plot.
//!
//! Every text is escaped here and nowhere else.

use std::fmt::Write;

use super::axis::Scale;

/// Width of a plot. A phone shows it at about this size, so that its letters keep theirs.
pub(super) const WIDTH: f64 = 400.0;
/// Height of a plot.
pub(super) const HEIGHT: f64 = 238.0;
/// Room for the numbers of the vertical axis.
pub(super) const LEFT: f64 = 50.0;
/// Room for the names of lines.
const RIGHT: f64 = 90.0;
/// Room for the unit.
const TOP: f64 = 27.0;
/// Room for the numbers and the name of the horizontal axis.
const BOTTOM: f64 = 36.0;
/// Height of a line of small text.
const LABEL: f64 = 14.0;
/// Length of the piece of line before a name.
const SWATCH: f64 = 14.0;

/// Text that is safe between tags and in quoted attributes.
pub(in crate::report) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            // No character of a browser's: it would turn the page around or end it.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => safe.push('\u{fffd}'),
            control if control.is_control() && control != '\n' => safe.push('\u{fffd}'),
            other => safe.push(other),
        }
    }
    safe
}

/// Where a text is held.
#[derive(Clone, Copy, Debug)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// An SVG that grows.
pub(super) struct Canvas {
    out: String,
}

impl Canvas {
    /// A canvas with a name that is read aloud.
    pub(super) fn new(height: f64, name: &str) -> Self {
        let out = format!(
            "<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{}\">\n",
            escape(name)
        );
        Self { out }
    }

    pub(super) fn line(&mut self, class: &str, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) {
        let _ = writeln!(
            self.out,
            "<line class=\"{class}\" x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/>"
        );
    }

    pub(super) fn path(&mut self, class: &str, points: &[(f64, f64)]) {
        let points: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let points = points.join(" ");
        let _ = writeln!(self.out, "<polyline class=\"{class}\" points=\"{points}\"/>");
    }

    /// A box, with words for who points at it.
    pub(super) fn rect(&mut self, class: &str, (x, y): (f64, f64), (w, h): (f64, f64), tip: &str) {
        let tip =
            if tip.is_empty() { String::new() } else { format!("<title>{}</title>", escape(tip)) };
        let _ = writeln!(
            self.out,
            "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{w:.1}\" \
             height=\"{h:.1}\">{tip}</rect>"
        );
    }

    pub(super) fn text(&mut self, (x, y): (f64, f64), anchor: Anchor, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let text = escape(text);
        let _ = writeln!(
            self.out,
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{text}</text>"
        );
    }

    pub(super) fn finish(mut self) -> String {
        self.out.push_str("</svg>\n");
        self.out
    }
}

/// The room in which lines are drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    pub(super) x: (f64, f64),
    pub(super) y: (f64, f64),
}

impl Room {
    pub(super) const PLOT: Self = Self { x: (LEFT, WIDTH - RIGHT), y: (HEIGHT - BOTTOM, TOP) };

    /// Vertical axis: a line and a number at each tick, the unit above.
    pub(super) fn ordinates(
        self,
        canvas: &mut Canvas,
        scale: Scale,
        ticks: &[(f64, String)],
        unit: &str,
    ) {
        for (index, (value, text)) in ticks.iter().enumerate() {
            let y = scale.at(*value);
            let class = if index == 0 { "axis" } else { "grid" };
            canvas.line(class, (self.x.0, y), (self.x.1, y));
            canvas.text((self.x.0 - 5.0, y + 4.0), Anchor::End, text);
        }
        canvas.text((2.0, 12.0), Anchor::Start, unit);
    }

    /// Horizontal axis: a tick and its text, the unit below.
    pub(super) fn abscissae(
        self,
        canvas: &mut Canvas,
        scale: Scale,
        ticks: &[(f64, String)],
        unit: &str,
    ) {
        for (value, text) in ticks {
            let x = scale.at(*value);
            canvas.line("axis", (x, self.y.0), (x, self.y.0 + 4.0));
            canvas.text((x, self.y.0 + 16.0), Anchor::Middle, text);
        }
        let middle = f64::midpoint(self.x.0, self.x.1);
        canvas.text((middle, self.y.0 + 31.0), Anchor::Middle, unit);
    }

    /// Names at the ends of lines, moved apart where lines end close together.
    pub(super) fn names(self, canvas: &mut Canvas, mut names: Vec<(f64, &str, &str)>) {
        names.sort_by(|a, b| a.0.total_cmp(&b.0));
        let heights = apart(&names.iter().map(|name| name.0).collect::<Vec<_>>(), self.y);
        for ((_, class, name), y) in names.into_iter().zip(heights) {
            let x = self.x.1 + 4.0;
            canvas.line(class, (x, y), (x + SWATCH, y));
            canvas.text((x + SWATCH + 3.0, y + 4.0), Anchor::Start, name);
        }
    }
}

/// Heights at least a line of text apart, as near to the wanted ones as a pass down and a pass up
/// bring them, inside the room. The wanted ones are given from top to bottom.
fn apart(wanted: &[f64], (bottom, top): (f64, f64)) -> Vec<f64> {
    let mut heights = wanted.to_vec();
    let mut least = top;
    for height in &mut heights {
        *height = height.max(least);
        least = *height + LABEL;
    }
    let mut most = bottom;
    for height in heights.iter_mut().rev() {
        *height = height.min(most);
        most = *height - LABEL;
    }
    heights
}

#[cfg(test)]
mod tests {
    use super::{apart, escape};

    #[test]
    fn no_text_ends_its_element_or_turns_the_page_around() {
        assert_eq!(
            escape("</svg><script>'x'\"&\u{202e}\u{0}飲\n"),
            "&lt;/svg&gt;&lt;script&gt;&#39;x&#39;&quot;&amp;\u{fffd}\u{fffd}飲\n"
        );
    }

    #[test]
    fn names_never_overlap_and_stay_in_the_room() {
        assert_eq!(apart(&[50.0, 50.0, 100.0], (200.0, 20.0)), [50.0, 64.0, 100.0]);
        let crowded = apart(&[199.0, 199.0, 200.0], (200.0, 20.0));
        assert_eq!(crowded, [172.0, 186.0, 200.0]);
        assert_eq!(apart(&[0.0], (200.0, 20.0)), [20.0]);
    }
}
