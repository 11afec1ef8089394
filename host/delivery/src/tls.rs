//! Whom to trust: the machine's certificate authorities, and one's own besides.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;

/// Certificate authorities of the operator's own, added to the machine's.
#[derive(Debug, Clone, Default)]
pub struct Authorities {
    pem: Vec<u8>,
    certificates: Vec<CertificateDer<'static>>,
}

/// Why a file of certificate authorities cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AuthoritiesError {
    /// Not PEM.
    #[error("the file of certificate authorities is not PEM")]
    NotPem(#[source] rustls_pki_types::pem::Error),
    /// PEM without a certificate.
    #[error("the file of certificate authorities has no certificate in it")]
    Empty,
    /// A certificate that cannot be an authority.
    #[error("the file of certificate authorities has one that cannot be used")]
    Unusable(#[source] rustls::Error),
}

impl Authorities {
    /// None but the machine's.
    pub fn of_the_machine() -> Self {
        Self::default()
    }

    /// Reads PEM, one certificate or several.
    pub fn read(pem: &[u8]) -> Result<Self, AuthoritiesError> {
        let certificates: Vec<_> = CertificateDer::pem_slice_iter(pem)
            .collect::<Result<_, _>>()
            .map_err(AuthoritiesError::NotPem)?;
        if certificates.is_empty() {
            return Err(AuthoritiesError::Empty);
        }
        let mut roots = RootCertStore::empty();
        for certificate in &certificates {
            let added = roots.add(certificate.clone());
            added.map_err(AuthoritiesError::Unusable)?;
        }
        Ok(Self {
            pem: pem.to_vec(),
            certificates,
        })
    }

    /// As it was read.
    pub(crate) fn pem(&self) -> &[u8] {
        &self.pem
    }

    /// What a client trusts. A machine without authorities trusts one's own alone.
    pub fn client(&self) -> Result<ClientConfig, rustls::Error> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        for certificate in &self.certificates {
            roots.add(certificate.clone())?;
        }
        // Said here, not installed for the whole process: which library encrypts is the
        // same whatever else is linked.
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(config)
    }
}
