//! Which serial ports are there, read from the system's own tables. No port is opened.
//!
//! Network printers are not looked for: nothing tells them apart from any other open port 9100.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use nix::unistd::{AccessFlags, Gid, Group};
use serde::Serialize;

use super::holders::{Holder, holders};
use crate::config::{Config, Source};

/// Where names that survive a replug are.
const BY_ID: &str = "/dev/serial/by-id";
/// Where the kernel lists its terminals.
const TERMINALS: &str = "/sys/class/tty";

/// One serial port.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Port {
    /// The device.
    pub path: PathBuf,
    /// A name that stays the same whichever socket the adapter is plugged into: use this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_id: Option<PathBuf>,
    /// It is there now.
    pub present: bool,
    /// The kernel's driver: `ftdi_sio`, `ch341`, `serial8250`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub driver: Option<String>,
    /// What the USB adapter says of itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usb: Option<Usb>,
    /// The group that may open it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// This user may open it.
    pub may_open: bool,
    /// Who has it open.
    pub in_use_by: Vec<Holder>,
    /// The configured source that has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// A USB adapter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Usb {
    /// Vendor, four hex digits.
    pub vendor_id: String,
    /// Product, four hex digits.
    pub product_id: String,
    /// Vendor's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manufacturer: Option<String>,
    /// Product's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Serial number; many cheap adapters have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
}

/// Every port of this machine, and every one that the configuration names.
pub fn ports(config: Option<&Config>) -> Vec<Port> {
    let names = by_id(Path::new(BY_ID));
    let mut all: BTreeMap<PathBuf, Port> = terminals(Path::new(TERMINALS))
        .into_iter()
        .map(|found| (found.path.clone(), found))
        .collect();
    for (source, path) in config.into_iter().flat_map(configured) {
        // A link that leads nowhere is kept as it was typed.
        let device = fs::canonicalize(&path).unwrap_or(path);
        let port =
            all.entry(device.clone()).or_insert_with(|| Port { path: device, ..Port::default() });
        port.source = Some(source);
    }
    let mut found: Vec<Port> = all.into_values().collect();
    for port in &mut found {
        port.by_id = names.get(&port.path).cloned();
        look(port);
    }
    found
}

/// Serial devices that sources of the configuration have, by source.
pub fn configured(config: &Config) -> Vec<(String, PathBuf)> {
    let ports_of = |source: &Source| -> Vec<(String, PathBuf)> {
        let ports = source.kind.serial_ports().into_iter();
        ports.map(|port| (source.name.clone(), port.path.clone())).collect()
    };
    config.sources.iter().flat_map(ports_of).collect()
}

/// What is known of the device at `path` without opening it.
pub fn look_at(path: &Path) -> Port {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut port = Port { path, ..Port::default() };
    look(&mut port);
    port
}

/// What the device file itself says.
fn look(port: &mut Port) {
    let Ok(found) = fs::metadata(&port.path) else { return };
    port.present = true;
    let gid = Gid::from_raw(found.gid());
    let named = Group::from_gid(gid).ok().flatten();
    port.group = Some(named.map_or_else(|| gid.to_string(), |group| group.name));
    let wanted = AccessFlags::R_OK | AccessFlags::W_OK;
    port.may_open = nix::unistd::eaccess(&port.path, wanted).is_ok();
    port.in_use_by = holders(&port.path).found;
}

fn by_id(folder: &Path) -> BTreeMap<PathBuf, PathBuf> {
    let links = fs::read_dir(folder).into_iter().flatten().flatten();
    links.filter_map(|link| Some((fs::canonicalize(link.path()).ok()?, link.path()))).collect()
}

/// The terminals that have hardware behind them.
fn terminals(class: &Path) -> Vec<Port> {
    let entries = fs::read_dir(class).into_iter().flatten().flatten();
    entries.filter_map(|entry| terminal(&entry.path())).collect()
}

