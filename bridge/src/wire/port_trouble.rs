//! Says in words why a port, a device or a FIFO cannot be had, and what a person can do about it.

use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use nix::errno::Errno;

/// Why `path` could not be opened.
pub(super) fn explain(path: &Path, error: &io::Error) -> String {
    match (error.kind(), error.raw_os_error()) {
        (io::ErrorKind::NotFound, _) => missing(path),
        (io::ErrorKind::PermissionDenied, _) => forbidden(path),
        (io::ErrorKind::ResourceBusy, _) => busy(path),
        (io::ErrorKind::IsADirectory, _) => other_file(path),
        // A pseudo-terminal whose other end is gone, or an adapter that was just pulled.
        (_, Some(code)) if code == Errno::EIO as i32 => missing(path),
        (_, Some(code)) if code == Errno::ENXIO as i32 => missing(path),
        _ => format!("expected to open {}, found: {error}", path.display()),
    }
}

pub(super) fn busy(path: &Path) -> String {
    format!(
        "expected {} to be free, found it in use by another program (`fuser {}` names it)",
        path.display(),
        path.display()
    )
}

pub(super) fn other_file(path: &Path) -> String {
    format!("expected a serial port at {}, found another file", path.display())
}

pub(super) fn no_terminal(path: &Path) -> String {
    format!("expected a serial port at {}, found a device that is none", path.display())
}

pub(super) fn missing(path: &Path) -> String {
    let mut ports: Vec<String> = serialport::available_ports()
        .map(|ports| ports.into_iter().map(|port| port.port_name).collect())
        .unwrap_or_default();
    ports.sort();
    let present = if ports.is_empty() { "none".to_owned() } else { ports.join(", ") };
    format!(
        "expected a serial port at {}, found nothing there; ports present: {present}",
        path.display()
    )
}

pub(super) fn forbidden(path: &Path) -> String {
    let group = std::fs::metadata(path).ok().map(|found| {
        let gid = nix::unistd::Gid::from_raw(found.gid());
        let named = nix::unistd::Group::from_gid(gid).ok().flatten();
        named.map_or_else(|| gid.to_string(), |group| group.name)
    });
    let group = group.unwrap_or_else(|| "dialout".to_owned());
    format!(
        "expected permission to open {}, found none: put the user into group {group} \
         (`sudo usermod -aG {group} USER`) and start again",
        path.display()
    )
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::path::Path;

    use super::explain;

    #[test]
    fn each_trouble_names_the_port_and_what_to_do_about_it() {
        let temp = tempfile::tempdir().expect("a temporary directory");
        let group = nix::unistd::Group::from_gid(nix::unistd::Gid::effective());
        let group = group.expect("a group file").map_or_else(String::new, |group| group.name);
        for (errno, expected) in [
            (nix::libc::EACCES, format!("(`sudo usermod -aG {group}")),
            (nix::libc::EBUSY, "in use by another program (`fuser ".to_owned()),
            (nix::libc::ENOENT, "found nothing there; ports present: ".to_owned()),
            (nix::libc::ENXIO, "found nothing there; ports present: ".to_owned()),
            (nix::libc::EIO, "found nothing there; ports present: ".to_owned()),
            (nix::libc::EISDIR, "found another file".to_owned()),
            (nix::libc::EMFILE, "found: Too many open files".to_owned()),
        ] {
            let said = explain(temp.path(), &io::Error::from_raw_os_error(errno));
            assert!(said.contains(&expected), "{said}");
            assert!(said.contains(&temp.path().display().to_string()), "{said}");
        }
        let gone = explain(Path::new("/nonexistent"), &io::ErrorKind::PermissionDenied.into());
        assert!(gone.contains("group dialout"), "{gone}");
    }
}
