//! Announcing: events that were written with commits are handed to the endpoints that asked
//! for them, each record by itself.

use std::collections::BTreeMap;
use std::sync::Arc;

use regua_delivery::attempt::{Attempt, Next};
use regua_domain::time::{DAY_MS, MINUTE_MS, Timestamp};
use regua_storage::records::take;
use regua_storage::{Kept, RecordWrite, Seen, StoreError};
use tokio::task::JoinSet;

use crate::lines::{BUSY_MS, Line, Lines, PATIENCE, SHARE_MS, Told};
use crate::open::chain;
use crate::post::records::{Delivery, Endpoint};
use crate::post::{Post, note};
use crate::{Engine, EngineError, Open};

/// An event that a node took and did not finish is taken again after so long.
const TAKEN_MS: i64 = 15 * MINUTE_MS;
/// Events taken at once.
const BATCH: u32 = 256;
/// Events on their way to one endpoint at once, of one batch.
const WIDTH: usize = 4;
/// An event that found nobody for so long is given up: longer than its tries take.
const GIVEN_UP_MS: i64 = 4 * DAY_MS;

/// One event on its way to one endpoint.
pub struct Notice {
    /// Whose.
    pub open: Arc<Open>,
    /// To whom.
    pub endpoint: Arc<Kept<Endpoint>>,
    /// What, and what became of it so far.
    pub event: Kept<Delivery>,
}

/// What a round of announcing came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Announced {
    /// Records taken.
    pub taken: u64,
    /// Put off untried.
    pub put_off: u64,
    /// Cleared away: they had been kept for long enough.
    pub cleared: u64,
}

impl Engine {
    /// Hands over a tenant's events that are due, one batch of them; what takes long goes on
    /// behind it ([`Lines::idle`]).
    pub async fn announce(
        &self,
        open: &Arc<Open>,
        post: &Arc<Post>,
        lines: &Arc<Lines>,
    ) -> Result<Announced, EngineError> {
        let now = self.clock.now();
        let store = &*open.store;
        let due = take::<Delivery>(store, now, now.plus_ms(TAKEN_MS), BATCH).await?;
        let mut announced = Announced {
            taken: due.len() as u64,
            ..Announced::default()
        };
        if due.is_empty() {
            return Ok(announced);
        }
        let mut sorted = Sorted::of(open, due, lines, now)?;
        let mut out = JoinSet::new();
        for (endpoint, line, events) in std::mem::take(&mut sorted.shares) {
            // Before it begins: whoever takes the next batch sees that this one is under way.
            let Some(under_way) = lines.begin(open.row.id, Arc::clone(&line)) else {
                sorted.put_off(&events, now.plus_ms(BUSY_MS))?;
                continue;
            };
            let share = Share {
                engine: self.clone(),
                open: Arc::clone(open),
                post: Arc::clone(post),
                endpoint,
                lines: Arc::clone(lines),
                line: Arc::clone(&line),
            };
            out.spawn(async move {
                share.hand_over(events).await;
                drop(under_way);
            });
        }
        (announced.cleared, announced.put_off) = (sorted.cleared, sorted.put_off);
        if !sorted.writes.is_empty() {
            store.write_records(sorted.writes).await?;
        }
        let all = async { while out.join_next().await.is_some() {} };
        if tokio::time::timeout(PATIENCE, all).await.is_err() {
            out.detach_all();
        }
        Ok(announced)
    }
}

type Events = Vec<Kept<Delivery>>;

/// A batch, looked through.
#[derive(Default)]
struct Sorted {
    /// What is to be handed over, endpoint by endpoint.
    shares: Vec<(Arc<Kept<Endpoint>>, Arc<Line>, Events)>,
    /// What becomes of the others.
    writes: Vec<RecordWrite>,
    put_off: u64,
    cleared: u64,
}

impl Sorted {
    fn of(open: &Open, due: Events, lines: &Lines, now: Timestamp) -> Result<Self, StoreError> {
        let (mut sorted, mut by_endpoint) = (Self::default(), BTreeMap::<_, Events>::new());
        for event in due {
            if event.value.is_over() {
                sorted.cleared += 1;
                let seen = Seen::Version(event.version);
                let gone = RecordWrite::remove::<Delivery>(event.id, seen);
                sorted.writes.push(gone);
                continue;
            }
            let happened_at = event.value.event_at.unwrap_or(now);
            if happened_at.plus_ms(GIVEN_UP_MS) <= now {
                sorted.give_up(event, "too-old", now)?;
                continue;
            }
            let endpoint = event.value.endpoint.clone().unwrap_or_default();
            by_endpoint.entry(endpoint).or_default().push(event);
        }
        for (id, events) in by_endpoint {
            let Some(endpoint) = open.outlets.endpoint(&id) else {
                for event in events {
                    sorted.give_up(event, "no-endpoint", now)?;
                }
                continue;
            };
            let line = lines.of(open.row.id, &id);
            if let Some(until) = line.not_before(now) {
                sorted.put_off(&events, until)?;
                continue;
            }
            sorted.shares.push((Arc::clone(endpoint), line, events));
        }
        Ok(sorted)
    }

