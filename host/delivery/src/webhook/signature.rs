//! Signatures by Standard Webhooks 1.0.0, both ends.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use regua_domain::time::Timestamp;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use super::Secret;

/// How far a receiver's clock and a sender's may be apart, seconds. Source: what the
/// specification's libraries have.
pub const TOLERANCE_SECONDS: i64 = 300;

/// The value of `webhook-signature`: one signature a secret, separated by spaces, so that a
/// receiver may go from one secret to the next while both are in use.
pub fn sign(id: &str, seconds: i64, body: &[u8], secrets: &[Secret]) -> String {
    let signatures: Vec<_> = secrets
        .iter()
        .map(|secret| format!("v1,{}", STANDARD.encode(mac(id, seconds, body, secret))))
        .collect();
    signatures.join(" ")
}

/// Ids may have full stops in them, for the host alone makes them: with a body that begins
/// as JSON does, no other id, time and body within the tolerance are signed alike.
fn mac(id: &str, seconds: i64, body: &[u8], secret: &Secret) -> [u8; 32] {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.bytes()).expect("HMAC takes keys of any length");
    mac.update(id.as_bytes());
    mac.update(b".");
    mac.update(seconds.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    mac.finalize().into_bytes().into()
}

/// The three headers of a webhook, as a receiver finds them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signed<'a> {
    /// `webhook-id`.
    pub id: &'a str,
    /// `webhook-timestamp`.
    pub timestamp: &'a str,
    /// `webhook-signature`.
    pub signature: &'a str,
}

/// Why a message is not taken for the sender's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// `webhook-timestamp` is not a number of seconds.
    #[error("webhook-timestamp is not a whole number of seconds")]
    Timestamp,
    /// Older than [`TOLERANCE_SECONDS`].
    #[error("the message is too old: it may be a repeated one")]
    TooOld,
    /// Newer than [`TOLERANCE_SECONDS`] from now.
    #[error("the message is from the future: one of the two clocks is wrong")]
    TooNew,
    /// No signature by any of the secrets.
    #[error("no signature fits")]
    Signature,
}

/// Whether a message was sent by somebody who has one of the secrets, and lately: for those
/// who receive. Of several signatures one has to fit; other versions than `v1` are passed over.
pub fn verify(
    signed: &Signed<'_>,
    body: &[u8],
    secrets: &[Secret],
    now: Timestamp,
) -> Result<(), VerifyError> {
    let seconds: i64 = signed
        .timestamp
        .parse()
        .map_err(|_| VerifyError::Timestamp)?;
    let age = (now.0.div_euclid(1000)).saturating_sub(seconds);
    if age > TOLERANCE_SECONDS {
        return Err(VerifyError::TooOld);
    }
    if age < -TOLERANCE_SECONDS {
        return Err(VerifyError::TooNew);
    }
    let given: Vec<Vec<u8>> = signed
        .signature
        .split(' ')
        .filter_map(|one| STANDARD.decode(one.strip_prefix("v1,")?).ok())
        .collect();
    let fits = secrets.iter().any(|secret| {
        let expected = mac(signed.id, seconds, body, secret);
        given.iter().any(|given| given.ct_eq(&expected).into())
    });
    if fits {
        Ok(())
    } else {
        Err(VerifyError::Signature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: i64 = 1_614_265_330;
    const NOW: Timestamp = Timestamp(AT * 1000);
    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const BODY: &[u8] = br#"{"test": 2432232314}"#;

    fn secret(fill: u8) -> Secret {
        Secret::from_bytes(vec![fill; 32]).unwrap()
    }

    fn check(signature: &str, secrets: &[Secret]) -> Result<(), VerifyError> {
        let signed = Signed {
            id: ID,
            timestamp: &AT.to_string(),
            signature,
        };
        verify(&signed, BODY, secrets, NOW)
    }

    #[test]
    fn the_specifications_own_example_comes_out() {
        let secret = Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(sign(ID, AT, BODY, &[secret]), expected);
    }

    #[test]
    fn while_a_secret_is_changed_the_old_and_the_new_one_fit() {
        let both = sign(ID, AT, BODY, &[secret(1), secret(2)]);
        assert_eq!(both.split(' ').count(), 2);
        assert_eq!(check(&both, &[secret(1)]), Ok(()));
        assert_eq!(check(&both, &[secret(2)]), Ok(()));
        assert_eq!(check(&both, &[secret(3), secret(2)]), Ok(()));
        assert_eq!(check(&both, &[secret(3)]), Err(VerifyError::Signature));
    }

    #[test]
    fn what_was_changed_on_its_way_does_not_fit() {
        let signature = sign(ID, AT, BODY, &[secret(1)]);
        let at = AT.to_string();
        let signed = Signed {
            id: ID,
            timestamp: &at,
            signature: &signature,
        };
        let secrets = [secret(1)];
        assert_eq!(verify(&signed, BODY, &secrets, NOW), Ok(()));
        assert!(verify(&signed, b"{}", &secrets, NOW).is_err());
        assert!(
            verify(
                &Signed {
                    id: "msg_2",
                    ..signed
                },
                BODY,
                &secrets,
                NOW
            )
            .is_err()
        );
        let later = (AT + 1).to_string();
        let moved = Signed {
            timestamp: &later,
            ..signed
        };
        assert!(verify(&moved, BODY, &secrets, NOW).is_err());
        for none in ["", "v1,", "v1", "v2,AAAA", "v1,!", &signature[3..]] {
            assert_eq!(check(none, &secrets), Err(VerifyError::Signature), "{none}");
        }
        let among_others = format!("v1a,AAAA {signature} v9,x");
        assert_eq!(check(&among_others, &secrets), Ok(()));
    }

    #[test]
    fn a_message_of_another_time_is_refused() {
        let signature = sign(ID, AT, BODY, &[secret(1)]);
        let signed = Signed {
            id: ID,
            timestamp: &AT.to_string(),
            signature: &signature,
        };
        let at = |seconds: i64| {
            let now = Timestamp((AT + seconds) * 1000);
            verify(&signed, BODY, &[secret(1)], now)
        };
        assert_eq!(at(300), Ok(()));
        assert_eq!(at(301), Err(VerifyError::TooOld));
        assert_eq!(at(-300), Ok(()));
        assert_eq!(at(-301), Err(VerifyError::TooNew));
        let no_number = Signed {
            timestamp: "soon",
            ..signed
        };
        let refused = verify(&no_number, BODY, &[secret(1)], NOW);
        assert_eq!(refused, Err(VerifyError::Timestamp));
    }

    #[test]
    fn a_secret_is_never_shown_by_accident() {
        let secret = Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        assert!(!format!("{secret:?}").contains("MfKQ"));
        let revealed = secret.reveal();
        assert_eq!(*revealed, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        for bad in [
            "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "whsec_short",
            "whsec_!!",
            "",
        ] {
            let error = Secret::parse(bad).unwrap_err().to_string();
            assert!(bad.len() < 6 || !error.contains(&bad[6..]), "{error}");
        }
    }
}