fn terminal(entry: &Path) -> Option<Port> {
    // Consoles and pseudo-terminals have no device.
    let device = fs::canonicalize(entry.join("device")).ok()?;
    // The kernel makes ttyS0 to ttyS3 whether or not there is a chip; type 0 is none.
    if line(&entry.join("type")).as_deref() == Some("0") {
        return None;
    }
    let driver = fs::canonicalize(device.join("driver")).ok();
    let driver = driver.and_then(|to| Some(to.file_name()?.to_string_lossy().into_owned()));
    let usb = device.ancestors().find(|folder| folder.join("idVendor").exists()).map(usb);
    let path = Path::new("/dev").join(entry.file_name()?);
    Some(Port { path, driver, usb, ..Port::default() })
}

fn usb(folder: &Path) -> Usb {
    Usb {
        vendor_id: line(&folder.join("idVendor")).unwrap_or_default(),
        product_id: line(&folder.join("idProduct")).unwrap_or_default(),
        manufacturer: line(&folder.join("manufacturer")),
        product: line(&folder.join("product")),
        serial: line(&folder.join("serial")),
    }
}

fn line(path: &Path) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let text: String = text.trim().chars().filter(|c| !c.is_control()).collect();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::{Usb, by_id, ports, terminals};
    use crate::config;

    #[test]
    fn an_adapter_is_told_with_its_names_and_ports_without_a_chip_are_not() {
        let temp = tempfile::tempdir().expect("a directory");
        let (class, usb) = (temp.path().join("class"), temp.path().join("usb1/1-1"));
        let device = usb.join("1-1:1.0/ttyUSB7");
        let driver = temp.path().join("drivers/ftdi_sio");
        for folder in
            [&class.join("ttyUSB7"), &class.join("ttyS3"), &class.join("tty1"), &device, &driver]
        {
            fs::create_dir_all(folder).expect("a folder");
        }
        for (file, text) in [
            (usb.join("idVendor"), "0403\n"),
            (usb.join("idProduct"), "6001\n"),
            (usb.join("product"), "FT232R USB UART\n"),
            (class.join("ttyS3/type"), "0\n"),
        ] {
            fs::write(file, text).expect("written");
        }
        symlink(&device, class.join("ttyUSB7/device")).expect("a link");
        symlink(&device, class.join("ttyS3/device")).expect("a link");
        symlink(&driver, device.join("driver")).expect("a link");
        let found = terminals(&class);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].path, std::path::Path::new("/dev/ttyUSB7"));
        assert_eq!(found[0].driver.as_deref(), Some("ftdi_sio"));
        let usb = Usb {
            vendor_id: "0403".into(),
            product_id: "6001".into(),
            product: Some("FT232R USB UART".into()),
            ..Usb::default()
        };
        assert_eq!(found[0].usb, Some(usb));
        symlink(&device, temp.path().join("usb-FTDI_A1")).expect("a link");
        let names = by_id(temp.path());
        assert!(names[&fs::canonicalize(&device).expect("there")].ends_with("usb-FTDI_A1"));
    }

    #[test]
    fn a_configured_port_is_listed_whether_it_is_there_or_not() {
        let pty = nix::pty::openpty(None, None).expect("a pty");
        let path = nix::unistd::ttyname(&pty.slave).expect("its name");
        let text = format!(
            "[[source]]\nname = \"a\"\nkind = \"serial-tap\"\nport = \"{}\"\n\
             [[source]]\nname = \"b\"\nkind = \"serial-tap\"\nport = \"/nowhere/at-all\"\n\
             [[robot]]\nname = \"owner\"\nurl = \"http://127.0.0.1:9/?access_token=t\"\n",
            path.display()
        );
        let config = config::parse(&text, "p.toml".as_ref()).expect("a configuration");
        let found = ports(Some(&config));
        let of = |source: &str| {
            let port = found.iter().find(|port| port.source.as_deref() == Some(source));
            port.expect(source).clone()
        };
        assert!(of("a").present && of("a").may_open && of("a").path == path);
        assert!(!of("b").present && !of("b").may_open);
    }
}
