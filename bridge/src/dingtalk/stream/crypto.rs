//! Events over HTTP: opens what DingTalk pushes encrypted, and seals the answer that it waits for.
//!
//! For who receives events by HTTP instead of by the Stream, which DingTalk advises against. The
//! signature is checked first, and covers the ciphertext; it does not check how old a time stamp is,
//! since its unit is not documented.

use aes::Aes256;
use base64::Engine;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::general_purpose::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use serde::Serialize;

use crate::hex::hex;
use crate::secret::Secret;

/// Bytes of an AES-256 key; its first half is the initialisation vector.
const KEY_BYTES: usize = 32;
/// Bytes of the initialisation vector, and of one block of the cipher.
const BLOCK_BYTES: usize = 16;
/// Random bytes before the message.
const RANDOM_BYTES: usize = 16;
/// Bytes of the message's length, big-endian.
const LENGTH_BYTES: usize = 4;
/// Padding fills up to a multiple of this, wider than the cipher's own block.
const PAD_BYTES: usize = 32;
/// The key comes without its last `=`; the bits that do not fill a byte may be anything.
const KEY_CODE: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Why an event is not believed. Shows nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CryptoError {
    /// The key is not 43 characters of base64.
    #[error("expected an AES key of 43 letters and digits, found something else")]
    Key,
    /// The signature is another one.
    #[error("expected the event's signature to match, found that it does not")]
    Signature,
    /// It was signed, and is not what was agreed on inside.
    #[error("expected an event encrypted with the configured key, found something else")]
    Content,
    /// It is for another application.
    #[error("expected an event for this application, found one for another")]
    Owner,
}

/// The secrets of an application's event push.
#[derive(Clone)]
pub struct EventCrypto {
    token: Secret,
    key: [u8; KEY_BYTES],
    owner: String,
}

/// The key must not be seen.
impl std::fmt::Debug for EventCrypto {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EventCrypto").field("owner", &self.owner).finish_non_exhaustive()
    }
}

/// An answer as DingTalk takes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sealed {
    /// The signature.
    pub msg_signature: String,
    /// As it was signed.
    #[serde(rename = "timeStamp")]
    pub time_stamp: String,
    /// As it was signed.
    pub nonce: String,
    /// The ciphertext.
    pub encrypt: String,
}

impl EventCrypto {
    /// The token and the AES key of the application's event push, and its own id.
    pub fn new(token: Secret, aes_key: &Secret, owner: &str) -> Result<Self, CryptoError> {
        let key = KEY_CODE.decode(aes_key.expose()).map_err(|_| CryptoError::Key)?;
        let key = key.try_into().map_err(|_| CryptoError::Key)?;
        Ok(Self { token, key, owner: owner.to_owned() })
    }

    /// The event that was pushed: `encrypt` of the body, the rest of the query.
    pub fn open(
        &self,
        msg_signature: &str,
        timestamp: &str,
        nonce: &str,
        encrypt: &str,
    ) -> Result<String, CryptoError> {
        if !same(&self.signature(timestamp, nonce, encrypt), msg_signature) {
            return Err(CryptoError::Signature);
        }
        let mut bytes = STANDARD.decode(encrypt).map_err(|_| CryptoError::Content)?;
        if bytes.is_empty() || bytes.len() % BLOCK_BYTES != 0 {
            return Err(CryptoError::Content);
        }
        let cipher = cbc::Decryptor::<Aes256>::new(&self.key.into(), &self.vector().into());
        let plain = cipher.decrypt_padded::<NoPadding>(&mut bytes);
        self.unpack(plain.map_err(|_| CryptoError::Content)?)
    }

    /// `message` for DingTalk; `random` is any random bytes.
    pub fn seal(
        &self,
        message: &str,
        random: [u8; RANDOM_BYTES],
        timestamp: &str,
        nonce: &str,
    ) -> Sealed {
        let mut plain = random.to_vec();
        plain.extend_from_slice(&(message.len() as u32).to_be_bytes());
        plain.extend_from_slice(message.as_bytes());
        plain.extend_from_slice(self.owner.as_bytes());
        let pad = PAD_BYTES - plain.len() % PAD_BYTES;
        plain.resize(plain.len() + pad, pad as u8);
        let cipher = cbc::Encryptor::<Aes256>::new(&self.key.into(), &self.vector().into());
        let length = plain.len();
        let sealed = cipher.encrypt_padded::<NoPadding>(&mut plain, length);
        let encrypt = STANDARD.encode(sealed.expect("whole blocks"));
        Sealed {
            msg_signature: self.signature(timestamp, nonce, &encrypt),
            time_stamp: timestamp.to_owned(),
            nonce: nonce.to_owned(),
            encrypt,
        }
    }

    fn vector(&self) -> [u8; BLOCK_BYTES] {
        std::array::from_fn(|n| self.key[n])
    }

