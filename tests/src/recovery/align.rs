//! Which lines of a sound paper stand on a damaged one, in the same order.

/// How far a prefix of the expected lines got within a prefix of the found ones.
#[derive(Clone, Copy, Debug, Default)]
struct Best {
    matched: u32,
    /// How much of the current found line is used up: two lines whose terminator was hit stand in
    /// one, after each other.
    used: usize,
    how: How,
}

#[derive(Clone, Copy, Debug, Default)]
enum How {
    #[default]
    SkipExpected,
    SkipFound,
    Match,
}

/// For each line of `expected` whether it stands in `found`: the most that can be found in order,
/// each in a place of its own.
pub fn align(expected: &[&str], found: &[String]) -> Vec<bool> {
    let width = found.len() + 1;
    let mut table = vec![Best::default(); (expected.len() + 1) * width];
    for row in 0..=expected.len() {
        for column in 0..width {
            table[row * width + column] = best(&table, row, column, width, expected, found);
        }
    }
    let mut matched = vec![false; expected.len()];
    let (mut row, mut column) = (expected.len(), found.len());
    while row > 0 {
        match table[row * width + column].how {
            How::SkipFound => column -= 1,
            How::SkipExpected => row -= 1,
            How::Match => {
                matched[row - 1] = true;
                row -= 1;
            }
        }
    }
    matched
}

fn best(
    table: &[Best],
    row: usize,
    column: usize,
    width: usize,
    expected: &[&str],
    found: &[String],
) -> Best {
    if row == 0 {
        return Best::default();
    }
    let above = table[(row - 1) * width + column];
    let mut best = Best { how: How::SkipExpected, ..above };
    if column == 0 {
        return best;
    }
    let left = table[row * width + column - 1];
    if left.matched >= best.matched {
        best = Best { matched: left.matched, used: 0, how: How::SkipFound };
    }
    let (line, wanted) = (&found[column - 1], expected[row - 1]);
    if let Some(at) = line.get(above.used..).and_then(|rest| rest.find(wanted)) {
        let matched = above.matched + 1;
        if matched > best.matched {
            let used = above.used + at + wanted.len();
            best = Best { matched, used, how: How::Match };
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::align;

    fn aligned(expected: &[&str], found: &[&str]) -> Vec<bool> {
        let found: Vec<String> = found.iter().map(|line| (*line).to_owned()).collect();
        align(expected, &found)
    }

    #[test]
    fn a_lost_line_does_not_take_the_next_ones_with_it() {
        let lines = ["a", "----", "b", "----", "c"];
        assert_eq!(aligned(&lines, &["a", "b", "----", "c"]), [true, false, true, true, true]);
    }

    #[test]
    fn two_lines_that_run_together_are_both_there_but_one_is_not_two() {
        assert_eq!(aligned(&["ab", "cd"], &["xabycd"]), [true, true]);
        assert_eq!(aligned(&["ab", "ab"], &["ab"]).iter().filter(|found| **found).count(), 1);
    }

    #[test]
    fn order_counts() {
        assert_eq!(aligned(&["a", "b"], &["b", "a"]).iter().filter(|found| **found).count(), 1);
        assert_eq!(aligned(&["a"], &[]), [false]);
    }
}
