//! Prints the text that somebody else's ESC/POS decoder finds in a file. A tool of the round-trip
//! test, outside the workspace: nothing that ships depends on that decoder.

use std::error::Error;
use std::io::Write;

use escpost_render::DecodedCommand;

/// An Epson printer of the decoder's own collection.
const PROFILE: &str = "TM-T88V";

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("expected a file, found none")?;
    let profile = escpost_profiles::resolver::resolve(PROFILE)?;
    let read = escpost_render::render_with_trace(&std::fs::read(path)?, profile)?;
    let commands = read.trace.sheets.iter().flat_map(|sheet| &sheet.commands);
    let mut text = Vec::new();
    for command in commands {
        match command.command {
            DecodedCommand::TextByte(byte) => text.push(byte),
            DecodedCommand::LineFeed => text.push(b'\n'),
            _ => {}
        }
    }
    std::io::stdout().write_all(&text)?;
    Ok(())
}
