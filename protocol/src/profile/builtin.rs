//! Profiles that come with the program, each with its samples.

/// Names and texts, in the order of the names.
const ALL: &[(&str, &str)] = &[
    ("cash-register", include_str!("../../profiles/cash-register.toml")),
    ("vivipos", include_str!("../../profiles/vivipos.toml")),
];

/// The text of the profile called `name`.
pub fn builtin(name: &str) -> Option<&'static str> {
    ALL.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// Names of all there are.
pub fn builtin_names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|(name, _)| *name)
}
