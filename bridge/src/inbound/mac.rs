//! Message authentication: codes computed over what was really received, compared in constant time.
//!
//! Which bytes are covered and where a code stands in a call is `verify`'s business.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::hex::hex;

/// Bytes of an HMAC-SHA256.
const SHA256_BYTES: usize = 32;
/// A key under which two secrets are compared by their codes.
const COMPARED: &[u8] = b"posbridge compares secrets";
/// Bytes of an HMAC-SHA1.
const SHA1_BYTES: usize = 20;

/// Whether `code` is the HMAC-SHA256 of `parts`, one after the other.
pub(super) fn is_sha256(key: &[u8], parts: &[&[u8]], code: &[u8]) -> bool {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(part);
    }
    mac.verify_slice(code).is_ok()
}

/// Whether `code` is the HMAC-SHA1 of `body`. For the one provider that still signs with it.
pub(super) fn is_sha1(key: &[u8], body: &[u8], code: &[u8]) -> bool {
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key);
    ring::hmac::verify(&key, body, code).is_ok()
}

/// Whether two secrets are the same, in a time that says nothing of where they differ.
pub(super) fn same_secret(one: &[u8], other: &[u8]) -> bool {
    // Codes have one length, whatever the secrets have.
    let mut code =
        Hmac::<Sha256>::new_from_slice(COMPARED).expect("HMAC takes a key of any length");
    code.update(one);
    is_sha256(COMPARED, &[other], &code.finalize().into_bytes())
}

/// The code in base64. A spelling that no encoder writes is refused, so that one code has one.
pub(super) fn from_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// The code in hex, upper or lower case.
fn from_hex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let pairs = (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16));
    pairs.collect::<Result<_, _>>().ok()
}

/// An HMAC-SHA256 in hex or base64, whichever has its length.
pub(super) fn sha256_code(text: &str) -> Option<Vec<u8>> {
    code(text, SHA256_BYTES)
}

/// As [`sha256_code`], for SHA-1.
pub(super) fn sha1_code(text: &str) -> Option<Vec<u8>> {
    code(text, SHA1_BYTES)
}

fn code(text: &str, bytes: usize) -> Option<Vec<u8>> {
    let decoded = if text.len() == 2 * bytes { from_hex(text) } else { from_base64(text) };
    decoded.filter(|code| code.len() == bytes)
}

/// A fingerprint of bytes, in hex: what a call without an id of its own is known by.
pub(super) fn fingerprint(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::{code, fingerprint, is_sha1, is_sha256, same_secret, sha1_code, sha256_code};

    // RFC 2202, case 2, and RFC 4231, case 2.
    const KEY: &[u8] = b"Jefe";
    const DATA: &[u8] = b"what do ya want for nothing?";
    const SHA1: &str = "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79";
    const SHA256: &str = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

    #[test]
    fn codes_equal_those_of_the_standards() {
        let sha256 = sha256_code(SHA256).expect("hex");
        assert!(is_sha256(KEY, &[&DATA[..4], &DATA[4..]], &sha256));
        assert!(is_sha1(KEY, DATA, &sha1_code(SHA1).expect("hex")));
        assert!(!is_sha256(KEY, &[DATA], &sha256[..31]), "a shorter code is another one");
        assert!(!is_sha256(KEY, &[DATA], &[]));
        assert!(!is_sha1(KEY, &DATA[1..], &sha1_code(SHA1).expect("hex")));
    }

    #[test]
    fn a_code_is_read_in_hex_or_base64_of_its_length_alone() {
        let base64 = "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=";
        assert_eq!(sha256_code(base64), sha256_code(SHA256));
        assert_eq!(sha256_code(&SHA256.to_uppercase()), sha256_code(SHA256));
        assert_eq!(sha1_code(SHA256), None);
        assert_eq!(sha256_code(""), None);
        // The last digit of base64 has two bits that no encoder sets.
        assert_eq!(sha256_code(&base64.replace("EM=", "EN=")), None);
        assert_eq!(code("é", 1), None, "no hex, and two bytes");
    }

    #[test]
    fn secrets_of_any_length_compare() {
        assert!(same_secret(b"", b"") && same_secret(b"abc", b"abc"));
        assert!(!same_secret(b"abc", b"abd") && !same_secret(b"abc", b"abcd"));
    }

    #[test]
    fn a_fingerprint_is_of_all_bytes() {
        assert_eq!(fingerprint(b"a").len(), 64);
        assert_ne!(fingerprint(b"a"), fingerprint(b"a "));
    }
}
