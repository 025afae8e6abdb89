//! A scripted afternoon of two shops, from the till to the phone: the whole conversation of the group,
//! and what is in calendars, lists, processes and books in the end, as one text that a person can read.
//!
//! A real bridge of two processes, the simulator's DingTalk with people in it, tills on a cable and on
//! the network. The clock runs as fast as any and is set forward between the scenes, so every minute
//! that is said is the script's. Names that are drawn by chance are replaced by names of their own
//! (`<process 1>`); amounts, words, people and their order are as they were.
//!
//! Two ways lead to the group, a robot's queue and the application, and nobody promises which of them
//! is quicker: within a scene the queue's messages stand before the application's cards.

mod diary;
mod names;
mod papers;
mod record;
mod scenes;
mod shops;
mod stage;

pub use scenes::play;
