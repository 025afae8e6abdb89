//! The page's password: kept as its argon2id hash and nothing else.
//!
//! Where the hash stands is the configuration's, and how often it may be tried is `attempts`'s.

use std::fmt;

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use ring::rand::{SecureRandom, SystemRandom};

use crate::secret::Secret;

/// Memory of one hash, in KiB, and passes over it: of OWASP's equal choices the one that takes least
/// memory, since the box has little. The memory is given back at once.
const MEMORY_KIB: u32 = 7 * 1024;
/// As [`MEMORY_KIB`].
const PASSES: u32 = 5;
/// Most memory that a hash in the file may ask for, in KiB: it is taken at every login.
const MAX_MEMORY_KIB: u32 = 64 * 1024;
/// Most passes that a hash in the file may ask for.
const MAX_PASSES: u32 = 16;
/// Fewest characters of a password: whoever reaches the page can try, though seldom.
pub const MIN_CHARS: usize = 10;
/// Longest password, in bytes.
pub const MAX_BYTES: usize = 256;

/// What opens the page: `$argon2id$...`.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(Secret);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Why a text is no hash to go by. It repeats nothing of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashFault {
    /// It is something else: the password itself, most likely.
    #[error("something else")]
    Other,
    /// It is a hash of another kind, or one that costs too much or too little.
    #[error(
        "a hash of another kind, or with other costs than {MEMORY_KIB} KiB and {PASSES} passes up to {MAX_MEMORY_KIB} KiB and {MAX_PASSES}"
    )]
    Costs,
}

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {}, found {}\nhint: {}", self.expected(), self.found(), Self::HINT)]
pub enum Weak {
    /// It is too short: its characters.
    Short(usize),
    /// It is too long: its bytes.
    Long(usize),
    /// The machine gives no random numbers, or no memory.
    Machine,
}

impl Weak {
    /// What to do.
    pub const HINT: &'static str = "four words that do not belong together are easy to remember";

    /// What a password is.
    pub fn expected(self) -> String {
        match self {
            Self::Short(_) => format!("at least {MIN_CHARS} characters"),
            Self::Long(_) => format!("at most {MAX_BYTES} bytes"),
            Self::Machine => format!("a random salt and {MEMORY_KIB} KiB of memory for its hash"),
        }
    }

    /// What was there; nothing of the password.
    pub fn found(self) -> String {
        match self {
            Self::Short(count) | Self::Long(count) => count.to_string(),
            Self::Machine => "neither or one of them".to_owned(),
        }
    }
}

impl Password {
    /// The hash of a password that somebody chose, as it stands in the file.
    pub fn hash(password: &str) -> Result<Secret, Weak> {
        Self::is_strong(password)?;
        let mut salt = [0; 16];
        SystemRandom::new().fill(&mut salt).map_err(|_| Weak::Machine)?;
        let salt = SaltString::encode_b64(&salt).map_err(|_| Weak::Machine)?;
        let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|_| Weak::Machine)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let hash = argon2.hash_password(password.as_bytes(), &salt).map_err(|_| Weak::Machine)?;
        Ok(Secret::new(hash.to_string()))
    }

    /// Whether a password that somebody chose will be taken.
    pub fn is_strong(password: &str) -> Result<(), Weak> {
        let chars = password.chars().count();
        if chars < MIN_CHARS {
            return Err(Weak::Short(chars));
        }
        if password.len() > MAX_BYTES {
            return Err(Weak::Long(password.len()));
        }
        Ok(())
    }

    /// Takes a hash out of its file.
    pub fn parse(text: &str) -> Result<Self, HashFault> {
        let hash = PasswordHash::new(text).map_err(|_| HashFault::Other)?;
        let params = Params::try_from(&hash).map_err(|_| HashFault::Costs)?;
        // At least what we write: a hash that costs little is guessed soon.
        let work = u64::from(params.m_cost()) * u64::from(params.t_cost());
        let least = u64::from(MEMORY_KIB) * u64::from(PASSES);
        let good = hash.algorithm == Algorithm::Argon2id.ident()
            && hash.hash.is_some()
            && params.m_cost() >= MEMORY_KIB
            && params.m_cost() <= MAX_MEMORY_KIB
            && params.t_cost() <= MAX_PASSES
            && work >= least;
        if good { Ok(Self(Secret::new(text))) } else { Err(HashFault::Costs) }
    }

    /// Whether `typed` is it. Takes tens of milliseconds and [`MEMORY_KIB`].
    pub(super) fn is(&self, typed: &str) -> bool {
        let hash = PasswordHash::new(self.0.expose());
        typed.len() <= MAX_BYTES
            && hash.is_ok_and(|hash| {
                Argon2::default().verify_password(typed.as_bytes(), &hash).is_ok()
            })
    }

    /// The hash, so that sessions can tell one password from the next.
    pub(super) fn expose(&self) -> &str {
        self.0.expose()
    }
}

#[cfg(test)]
mod tests {
    use super::{HashFault, MAX_BYTES, Password, Weak};

    #[test]
    fn a_hash_knows_its_password_and_says_nothing_of_it() {
        let hash = Password::hash("correct horse").expect("hashes");
        assert!(hash.expose().starts_with("$argon2id$v=19$m=7168,t=5,p=1$"), "the kind is told");
        assert_ne!(hash, Password::hash("correct horse").expect("hashes"), "another salt");
        let password = Password::parse(hash.expose()).expect("our own");
        assert!(password.is("correct horse") && !password.is("correct hors"));
        assert_eq!(format!("{password:?}"), "***");
    }

    #[test]
    fn short_and_endless_passwords_are_refused() {
        assert_eq!(Password::hash("收銀機密碼").err(), Some(Weak::Short(5)));
        assert_eq!(Password::hash(&"a".repeat(MAX_BYTES + 1)).err(), Some(Weak::Long(257)));
    }

    #[test]
    fn what_is_no_hash_or_a_cheap_or_dear_one_is_refused() {
        let hash = Password::hash("correct horse").expect("hashes");
        let other = |from, to| Password::parse(&hash.expose().replace(from, to));
        assert_eq!(Password::parse("correct horse"), Err(HashFault::Other));
        assert_eq!(other("argon2id", "argon2i"), Err(HashFault::Costs));
        assert_eq!(other("m=7168", "m=8"), Err(HashFault::Costs));
        assert_eq!(other("m=7168", "m=4194304"), Err(HashFault::Costs));
        assert_eq!(other("t=5", "t=1"), Err(HashFault::Costs));
        assert_eq!(other("t=5", "t=4000000"), Err(HashFault::Costs));
    }
}