    fn put_off(&mut self, events: &Events, until: Timestamp) -> Result<(), StoreError> {
        self.put_off += events.len() as u64;
        for event in events {
            self.writes.push(put_off(event, until)?);
        }
        Ok(())
    }

    /// Nobody is there to be told: it stays in the log for a while, and can be sent by hand.
    fn give_up(
        &mut self,
        mut event: Kept<Delivery>,
        code: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let attempt = Attempt {
            at: now,
            ms: 0,
            status: None,
            code: code.to_owned(),
            detail: String::new(),
            next: Next::Failed,
        };
        note(&mut event.value, attempt);
        self.writes.push(write(&event, now)?);
        Ok(())
    }
}

/// What a batch has for one endpoint.
struct Share {
    engine: Engine,
    open: Arc<Open>,
    post: Arc<Post>,
    endpoint: Arc<Kept<Endpoint>>,
    lines: Arc<Lines>,
    line: Arc<Line>,
}

impl Share {
    async fn hand_over(self, events: Events) {
        let mut writes = Vec::with_capacity(events.len());
        if let Err(error) = self.go_through(events, &mut writes).await {
            let error = chain(&error);
            tracing::error!(tenant = %self.open.row.id, error, "an event cannot be written");
        }
        // What is lost of this is taken again: a receiver hears it twice under one id.
        if let Err(error) = self.open.store.write_records(writes).await {
            let error = chain(&error);
            tracing::error!(tenant = %self.open.row.id, error, "tries are not in the log");
        }
    }

    async fn go_through(
        &self,
        events: Events,
        writes: &mut Vec<RecordWrite>,
    ) -> Result<(), EngineError> {
        let until = self.now().plus_ms(SHARE_MS);
        let mut waiting = events.into_iter();
        let mut under_way = JoinSet::new();
        loop {
            // Whoever did not answer the last time is asked by one event first.
            let width = if self.line.is_failing() { 1 } else { WIDTH };
            while under_way.len() < width {
                let now = self.now();
                if now >= until || self.lines.is_closed() || self.line.rests(now).is_some() {
                    break;
                }
                // Taken away, changed or given another secret meanwhile: the next batch knows how.
                if waiting.as_slice().is_empty() || !self.is_as_it_was().await? {
                    break;
                }
                let Some(event) = waiting.next() else {
                    break;
                };
                let notice = Notice {
                    open: Arc::clone(&self.open),
                    endpoint: Arc::clone(&self.endpoint),
                    event,
                };
                let post = Arc::clone(&self.post);
                under_way.spawn(async move { (post.announce(&notice).await, notice.event) });
            }
            let Some(joined) = under_way.join_next().await else {
                break;
            };
            // What panicked is tried again when the event is due again.
            let Ok((attempt, mut event)) = joined else {
                tracing::error!(tenant = %self.open.row.id, "telling of an event panicked");
                continue;
            };
            let now = self.now();
            self.line.told(Told::by(&attempt), now);
            note(&mut event.value, attempt);
            writes.push(write(&event, now)?);
        }
        let now = self.now();
        let next = self.line.rests(now).unwrap_or(now);
        for event in waiting {
            writes.push(put_off(&event, next)?);
        }
        Ok(())
    }
}

impl Share {
    fn now(&self) -> Timestamp {
        self.engine.clock.now()
    }

    /// Whether the endpoint is still what it was when the batch was taken.
    async fn is_as_it_was(&self) -> Result<bool, EngineError> {
        let open = self.engine.lately(self.open.row.id).await?;
        let now = open.outlets.endpoint(&self.endpoint.id);
        Ok(now.is_some_and(|now| now.version == self.endpoint.version))
    }
}

fn write(event: &Kept<Delivery>, now: Timestamp) -> Result<RecordWrite, StoreError> {
    let due_at = event.value.due_at(now);
    RecordWrite::put(&event.id, Seen::Anything, &event.value, due_at)
}

fn put_off(event: &Kept<Delivery>, until: Timestamp) -> Result<RecordWrite, StoreError> {
    RecordWrite::put(&event.id, Seen::Anything, &event.value, Some(until))
}
