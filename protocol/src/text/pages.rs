//! Which single-byte page is in force, given the printer's make and settings.

use super::CharacterState;
use super::codepage::{Page, PageFamily};
use crate::profile::{Encoding, Profile};

/// How numbers of code pages are understood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pages {
    /// Whose numbers they are.
    pub family: PageFamily,
    /// The page that is configured, whatever the till selects.
    pub fixed: Option<Page>,
}

impl Pages {
    /// As configured.
    pub fn of(profile: &Profile) -> Self {
        let fixed = match profile.encoding {
            Encoding::Page(page) => Some(page),
            _ => None,
        };
        Self { family: profile.pages, fixed }
    }

    /// The page in force, where its number means one: `None` is worth a diagnostic.
    pub fn known(self, state: CharacterState) -> Option<Page> {
        self.fixed.or_else(|| self.family.page(state.code_page, state.star))
    }

    /// The page in force; a number that means nothing is read as the power-on default.
    pub fn page(self, state: CharacterState) -> Page {
        self.known(state).unwrap_or(Page::Cp437)
    }
}

#[cfg(test)]
mod tests {
    use super::{Page, PageFamily, Pages};
    use crate::profile::{Encoding, Profile};
    use crate::text::CharacterState;

    #[test]
    fn a_configured_page_overrides_what_the_till_selects() {
        let state = CharacterState { code_page: 17, ..CharacterState::default() };
        assert_eq!(Pages::default().page(state), Page::Cp866);
        let encoding = Encoding::Page(Page::Tcvn3);
        let profile = Profile { encoding, pages: PageFamily::Hp, ..Profile::default() };
        assert_eq!(Pages::of(&profile).page(state), Page::Tcvn3);
    }

    #[test]
    fn an_unknown_number_is_read_as_the_power_on_page() {
        let state = CharacterState { code_page: 200, ..CharacterState::default() };
        assert_eq!(Pages::default().known(state), None);
        assert_eq!(Pages::default().page(state), Page::Cp437);
    }
}
