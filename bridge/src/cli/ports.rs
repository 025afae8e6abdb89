//! `posbridge ports`: the serial ports of this machine, and who has them.

use std::io::Write;

use clap::Args;

use super::{Configured, Failure, print, say};
use crate::config;
use crate::operate::ports::{Port, ports};

/// How to say it.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    configured: Configured,
    /// As JSON Lines
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    // An installer asks before there is a configuration.
    let config = match config::load(&arguments.configured.config) {
        Ok(config) => Some(config),
        Err(_) if !arguments.configured.config.exists() => None,
        Err(error) => {
            say(&format!("sources are not shown: {error}"));
            None
        }
    };
    let found = ports(config.as_ref());
    if found.is_empty() {
        say(
            "no serial port is there; is the adapter plugged in? (dmesg shows what the kernel saw)",
        );
    }
    print(|out| {
        for port in &found {
            if arguments.json {
                serde_json::to_writer(&mut *out, port)?;
                writeln!(out)?;
            } else {
                tell(port, out)?;
            }
        }
        Ok(())
    })
}

fn tell(port: &Port, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(out, "{}", port.path.display())?;
    if let Some(name) = &port.by_id {
        writeln!(out, "  name      {} (write this one into port)", name.display())?;
    }
    let mut hardware: Vec<String> = port.driver.iter().cloned().collect();
    if let Some(usb) = &port.usb {
        hardware.push(format!("{}:{}", usb.vendor_id, usb.product_id));
        hardware
            .extend([&usb.manufacturer, &usb.product, &usb.serial].into_iter().flatten().cloned());
    }
    if !hardware.is_empty() {
        writeln!(out, "  hardware  {}", hardware.join(", "))?;
    }
    let access = match (&port.group, port.may_open) {
        _ if !port.present => "not there; is the cable plugged in?".to_owned(),
        (_, true) => "this user may open it".to_owned(),
        (Some(group), false) => {
            format!("only group {group} may open it: sudo usermod -aG {group} USER")
        }
        (None, false) => "this user may not open it".to_owned(),
    };
    writeln!(out, "  access    {access}")?;
    for holder in &port.in_use_by {
        writeln!(out, "  in use    by {} (process {})", holder.name, holder.pid)?;
    }
    match &port.source {
        Some(source) => writeln!(out, "  source    {source}"),
        None => Ok(()),
    }
}
