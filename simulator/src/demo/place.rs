//! The shop's back office: a directory with a configuration, a secret and a place for everything.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::bridge::Program;

/// Speed of the serial till: what most receipt printers are set to.
pub(super) const BAUD: u32 = 9_600;
/// Word that the robot demands.
pub(super) const KEYWORD: &str = "收銀";

/// A directory laid out for one demonstration. Dropping it removes it.
#[derive(Debug)]
pub(super) struct Place {
    dir: TempDir,
}

/// What the configuration connects.
#[derive(Debug)]
pub(super) struct Connections<'a> {
    /// The tills.
    pub(super) sources: Vec<Source>,
    /// The robot.
    pub(super) webhook: &'a str,
    /// Its secret.
    pub(super) secret: &'a str,
    /// Name of the shop.
    pub(super) shop: &'a str,
}

/// One till as the bridge knows it.
#[derive(Debug)]
pub(super) struct Source {
    /// Its name.
    pub(super) name: &'static str,
    /// What its bytes mean.
    pub(super) encoding: &'static str,
    /// The proxy and the printer behind it; nothing for the serial till.
    pub(super) network: Option<(SocketAddr, SocketAddr)>,
}

impl Place {
    /// Makes the directory.
    pub(super) fn make() -> io::Result<Self> {
        let dir = tempfile::Builder::new().prefix("possim-demo-").tempdir()?;
        let place = Self { dir };
        fs::DirBuilder::new().mode(0o700).create(place.runtime())?;
        Ok(place)
    }

    /// Writes the configuration and the secret.
    pub(super) fn furnish(&self, connections: &Connections<'_>) -> io::Result<()> {
        self.write("secret", connections.secret)?;
        self.write("posbridge.toml", &self.configuration(connections))
    }

    /// The bridge of this place, run by `program`.
    pub(super) fn bridge(&self, program: &Path) -> Program {
        Program {
            program: program.to_owned(),
            config: self.config(),
            runtime: self.runtime(),
            log: self.path("posbridge.log"),
            arguments: Vec::new(),
        }
    }

    /// The configuration file.
    fn config(&self) -> PathBuf {
        self.path("posbridge.toml")
    }

    /// The bridge's runtime directory.
    fn runtime(&self) -> PathBuf {
        self.path("run")
    }

    /// The serial till's port.
    pub(super) fn serial_port(&self) -> PathBuf {
        self.path("counter-1")
    }

    /// Leaves the directory where it is.
    pub(super) fn keep(self) -> PathBuf {
        self.dir.keep()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Both files are for the owner's eyes: one is the secret, the other holds the token.
    fn write(&self, name: &str, text: &str) -> io::Result<()> {
        let mut options = OpenOptions::new();
        let mut file = options.write(true).create_new(true).mode(0o600).open(self.path(name))?;
        file.write_all(text.as_bytes())
    }

    fn source(&self, source: &Source) -> String {
        let Source { name, encoding, network } = source;
        let connection = match network {
            None => {
                let port = toml_string(&self.serial_port().to_string_lossy());
                format!("kind = \"serial-tap\"\nport = {port}\nbaud = {BAUD}")
            }
            Some((proxy, printer)) => {
                format!("kind = \"tcp-proxy\"\nlisten = \"{proxy}\"\nupstream = \"{printer}\"")
            }
        };
        format!("[[source]]\nname = \"{name}\"\n{connection}\nencoding = \"{encoding}\"\n\n")
    }

    fn configuration(&self, connections: &Connections<'_>) -> String {
        let Connections { sources, webhook, shop, .. } = connections;
        let quoted = |path: &Path| toml_string(&path.to_string_lossy());
        format!(
            r#"[shop]
name = {shop}
timezone = "Asia/Hong_Kong"
currency = "HKD"
language = "zh-HK"

[journal]
path = {journal}

{sources}
[[robot]]
name = "owner"
url = {webhook}
secret_file = {secret}
keywords = ["{KEYWORD}"]
notices = ["sale"]
format = "markdown"
privacy = "items"
"#,
            shop = toml_string(shop),
            journal = quoted(&self.path("journal.db")),
            sources = sources.iter().map(|source| self.source(source)).collect::<String>(),
            webhook = toml_string(webhook),
            secret = quoted(&self.path("secret")),
        )
    }
}

/// A TOML basic string; JSON escapes the same characters in the same way.
fn toml_string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::{Connections, Place, Source};

    #[test]
    fn secret_and_configuration_are_for_the_owner_only_and_go_with_the_directory() {
        let place = Place::make().expect("a directory");
        let address = "127.0.0.1:9100".parse().expect("an address");
        place
            .furnish(&Connections {
                sources: vec![
                    Source { name: "counter-1", encoding: "big5", network: None },
                    Source {
                        name: "counter-2",
                        encoding: "auto",
                        network: Some((address, address)),
                    },
                ],
                webhook: "http://127.0.0.1:1/robot/send?access_token=t",
                secret: "SECret",
                shop: "茶\"飲",
            })
            .expect("room on the disk");
        let config = place.config();
        for file in [&config, &place.path("secret")] {
            let mode = fs::metadata(file).expect("it is there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{}", file.display());
        }
        let text = fs::read_to_string(&config).expect("text");
        assert!(text.contains(r#"name = "茶\"飲""#), "{text}");
        assert!(!text.contains("SECret"), "the secret is in a file of its own");
        drop(place);
        assert!(!config.exists());
    }
}
