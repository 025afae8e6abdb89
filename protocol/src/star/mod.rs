//! The second command language: Star Line Mode and StarPRNT.
//!
//! It clashes with ESC/POS (`ESC d` cuts here and feeds there, a lone `FS` kicks the drawer), so a
//! stream is framed by one table or the other, never by both.

pub mod table;
