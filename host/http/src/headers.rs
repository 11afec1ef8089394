//! Headers of a call that say what is to be done.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::call::IfMatch;
use crate::problem::{Fault, Problem};

/// Names a repeated call.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// A header that is given at most once: of two, a proxy might have looked at the other.
pub(crate) fn once<'a>(
    headers: &'a HeaderMap,
    name: &HeaderName,
) -> Result<Option<&'a HeaderValue>, Problem> {
    let mut given = headers.get_all(name).iter();
    let first = given.next();
    if given.next().is_some() {
        let fault = Fault::header(name, "is given twice");
        return Err(Problem::invalid(vec![fault]));
    }
    Ok(first)
}

/// What `If-Match` asks for.
pub(crate) fn if_match(headers: &HeaderMap) -> Result<IfMatch, Problem> {
    let Some(value) = once(headers, &header::IF_MATCH)? else {
        return Ok(IfMatch::Absent);
    };
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(IfMatch::Any);
    }
    text.strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'))
        .and_then(|text| text.parse().ok())
        .map(IfMatch::Version)
        .ok_or_else(|| {
            let text = "is no ETag that this API gave";
            Problem::invalid(vec![Fault::header(&header::IF_MATCH, text)])
        })
}

/// The `Idempotency-Key`, where one is given.
pub(crate) fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = once(headers, &IDEMPOTENCY_KEY)? else {
        return Ok(None);
    };
    value
        .to_str()
        .ok()
        .filter(|text| (1..=200).contains(&text.len()))
        .map(|text| Some(text.to_owned()))
        .ok_or_else(|| {
            let text = "has 1 to 200 visible ASCII characters";
            Problem::invalid(vec![Fault::header(&IDEMPOTENCY_KEY, text)])
        })
}
