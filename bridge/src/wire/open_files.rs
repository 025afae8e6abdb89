//! Room for the files that the sources keep open: each listener and connection is one, and most
//! systems start a program with room for 1,024.
//!
//! Where there is too little, the sources that fit are heard, and room is left for the brain to
//! attach and for `status` to say which are not.

use rustix::process::{Resource, getrlimit, setrlimit};

use crate::config::{Source, SourceKind};

/// What the wire process has open beside its sources: ring, sockets, peers, spill, log.
const OWN: u64 = 64;

/// What a source on the network needs: its listener, and both ends of a connection. Mostly it has
/// one at a time, however many it may have.
const ON_THE_NETWORK: u64 = 3;

/// What any other source needs: two ports and what is cloned of them.
const ON_A_LINE: u64 = 6;

/// Fewer files may be open than the sources need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected room for {wanted} open files, found {found}\nhint: LimitNOFILE={wanted} under \
     [Service] (systemctl edit posbridge-wire), or ulimit -n {wanted} before the start"
)]
pub struct TooFew {
    /// What the sources need at least.
    wanted: u64,
    /// What the system allows.
    found: u64,
}

impl TooFew {
    /// How many of `sources`, from the first, there is room for.
    pub(super) fn room_for(&self, sources: &[Source]) -> usize {
        (1..=sources.len()).take_while(|count| wanted(&sources[..*count]) <= self.found).count()
    }
}

/// Files that these sources need open at least.
fn wanted(sources: &[Source]) -> u64 {
    let of = |source: &Source| match source.kind {
        SourceKind::TcpProxy { .. } | SourceKind::TcpPrinter { .. } => ON_THE_NETWORK,
        _ => ON_A_LINE,
    };
    OWN + sources.iter().map(of).sum::<u64>()
}

/// Whether the system lets so many files be open as `sources` need.
pub fn enough_for(sources: &[Source]) -> Result<(), TooFew> {
    let (wanted, limit) = (wanted(sources), getrlimit(Resource::Nofile));
    // No limit at all is none that is too low.
    match limit.maximum {
        Some(found) if found < wanted => Err(TooFew { wanted, found }),
        _ => Ok(()),
    }
}

/// Takes all the room that the system allows; whether that is enough.
pub(super) fn make_room(sources: &[Source]) -> Result<(), TooFew> {
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum {
        limit.current = limit.maximum;
        if let Err(error) = setrlimit(Resource::Nofile, limit) {
            tracing::warn!(%error, "the limit of open files stays as it was");
        }
    }
    enough_for(sources)
}

#[cfg(test)]
mod tests {
    use super::{TooFew, enough_for, wanted};
    use crate::config::{Config, parse};

    fn config(tills: u16) -> Config {
        let till = |n| {
            format!(
                "[[source]]\nname = \"t-{n}\"\nkind = \"tcp-proxy\"\nlisten = \"127.0.0.1:{n}\"\n\
                 upstream = \"printer:9100\"\n"
            )
        };
        let tills: String = (1..=tills).map(till).collect();
        let robot = "[[robot]]\nname = \"owner\"\nurl = \"http://127.0.0.1/?access_token=t\"\n";
        parse(&format!("{tills}{robot}"), std::path::Path::new("p.toml")).expect("good")
    }

    #[test]
    fn a_till_on_the_network_needs_a_listener_and_two_ends() {
        assert_eq!(wanted(&config(2).sources) - wanted(&config(1).sources), 3);
        assert_eq!(enough_for(&config(1).sources), Ok(()));
        let sources = config(5).sources;
        let room = |found| TooFew { wanted: wanted(&sources), found }.room_for(&sources);
        assert_eq!([0, 66, 67, 72, 73, 1_000].map(room), [0, 0, 1, 2, 3, 5]);
    }

    #[test]
    fn too_little_room_is_told_with_the_commands_that_make_it() {
        let said = TooFew { wanted: 6_064, found: 4_096 }.to_string();
        assert!(
            said.starts_with("expected room for 6064 open files, found 4096\nhint: "),
            "{said}"
        );
        assert!(said.contains("LimitNOFILE=6064") && said.contains("ulimit -n 6064"), "{said}");
    }
}
