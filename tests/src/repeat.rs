//! A failing property says how to run it again.

/// Prints, when the test that holds it fails, the command that repeats that test.
#[must_use = "it speaks when it is dropped"]
pub struct Repeat {
    test: String,
}

impl Repeat {
    /// For the test that runs on this thread.
    pub fn this_test() -> Self {
        Self { test: std::thread::current().name().unwrap_or("").to_owned() }
    }
}

impl Drop for Repeat {
    #[expect(clippy::print_stderr, reason = "test output is for people")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            let test = &self.test;
            eprintln!("repeat: cargo test -p pos-tests --test it -- --exact {test}");
            eprintln!("(the failing case is kept in tests/regressions and runs first)");
        }
    }
}
