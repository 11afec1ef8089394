//! A call's body: what is said of it is held against what the endpoint takes, and then it is read.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, header};
use hyper::body::Body as _;
use regua_domain::id::TenantId;
use regua_engine::places::{Place, Places};

use crate::call::Caller;
use crate::endpoint::{DOCUMENT_BYTES_MAX, Endpoint};
use crate::headers::once;
use crate::problem::{Kind, Problem};

/// How long a body may take.
const PATIENCE: Duration = Duration::from_mins(5);

/// An endpoint that takes more bytes than so many takes large bodies. One is held in memory whole,
/// whoever sends it may take minutes over it, and what is done with it takes long.
const LARGE_BYTES: usize = 4 << 20;
/// Calls with one at once, of all tenants and of one: others are told to come again.
const LARGE_AT_ONCE: u32 = 4;
const LARGE_OF_TENANT: u32 = 2;

/// A body that has arrived, and the place that it has among large ones, to be kept until the call
/// is carried out.
pub(crate) type Arrived = (Bytes, Option<Place>);

/// Places for calls with large bodies.
pub(crate) fn places() -> Places {
    Places::new(LARGE_AT_ONCE, LARGE_OF_TENANT)
}

/// Reads a body, if it is one that the endpoint takes.
pub(crate) async fn read(
    large: &Places,
    endpoint: &Endpoint,
    caller: &Caller,
    headers: &HeaderMap,
    body: Body,
) -> Result<Arrived, Problem> {
    if let Some(wanted) = endpoint.media_type {
        is_of(headers, wanted)?;
    }
    let is_large = endpoint.body_max > LARGE_BYTES && !caller.is_inside;
    let places = is_large.then_some((large, caller.tenant));
    tokio::time::timeout(PATIENCE, arrive(body, endpoint.body_max, places))
        .await
        .map_err(|_| Problem::new(Kind::Syntax, "the body did not arrive in five minutes"))?
}

/// That a body is of a media type, as it is and not packed.
fn is_of(headers: &HeaderMap, wanted: &str) -> Result<(), Problem> {
    let given = once(headers, &header::CONTENT_TYPE)?
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .map(str::trim);
    if !given.is_some_and(|given| given.eq_ignore_ascii_case(wanted)) {
        let given = given.unwrap_or("nothing");
        let text = format!("Content-Type has to be {wanted}, not {given}");
        return Err(Problem::new(Kind::MediaType, text));
    }
    let mut packed = headers.get_all(header::CONTENT_ENCODING).iter();
    if packed.any(|value| !value.as_bytes().eq_ignore_ascii_case(b"identity")) {
        let text = "the body has to be sent as it is, without a Content-Encoding";
        return Err(Problem::new(Kind::MediaType, text));
    }
    Ok(())
}

fn too_large(max: usize) -> Problem {
    Problem::new(Kind::TooLarge, format!("at most {max} bytes are taken"))
}

fn take((large, tenant): (&Places, TenantId)) -> Result<Place, Problem> {
    large.take(tenant).ok_or_else(|| Problem {
        retry_after: Some(2),
        ..Problem::new(Kind::TooManyRequests, "too many large bodies are sent now")
    })
}

