//! Pictures that tills print, drawn by code.

/// One bit a dot, rows padded to whole bytes, as `GS v 0` takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bitmap {
    row_bytes: usize,
    bytes: Vec<u8>,
}

impl Bitmap {
    /// `width` (rounded up to eight) times `height` dots, black where `ink` says so.
    pub fn draw(width: usize, height: usize, ink: impl Fn(i32, i32) -> bool) -> Self {
        let row_bytes = width.div_ceil(8);
        let mut bytes = vec![0; row_bytes * height];
        for y in 0..height {
            for x in 0..row_bytes * 8 {
                if ink(x as i32, y as i32) {
                    bytes[y * row_bytes + x / 8] |= 0x80 >> (x % 8);
                }
            }
        }
        Self { row_bytes, bytes }
    }

    /// Bytes of one row.
    pub fn row_bytes(&self) -> usize {
        self.row_bytes
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.bytes.len() / self.row_bytes
    }

    /// The rows, top first.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// A cup with a handle and steam: 96 x 48 dots.
pub fn tea_cup() -> Bitmap {
    Bitmap::draw(96, 48, |x, y| {
        let slope = (y - 16) / 4;
        let cup = (16..42).contains(&y) && (24 + slope..64 - slope).contains(&x);
        let handle = {
            let from = (x - 66).pow(2) + (y - 26).pow(2);
            x >= 60 && (36..81).contains(&from)
        };
        let saucer = (43..46).contains(&y) && (16..72).contains(&x);
        let steam = (2..13).contains(&y) && [34, 43, 52].iter().any(|at| x == at + (y / 4) % 2 * 2);
        cup || handle || saucer || steam
    })
}

#[cfg(test)]
mod tests {
    use super::{Bitmap, tea_cup};

    #[test]
    fn dots_are_packed_from_the_left() {
        let image = Bitmap::draw(10, 1, |x, _| x == 0 || x == 9);
        assert_eq!((image.row_bytes(), image.bytes()), (2, [0x80, 0x40].as_slice()));
    }

    #[test]
    fn the_logo_asks_the_printer_nothing() {
        let image = tea_cup();
        assert_eq!((image.row_bytes(), image.height()), (12, 48));
        let ink: u32 = image.bytes().iter().map(|byte| byte.count_ones()).sum();
        assert!((600..2_000).contains(&ink), "{ink} black dots");
        let asks = image.bytes().windows(2).any(|pair| pair == [0x10, 0x04]);
        assert!(!asks, "a real-time command acts even inside an image");
    }
}
