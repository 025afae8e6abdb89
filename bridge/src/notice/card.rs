//! A message before it has a format: what is said, in order.

/// What is said about one event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Card {
    /// Mark of a test, before everything else.
    pub(super) mark: Option<&'static str>,
    /// One line that says it all.
    pub(super) headline: String,
    /// What is doubtful.
    pub(super) warnings: Vec<&'static str>,
    /// Label and value.
    pub(super) rows: Vec<(&'static str, String)>,
    /// Lines of goods or of the paper.
    pub(super) lines: Vec<String>,
    /// Label and value that come last.
    pub(super) footer: Vec<(&'static str, String)>,
}

impl Card {
    /// Adds a row where there is something to say.
    pub(super) fn row(&mut self, label: &'static str, value: Option<String>) {
        if let Some(value) = value {
            self.rows.push((label, value));
        }
    }

    /// The headline with its mark.
    pub(super) fn title(&self) -> String {
        match self.mark {
            Some(mark) => format!("{mark} {}", self.headline),
            None => self.headline.clone(),
        }
    }
}
