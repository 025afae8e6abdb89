//! Whether as many files may be open as a run needs, before it begins.

use nix::sys::resource::{Resource, getrlimit, setrlimit};

use super::error::LoadError;

/// Files that a program has open for each till when all print at once: a till's connection and its
/// printer's; in the bridge a port and two connections.
const EACH_TILL: u64 = 3;
/// Files besides: books, logs, the mock's connections, the runtime's own.
const BESIDES: u64 = 256;

/// Raises the soft limit to the hard one, for us and for the bridge, and checks that it is enough.
pub(super) fn check(tills: u32) -> Result<(), LoadError> {
    let need = u64::from(tills) * EACH_TILL + BESIDES;
    let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE) else { return Ok(()) };
    // Where it cannot be raised the check below says what to do.
    let raised = soft >= need || setrlimit(Resource::RLIMIT_NOFILE, hard, hard).is_ok();
    let found = if raised { soft.max(hard) } else { soft };
    enough(need, found, tills)
}

fn enough(need: u64, found: u64, tills: u32) -> Result<(), LoadError> {
    if found >= need { Ok(()) } else { Err(LoadError::Descriptors { need, found, tills }) }
}

#[cfg(test)]
mod tests {
    use super::enough;

    #[test]
    fn too_few_are_told_with_the_command_that_raises_them() {
        assert!(enough(6_256, 20_000, 2_000).is_ok());
        let told = enough(6_256, 1_024, 2_000).expect_err("too few").to_string();
        assert!(told.contains("2000 tills") && told.contains("ulimit -n 6256"), "{told}");
    }
}