/// Reads a body of at most so many bytes. Of an endpoint that takes large ones it needs a place
/// from the moment when more is there than any other endpoint would have taken, and when it is
/// whole: who sends a few bytes and no more keeps nobody out.
async fn arrive(
    mut body: Body,
    max: usize,
    places: Option<(&Places, TenantId)>,
) -> Result<Arrived, Problem> {
    let declared = body.size_hint().lower();
    if declared > max as u64 {
        return Err(too_large(max));
    }
    let (mut bytes, mut place) = (Vec::new(), None);
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let frame = frame.map_err(|error| {
            tracing::debug!(%error, "a body could not be read");
            Problem::new(Kind::Syntax, "the body ends too soon, or cannot be read")
        })?;
        // Anything else is a trailer.
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if data.len() > max - bytes.len() {
            return Err(too_large(max));
        }
        let is_large = bytes.len() + data.len() > DOCUMENT_BYTES_MAX;
        if is_large && place.is_none() {
            place = places.map(take).transpose()?;
        }
        bytes.extend_from_slice(&data);
    }
    if place.is_none() {
        place = places.map(take).transpose()?;
    }
    Ok((bytes.into(), place))
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::io;
    use std::task::{Context, Poll};

    use hyper::body::{Frame, SizeHint};
    use uuid::Uuid;

    use super::*;

    const MAX: usize = 8 << 20;

    /// A body that arrives in pieces; after the last it waits for ever, or has ended.
    struct Pieces {
        left: VecDeque<io::Result<Bytes>>,
        ends: bool,
        declared: u64,
    }

    impl hyper::body::Body for Pieces {
        type Data = Bytes;
        type Error = io::Error;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
            match self.left.pop_front() {
                Some(piece) => Poll::Ready(Some(piece.map(Frame::data))),
                None if self.ends => Poll::Ready(None),
                None => Poll::Pending,
            }
        }

        fn size_hint(&self) -> SizeHint {
            let mut hint = SizeHint::new();
            hint.set_lower(self.declared);
            hint
        }
    }

    fn body(sizes: &[usize], ends: bool, declared: u64) -> Body {
        let pieces = sizes.iter().map(|size| Ok(vec![b'x'; *size].into()));
        Body::new(Pieces {
            left: pieces.collect(),
            ends,
            declared,
        })
    }

    fn tenant(number: u128) -> TenantId {
        TenantId(Uuid::from_u128(number))
    }

    fn kind(arrived: Result<Arrived, Problem>) -> Kind {
        arrived.map(|(bytes, _)| bytes.len()).unwrap_err().kind
    }

    /// Polls once: whether it still waits.
    async fn waits(arriving: Pin<&mut impl Future<Output = Result<Arrived, Problem>>>) -> bool {
        let mut arriving = Some(arriving);
        poll_fn(|context| {
            let polled = arriving.take().map(|arriving| arriving.poll(context));
            Poll::Ready(polled.is_some_and(|polled| polled.is_pending()))
        })
        .await
    }

    #[tokio::test]
    async fn what_is_declared_too_large_is_refused_before_any_of_it_is_there() {
        let places = places();
        let arrived = arrive(body(&[], false, 9 << 20), MAX, Some((&places, tenant(1))));
        assert_eq!(kind(arrived.await), Kind::TooLarge);
        let more = arrive(body(&[MAX, 1], true, 0), MAX, None);
        assert_eq!(kind(more.await), Kind::TooLarge);
        let (bytes, place) = arrive(body(&[MAX - 1, 1], true, 0), MAX, None)
            .await
            .unwrap();
        assert_eq!((bytes.len(), place.is_none()), (MAX, true));
    }

    #[tokio::test]
    async fn what_ends_too_soon_cannot_be_read() {
        let cut = io::Error::from(io::ErrorKind::UnexpectedEof);
        let pieces = Pieces {
            left: [Ok(Bytes::from_static(b"{")), Err(cut)].into(),
            ends: true,
            declared: 7,
        };
        assert_eq!(
            kind(arrive(Body::new(pieces), MAX, None).await),
            Kind::Syntax
        );
    }

    #[tokio::test]
    async fn who_sends_little_and_no_more_keeps_nobody_out() {
        let places = places();
        let arriving = |of: u128, size| {
            let of = Some((&places, tenant(of)));
            Box::pin(arrive(body(&[size], false, 1_000_000), MAX, of))
        };
        let mut slow = Vec::new();
        for of in [1, 1, 1, 2, 2, 2, 3, 4] {
            slow.push(arriving(of, 2));
        }
        for slow in &mut slow {
            assert!(waits(slow.as_mut()).await);
        }
        // Of two that send much and stop there, neither has the last place.
        let mut stopped = Vec::new();
        for of in [1, 1, 2] {
            stopped.push(arriving(of, 2 << 20));
        }
        for stopped in &mut stopped {
            assert!(waits(stopped.as_mut()).await);
        }
        let another = arriving(2, 2 << 20).await;
        assert_eq!(kind(another), Kind::TooManyRequests);
        let whole = body(&[5 << 20], true, 0);
        let (_, place) = arrive(whole, MAX, Some((&places, tenant(5))))
            .await
            .unwrap();
        assert!(place.is_some());
    }

    #[test]
    fn a_body_is_of_one_type_and_not_packed() {
        let of = |pairs: &[(header::HeaderName, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.append(name, header::HeaderValue::from_static(value));
            }
            is_of(&headers, "application/json").map_err(|problem| problem.kind)
        };
        let (kind, packing) = (header::CONTENT_TYPE, header::CONTENT_ENCODING);
        let json = (kind.clone(), "application/json; charset=utf-8");
        assert_eq!(of(std::slice::from_ref(&json)), Ok(()));
        let plain = (packing.clone(), "identity");
        assert_eq!(of(&[json.clone(), plain]), Ok(()));
        let gzip = (packing, "gzip");
        assert_eq!(of(&[json.clone(), gzip]), Err(Kind::MediaType));
        assert_eq!(of(&[(kind.clone(), "text/csv")]), Err(Kind::MediaType));
        let twice = of(&[json, (kind, "text/csv")]);
        assert_eq!(twice, Err(Kind::Invalid));
    }
}
