//! What is sealed opens for whom it was sealed; what is minted is read, and nothing else.

use regua_delivery::key::{Keys, KeysError};
use regua_delivery::seal::{Purpose, SealError, is_old, open, seal};
use regua_delivery::unsubscribe::{NotAToken, Wish, mint, read};
use regua_domain::contract::Channel;
use regua_domain::id::{CustomerId, TenantId};
use uuid::Uuid;

const OLD: &str = "1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const NEW: &str = "2:ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";
const OTHER_OF_THAT_NUMBER: &str = "1:ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";

const TEXT: &[u8] = b"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn keys(texts: &[&str]) -> Keys {
    Keys::read(texts.iter().copied()).unwrap()
}

const fn tenant(number: u128) -> TenantId {
    TenantId(Uuid::from_u128(number))
}

fn sealed(keys: &Keys) -> Vec<u8> {
    seal(keys, Purpose::WebhookSecret, tenant(1), TEXT, [7; 24]).unwrap()
}

fn opened(keys: &Keys, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
    open(keys, Purpose::WebhookSecret, tenant(1), sealed).map(|text| text.to_vec())
}

#[test]
fn what_is_sealed_opens_and_is_not_to_be_read() {
    let keys = keys(&[OLD]);
    let sealed = sealed(&keys);
    assert_eq!(opened(&keys, &sealed).as_deref(), Ok(TEXT));
    assert!(
        !sealed
            .windows(4)
            .any(|four| TEXT.windows(4).any(|of| of == four))
    );
    let empty = seal(&keys, Purpose::Letter, tenant(1), b"", [7; 24]).unwrap();
    assert!(
        open(&keys, Purpose::Letter, tenant(1), &empty)
            .unwrap()
            .is_empty()
    );
}

#[test]
fn it_opens_for_no_other_tenant_and_no_other_purpose() {
    let keys = keys(&[OLD]);
    let sealed = sealed(&keys);
    let closed = Some(SealError::Closed);
    let other = open(&keys, Purpose::WebhookSecret, tenant(2), &sealed);
    assert_eq!(other.err(), closed);
    let other = open(&keys, Purpose::SmtpPassword, tenant(1), &sealed);
    assert_eq!(other.err(), closed);
}

#[test]
fn no_changed_byte_goes_unnoticed() {
    let keys = keys(&[OLD, NEW]);
    let sealed = sealed(&keys);
    for at in 0..sealed.len() {
        for bit in 0..8 {
            let mut changed = sealed.clone();
            changed[at] ^= 1 << bit;
            assert!(opened(&keys, &changed).is_err(), "byte {at}, bit {bit}");
        }
        assert!(opened(&keys, &sealed[..at]).is_err(), "cut at {at}");
    }
}

#[test]
fn after_a_change_of_keys_the_old_one_opens_and_the_new_one_seals() {
    let before = sealed(&keys(&[OLD]));
    let both = keys(&[NEW, OLD]);
    assert_eq!(opened(&both, &before).as_deref(), Ok(TEXT));
    assert!(is_old(&both, &before));
    let after = sealed(&both);
    assert!(!is_old(&both, &after));
    assert_eq!(opened(&keys(&[NEW]), &after).as_deref(), Ok(TEXT));
    assert_eq!(
        opened(&keys(&[NEW]), &before),
        Err(SealError::UnknownKey(1))
    );
    assert_eq!(
        opened(&keys(&[OTHER_OF_THAT_NUMBER]), &before),
        Err(SealError::Closed)
    );
}

#[test]
fn keys_that_cannot_be_used_are_refused_and_none_is_ever_shown() {
    let error = |texts: &[&str]| Keys::read(texts.iter().copied()).unwrap_err();
    assert_eq!(error(&[]), KeysError::None);
    assert_eq!(error(&["AAECAw=="]), KeysError::Form);
    assert_eq!(error(&["256:AAECAw=="]), KeysError::Form);
    assert_eq!(error(&["1:AAECAw=="]), KeysError::Length(1));
    assert_eq!(error(&["1:*"]), KeysError::Form);
    assert_eq!(error(&[OLD, OTHER_OF_THAT_NUMBER]), KeysError::Twice(1));
    assert_eq!(format!("{:?}", keys(&[NEW, OLD])), "Keys([2, 1])");
}

fn wish(channel: Channel) -> Wish {
    Wish {
        tenant: tenant(1),
        customer: CustomerId(Uuid::from_u128(2)),
        channel,
    }
}

#[test]
fn a_token_says_who_unsubscribes_from_what() {
    let keys = keys(&[OLD]);
    for channel in [
        Channel::Email,
        Channel::Sms,
        Channel::Other("pager-2".to_owned()),
    ] {
        let wish = wish(channel);
        let token = mint(&keys, &wish);
        assert!(
            token
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
        );
        assert!(token.len() < 140, "{}", token.len());
        assert_eq!(token, mint(&keys, &wish));
        assert_eq!(read(&keys, &token), Ok(wish));
    }
}

#[test]
fn tokens_under_the_old_key_are_read_for_as_long_as_it_is_configured() {
    let token = mint(&keys(&[OLD]), &wish(Channel::Email));
    assert!(read(&keys(&[NEW, OLD]), &token).is_ok());
    assert_eq!(read(&keys(&[NEW]), &token), Err(NotAToken));
    assert_eq!(read(&keys(&[OTHER_OF_THAT_NUMBER]), &token), Err(NotAToken));
}

#[test]
fn no_token_is_made_out_of_another() {
    let keys = keys(&[OLD, NEW]);
    let token = mint(&keys, &wish(Channel::Email));
    for at in 0..token.len() {
        for other in ["A", "z", "-", "", "%", "é"] {
            let changed = format!("{}{other}{}", &token[..at], &token[at + 1..]);
            if changed != token {
                assert_eq!(read(&keys, &changed), Err(NotAToken), "{changed}");
            }
        }
    }
    for other in [
        "",
        "AQ",
        &token[1..],
        &format!("{token}A"),
        &format!("{token}="),
    ] {
        assert_eq!(read(&keys, other), Err(NotAToken), "{other}");
    }
}
