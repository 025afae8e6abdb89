//! Verbs for people at the machine.
