//! The sources: are their ports, addresses and files there, and may we have them?

use std::net::{SocketAddr, TcpListener};
use std::path::Path;

use super::Finding;
use crate::config::{PrintOn, Source, SourceKind};
use crate::operate::ports::{Port, look_at};

/// Whether a source's profile still reads its own samples; `auto` has none.
pub(super) fn profile(source: &Source) -> Option<Finding> {
    let rules = source.profile.profile.rules.as_ref()?;
    let (name, label) = (&source.name, rules.label());
    Some(match source.profile.check() {
        Ok(0) => Finding::bad(
            format!("{name}: profile {label} has no sample"),
            "add one, docs/PROFILES.md shows how",
        ),
        Ok(count) => Finding::ok(format!("{name}: profile {label} reads its {count} samples")),
        Err(error) => Finding::bad(
            format!("{name}: profile {label}:\n{error}"),
            "mend the profile, or the sample that no longer fits",
        ),
    })
}

/// Whether what a source names is there, one finding for each port, address and file.
pub(super) fn source(source: &Source) -> Vec<Finding> {
    let (name, kind) = (&source.name, &source.kind);
    let mut out: Vec<Finding> =
        kind.serial_ports().into_iter().map(|port| serial(name, &port.path)).collect();
    out.extend(kind.listen().map(|listen| listener(name, listen)));
    match kind {
        SourceKind::File { path } => out.push(there(name, "file", path, "that the till writes")),
        SourceKind::Lp { path, .. } => {
            out.push(there(name, "device", path, "that hands over what is printed"));
        }
        SourceKind::Fifo { path, .. } => out.push(Finding::ok(format!(
            "{name}: FIFO {} is made when it is missing",
            path.display()
        ))),
        _ => {}
    }
    if let SourceKind::TcpPrinter { printer: Some(PrintOn::Path(path)), .. }
    | SourceKind::Lp { printer: Some(PrintOn::Path(path)), .. }
    | SourceKind::Fifo { printer: Some(PrintOn::Path(path)), .. } = kind
    {
        out.push(there(name, "printer", path, "of the printer, such as /dev/usb/lp0"));
    }
    out
}

fn there(name: &str, what: &str, path: &Path, whose: &str) -> Finding {
    let shown = path.display();
    if path.exists() {
        return Finding::ok(format!("{name}: {what} {shown} is there"));
    }
    Finding::bad(format!("{name}: {what} {shown} is not there"), format!("write the path {whose}"))
}

fn listener(name: &str, listen: SocketAddr) -> Finding {
    match TcpListener::bind(listen) {
        Ok(_) => Finding::ok(format!("{name}: can listen on {listen}")),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => Finding::ok(format!(
            "{name}: {listen} is in use; right while posbridge runs, wrong otherwise"
        )),
        Err(error) => Finding::bad(
            format!("{name}: cannot listen on {listen}: {error}"),
            "is it an address of this machine, and is the port above 1023?",
        ),
    }
}

fn serial(name: &str, path: &Path) -> Finding {
    // Opening a port that is in use can disturb its holder, so it is only looked at.
    judge(name, path, &look_at(path))
}

fn judge(name: &str, path: &Path, port: &Port) -> Finding {
    let shown = path.display();
    if !port.present {
        let words = format!("{name}: serial port {shown} is not there; is the cable plugged in?");
        return Finding::bad(words, "posbridge ports lists what is there");
    }
    if !port.may_open {
        let group = port.group.as_deref().unwrap_or("dialout");
        let words = format!("{name}: serial port {shown} is there, and this user may not open it");
        return Finding::bad(words, format!("sudo usermod -aG {group} USER, and log in again"));
    }
    let others: Vec<String> = port
        .in_use_by
        .iter()
        .filter(|holder| !holder.name.starts_with("posbridge"))
        .map(|holder| format!("{} (process {})", holder.name, holder.pid))
        .collect();
    if !others.is_empty() {
        // It may be a test set, or a program that is about to end: a person has to say.
        let by = others.join(", ");
        let words = format!("{name}: serial port {shown} is there, and in use by {by}");
        return Finding::note(words, "two readers take each other's bytes: stop that program");
    }
    Finding::ok(format!("{name}: serial port {shown} is there"))
}

#[cfg(test)]
mod tests {
    use super::judge;
    use crate::operate::Holder;
    use crate::operate::doctor::Level;
    use crate::operate::ports::Port;

    #[test]
    fn a_port_is_good_when_it_is_there_free_and_ours_to_open() {
        let good = Port { present: true, may_open: true, ..Port::default() };
        let path = "/dev/ttyUSB0".as_ref();
        let holder = |name: &str| vec![Holder { pid: 7, name: name.into() }];
        let ours = Port { in_use_by: holder("posbridge"), ..good.clone() };
        for port in [&good, &ours] {
            assert_eq!(judge("a", path, port).level, Level::Ok);
        }
        let taken = judge("a", path, &Port { in_use_by: holder("minicom"), ..good.clone() });
        assert!(taken.words.ends_with("and in use by minicom (process 7)"), "{taken:?}");
        let group = Some("dialout".to_owned());
        let closed = judge("a", path, &Port { may_open: false, group, ..good });
        assert!(closed.hint.is_some_and(|hint| hint.contains("usermod -aG dialout")));
        assert_eq!(judge("a", path, &Port::default()).level, Level::Bad);
    }
}
