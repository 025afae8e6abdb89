//! Posbridge seen from outside.

// A scripted afternoon of two shops: the group's log, word for word.
mod afternoon;
// Captures of other projects, whole and in pieces.
mod captures;
// Faults by seed, and a failing schedule shrunk.
mod chaos;
// What the command line says, and what it exits with.
mod cli;
// What the documents tell people to type.
mod commands;
// kill -9 in the middle of trade.
mod crash;
// A scripted trading day, in short.
mod day;
// The demonstration that a newcomer runs first.
mod demo;
// Which command language a printer is spoken to in.
mod dialects;
// The journal on a disk that loses power or fills up.
mod disk;
// A printer that answers and a drawer that moves, from the port to the group.
mod drawer;
// The packages that are in use, and those that must not be.
mod dependencies;
// Tills that push what they sold.
mod hooks;
// An installation, from the first question to the first message.
mod init;
// kill -9 while three tills print.
mod kills;
// The ledger: what it finds, and a bridge broken on purpose.
mod ledger;
// From till to group, by both kinds of wire.
mod line;
// Where the documents lead.
mod links;
// What bytes mean, for any bytes.
mod properties;
// Questions in the group, and people who ask.
mod questions;
// Receipts and captures, read.
mod reading;
// The page, in a browser.
mod page;
mod page_changes;
mod page_crowd;
mod page_rest;
mod page_unread;
// Damaged receipts.
mod recovery;
// A robot that says no.
mod refusal;
// What printers answer, and what follows from it.
mod replies;
// Captures and the command table of other projects.
mod samples;
// Minutes of the Stream's ill will.
mod soak;
// Real receipts.
mod sroie;
// Credentials and people's data, looked for in everything that is said.
mod secrets;
// Stock, takings and books at the command line.
mod shop;
// What the simulator sold, read back from its paper.
mod street;
// Published signatures.
mod vectors;
// Two days of three shops, counted by hand beside the bridge.
mod week;
