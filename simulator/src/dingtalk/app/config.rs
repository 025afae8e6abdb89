//! Which application there is.

use std::str::FromStr;

/// An application of the organisation.
#[derive(Clone, PartialEq, Eq)]
pub struct AppConfig {
    /// Its client id, which is its robot's code too.
    pub id: String,
    /// Its secret.
    pub secret: String,
}

impl std::fmt::Debug for AppConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AppConfig").field("id", &self.id).finish_non_exhaustive()
    }
}

impl FromStr for AppConfig {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some((id, secret)) if !id.is_empty() && !secret.is_empty() => {
                Ok(Self { id: id.to_owned(), secret: secret.to_owned() })
            }
            _ => Err("expected ID:SECRET, found no colon between two words".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::AppConfig;

    #[test]
    fn id_and_secret_are_told_apart_and_the_secret_is_not_shown() {
        let app: AppConfig = "dingabc:s3:cret".parse().expect("an application");
        assert_eq!((app.id.as_str(), app.secret.as_str()), ("dingabc", "s3:cret"));
        assert!(!format!("{app:?}").contains("s3"));
        for odd in ["dingabc", "dingabc:", ":secret"] {
            let error = odd.parse::<AppConfig>().expect_err(odd);
            assert!(error.starts_with("expected ID:SECRET"), "{error}");
        }
    }
}
