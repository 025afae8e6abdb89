//! The interface's calls against a server that answers as the documents say.

mod calls;
mod limits;
mod support;
mod token;
