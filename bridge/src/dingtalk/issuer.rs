//! Names who vouches for a certificate that nobody we trust vouches for: most often the firewall or
//! the virus scanner that opens the shop's encrypted connections.
//!
//! It looks and refuses: nothing is ever sent over a connection that it looked at, and none is
//! trusted for it.

use std::sync::{Arc, Mutex, PoisonError};

use reqwest::ClientBuilder;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};

/// Longest name that is shown, in characters.
const MAX_NAME_CHARS: usize = 80;

/// DER tags that lie on the way to the issuer.
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const OBJECT_ID: u8 = 0x06;
const VERSION: u8 = 0xa0;
/// Object ids of the parts of a name that people know it by, best first: common name, organisation.
const NAMED_BY: [&[u8]; 2] = [&[0x55, 4, 3], &[0x55, 4, 10]];

/// Keeps the certificate it is shown and refuses it.
#[derive(Debug, Default)]
pub(super) struct Recorder {
    issuer: Mutex<Option<String>>,
}

/// A builder whose connections all end at `recorder`.
pub(super) fn recording(recorder: &Arc<Recorder>) -> Result<ClientBuilder, Error> {
    let verifier: Arc<dyn ServerCertVerifier> = Arc::<Recorder>::clone(recorder);
    let config = rustls::ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    Ok(ClientBuilder::new().tls_backend_preconfigured(config))
}

impl Recorder {
    /// Who vouches for the certificate that was shown.
    pub(super) fn issuer(&self) -> Option<String> {
        self.issuer.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl ServerCertVerifier for Recorder {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        *self.issuer.lock().unwrap_or_else(PoisonError::into_inner) = issuer(end_entity);
        Err(CertificateError::ApplicationVerificationFailure.into())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(CertificateError::ApplicationVerificationFailure.into())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verify_tls12_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        ring::default_provider().signature_verification_algorithms.supported_schemes()
    }
}

/// The issuer's name in a certificate (X.509 in DER).
fn issuer(certificate: &[u8]) -> Option<String> {
    let (mut signed, _) =
        inside(certificate, SEQUENCE).and_then(|(all, _)| inside(all, SEQUENCE))?;
    if signed.first() == Some(&VERSION) {
        signed = element(signed)?.2;
    }
    // Serial number and algorithm stand before the issuer.
    let after = element(element(signed)?.2)?.2;
    let (name, _) = inside(after, SEQUENCE)?;
    NAMED_BY.iter().find_map(|wanted| part(name, wanted))
}

/// The part of a name with the object id `wanted`, fit to show.
fn part(mut name: &[u8], wanted: &[u8]) -> Option<String> {
    while let Some((set, rest)) = inside(name, SET) {
        name = rest;
        let (pair, _) = inside(set, SEQUENCE)?;
        let (id, value) = inside(pair, OBJECT_ID)?;
        if id == wanted {
            let (_, text, _) = element(value)?;
            let text = String::from_utf8_lossy(text);
            let shown = text.chars().filter(|c| !c.is_control()).take(MAX_NAME_CHARS);
            return Some(shown.collect::<String>()).filter(|shown| !shown.trim().is_empty());
        }
    }
    None
}

/// The content of an element with `tag`, and what follows it.
fn inside(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    element(der).filter(|(found, ..)| *found == tag).map(|(_, content, rest)| (content, rest))
}

/// The first element: its tag, its content, and what follows it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&[tag, short], rest) = der.split_first_chunk::<2>()?;
    let (length, rest) = match short {
        0..=0x7f => (usize::from(short), rest),
        // The length itself has 1 to 3 bytes; certificates are not larger.
        0x81..=0x83 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(short & 0x7f))?;
            (bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::issuer;

    fn certificate(parts: &[(rcgen::DnType, &str)]) -> Vec<u8> {
        let key = rcgen::KeyPair::generate().expect("a key");
        let mut params = rcgen::CertificateParams::new(["x".to_owned()]).expect("a name");
        params.distinguished_name = rcgen::DistinguishedName::new();
        for (kind, text) in parts {
            params.distinguished_name.push(kind.clone(), *text);
        }
        params.self_signed(&key).expect("a certificate").der().to_vec()
    }

    #[test]
    fn whoever_vouches_is_named_by_common_name_or_else_organisation() {
        use rcgen::DnType::{CommonName, CountryName, OrganizationName};
        let both =
            [(CountryName, "HK"), (OrganizationName, "Mall"), (CommonName, "閘道 Gateway CA")];
        assert_eq!(issuer(&certificate(&both)).as_deref(), Some("閘道 Gateway CA"));
        let firm = [(OrganizationName, "Mall IT")];
        assert_eq!(issuer(&certificate(&firm)).as_deref(), Some("Mall IT"));
        assert_eq!(issuer(&certificate(&[(CountryName, "HK")])), None);
    }

    #[test]
    fn a_damaged_certificate_names_nobody_and_harms_nobody() {
        let whole = certificate(&[(rcgen::DnType::CommonName, "x")]);
        for end in 0..whole.len().min(120) {
            let _ = issuer(&whole[..end]);
        }
        assert_eq!(issuer(&whole[..40]), None);
        assert_eq!(issuer(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]), None);
    }

    proptest! {
        #[test]
        fn no_bytes_at_all_are_too_odd(
            odd in prop::collection::vec(any::<u8>(), 0..64), at in 0_usize..300, byte: u8,
        ) {
            let _ = issuer(&odd);
            let mut whole = certificate(&[(rcgen::DnType::CommonName, "x")]);
            if let Some(place) = whole.get_mut(at) {
                *place = byte;
            }
            let name = issuer(&whole);
            prop_assert!(name.is_none_or(|name| name.chars().count() <= super::MAX_NAME_CHARS));
        }
    }
}
