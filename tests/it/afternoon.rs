//! The scripted afternoon is the golden file, word for word.
//!
//! `UPDATE_GOLDEN=1 cargo test -p pos-tests --test it afternoon` rewrites it; then read the difference.

use std::path::Path;

use pos_tests::afternoon::play;

#[test]
fn the_afternoon_of_two_shops_reads_as_the_golden_file_shows() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("it/afternoon.txt");
    let told = play();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &told).expect("a directory that can be written");
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    for (number, (told, golden)) in told.lines().zip(golden.lines()).enumerate() {
        assert_eq!(told, golden, "line {} of {}", number + 1, path.display());
    }
    assert_eq!(told.lines().count(), golden.lines().count(), "{told}");
}