    /// SHA-1 over the four parts in the order of their bytes, in hex.
    fn signature(&self, timestamp: &str, nonce: &str, encrypt: &str) -> String {
        let mut parts = [self.token.expose(), timestamp, nonce, encrypt];
        parts.sort_unstable();
        hex(digest(&SHA1_FOR_LEGACY_USE_ONLY, parts.concat().as_bytes()).as_ref())
    }

    fn unpack(&self, plain: &[u8]) -> Result<String, CryptoError> {
        let bad = CryptoError::Content;
        let pad = usize::from(*plain.last().ok_or(bad)?);
        if !(1..=PAD_BYTES).contains(&pad) || pad > plain.len() {
            return Err(bad);
        }
        let plain = &plain[..plain.len() - pad];
        let rest = plain.get(RANDOM_BYTES..).ok_or(bad)?;
        let (length, rest) = rest.split_first_chunk::<LENGTH_BYTES>().ok_or(bad)?;
        let length = u32::from_be_bytes(*length) as usize;
        let (message, owner) = rest.split_at_checked(length).ok_or(bad)?;
        if owner != self.owner.as_bytes() {
            return Err(CryptoError::Owner);
        }
        String::from_utf8(message.to_vec()).map_err(|_| bad)
    }
}

/// In constant time for texts of the same length, which is no secret.
fn same(a: &str, b: &str) -> bool {
    let differing = a.bytes().zip(b.bytes()).fold(0, |all, (a, b)| all | (a ^ b));
    a.len() == b.len() && differing == 0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{CryptoError, EventCrypto};
    use crate::secret::Secret;

    const AT: &str = "1614767836";
    const NONCE: &str = "A7Co0cJLMzIDtMMI";
    /// Published in the documents' page of questions and answers.
    const ENCRYPT: &str =
        "YvkvaGe4hQxd3VxRmEty0dVlnCOAqwf56xwTRHDHoOURqhalbmBJQk5FNcRk42Gl5T0YQXZNwpwWSm1xAFJ5ZA==";
    const SIGNATURE: &str = "9a95a004dd16f5c307e849b994173f76aa26e5eb";

    fn crypto(owner: &str) -> EventCrypto {
        let key = Secret::new("1234567890123456789012345678901234567890123");
        EventCrypto::new(Secret::new("123456"), &key, owner).expect("a key")
    }

    #[test]
    fn the_published_vector_opens_and_seals_to_the_same_bytes() {
        let ours = crypto("dingsnotzck6pm5veliw");
        assert_eq!(ours.open(SIGNATURE, AT, NONCE, ENCRYPT).as_deref(), Ok("success"));
        let sealed = ours.seal("success", *b"dICkEDLj0eb6yAbc", AT, NONCE);
        assert_eq!((sealed.encrypt.as_str(), sealed.msg_signature.as_str()), (ENCRYPT, SIGNATURE));
        let json = serde_json::to_string(&sealed).expect("strings");
        assert!(json.contains(r#""timeStamp":"1614767836""#), "{json}");
        let theirs = crypto("another").open(SIGNATURE, AT, NONCE, ENCRYPT);
        assert_eq!(theirs, Err(CryptoError::Owner));
    }

    #[test]
    fn a_key_of_another_length_is_none() {
        for key in ["", "abc", "1234567890123456789012345678901234567890123x", "?"] {
            let refused = EventCrypto::new(Secret::new("t"), &Secret::new(key), "o");
            assert_eq!(refused.err(), Some(CryptoError::Key), "{key}");
        }
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens_and_what_is_changed_does_not(
            message in "\\PC{0,200}", random in any::<[u8; 16]>(), at in 0_usize..400, flip in 1_u8..=255,
        ) {
            let ours = crypto("ding1");
            let sealed = ours.seal(&message, random, AT, NONCE);
            let open = |signature: &str, encrypt: &str| ours.open(signature, AT, NONCE, encrypt);
            prop_assert_eq!(open(&sealed.msg_signature, &sealed.encrypt), Ok(message));
            let mut changed = sealed.encrypt.clone().into_bytes();
            let at = at % changed.len();
            changed[at] ^= flip & 0x7f | 1;
            let changed = String::from_utf8_lossy(&changed).into_owned();
            let refused = open(&sealed.msg_signature, &changed);
            prop_assert_eq!(refused, Err(CryptoError::Signature));
        }

        #[test]
        fn nothing_that_was_signed_by_somebody_else_in_disguise_panics(
            bytes in prop::collection::vec(any::<u8>(), 0..200),
        ) {
            use base64::Engine as _;
            let ours = crypto("ding1");
            let encrypt = base64::engine::general_purpose::STANDARD.encode(bytes);
            let signature = ours.signature(AT, NONCE, &encrypt);
            prop_assert!(ours.open(&signature, AT, NONCE, &encrypt).is_err());
        }
    }
}
