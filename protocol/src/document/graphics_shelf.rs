//! Images that a printer keeps: downloaded until it is reset, or in memory that lasts.
//!
//! They are printed by commands that say no more than which one, often months after they were
//! stored; an image nobody saw being stored is printed as unseen.

use serde::{Deserialize, Serialize};

use super::image::Image;
use crate::limits::{MAX_STORED_IMAGE_BYTES, MAX_STORED_IMAGES};

/// The name an image is stored under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Slot {
    /// `GS *`: the one downloaded image.
    Downloaded,
    /// `FS q`: by number, from 1.
    Number(u8),
    /// `GS ( L` function 67 and 68: by key code, lasting.
    Key(u8, u8),
    /// `GS ( L` function 83 and 84: by key code, until reset.
    DownloadedKey(u8, u8),
}

/// What is stored, at most [`MAX_STORED_IMAGE_BYTES`] of dots.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Shelf(Vec<(Slot, Image)>);

impl Shelf {
    /// Stores an image in place of the one in its slot; `false` where there is no room.
    pub(super) fn put(&mut self, slot: Slot, image: Image) -> bool {
        self.forget(slot);
        let used: usize = self.0.iter().map(|(_, stored)| stored.rows().len()).sum();
        let fits = self.0.len() < MAX_STORED_IMAGES
            && used.saturating_add(image.rows().len()) <= MAX_STORED_IMAGE_BYTES;
        if fits {
            self.0.push((slot, image));
        }
        fits
    }

    /// The image in the slot, or one that was not seen.
    pub(super) fn image(&self, slot: Slot) -> Image {
        let found = self.0.iter().find(|(stored, _)| *stored == slot);
        found.map_or_else(Image::unseen, |(_, image)| image.clone())
    }

    /// Empties a slot.
    pub(super) fn forget(&mut self, slot: Slot) {
        self.0.retain(|(stored, _)| *stored != slot);
    }

    /// Empties what does not outlive a reset.
    pub(super) fn forget_downloaded(&mut self) {
        self.0.retain(|(slot, _)| matches!(slot, Slot::Number(_) | Slot::Key(..)));
    }

    /// Empties the numbered slots.
    pub(super) fn forget_numbered(&mut self) {
        self.0.retain(|(slot, _)| !matches!(slot, Slot::Number(_)));
    }

    /// Empties the lasting slots with key codes.
    pub(super) fn forget_keyed(&mut self) {
        self.0.retain(|(slot, _)| !matches!(slot, Slot::Key(..)));
    }
}

#[cfg(test)]
mod tests {
    use super::{Shelf, Slot};
    use crate::document::image::Image;
    use crate::limits::{MAX_STORED_IMAGE_BYTES, MAX_STORED_IMAGES};

    #[test]
    fn the_shelf_holds_no_more_than_its_caps() {
        let mut shelf = Shelf::default();
        let half = Image::from_rows(8, vec![1; MAX_STORED_IMAGE_BYTES / 2]);
        assert!(shelf.put(Slot::Number(1), half.clone()) && shelf.put(Slot::Number(2), half));
        assert!(!shelf.put(Slot::Number(3), Image::from_rows(8, vec![1])));
        assert!(shelf.put(Slot::Number(2), Image::from_rows(8, vec![1])), "in place of another");
        let small = (0..=u8::MAX).filter(|n| shelf.put(Slot::Key(0, *n), Image::unseen()));
        assert_eq!(small.count(), MAX_STORED_IMAGES - 2);
    }

    #[test]
    fn a_reset_keeps_what_lasts() {
        let mut shelf = Shelf::default();
        let image = Image::from_rows(8, vec![1]);
        for slot in [Slot::Downloaded, Slot::DownloadedKey(1, 1), Slot::Key(1, 1)] {
            assert!(shelf.put(slot, image.clone()));
        }
        shelf.forget_downloaded();
        assert!(shelf.image(Slot::Downloaded).is_unseen());
        assert!(shelf.image(Slot::DownloadedKey(1, 1)).is_unseen());
        assert_eq!(shelf.image(Slot::Key(1, 1)), image);
    }
}
