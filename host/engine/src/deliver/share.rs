//! What a batch has for one outlet, handed over a few at a time.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::round::Round;
use super::{Delivered, Parcel};
use crate::lines::{Line, Lines, SHARE_MS, Told};
use crate::post::Post;

/// Effects on their way to one outlet at once, of one batch.
const WIDTH: usize = 16;

/// What a batch has for one outlet.
pub(super) struct Share {
    pub round: Round,
    pub post: Arc<Post>,
    pub lines: Arc<Lines>,
    pub line: Arc<Line>,
}

impl Share {
    /// Hands it over; what is not begun in time is taken again.
    pub(super) async fn hand_over(mut self, parcels: Vec<Parcel>) -> Delivered {
        let until = self.round.clock().plus_ms(SHARE_MS);
        let mut waiting = parcels.into_iter();
        let mut under_way = JoinSet::new();
        let mut is_noted = true;
        loop {
            // Whoever did not answer the last time is asked for one effect first.
            let width = if self.line.is_failing() { 1 } else { WIDTH };
            while under_way.len() < width {
                let now = self.round.clock();
                if now >= until || self.lines.is_closed() || self.line.rests(now).is_some() {
                    break;
                }
                let Some(mut parcel) = waiting.next() else {
                    break;
                };
                let (engine, post) = (self.round.engine.clone(), Arc::clone(&self.post));
                under_way.spawn(async move {
                    let handed = post.hand_over(&engine, &mut parcel).await;
                    (parcel, handed)
                });
            }
            let Some(joined) = under_way.join_next().await else {
                break;
            };
            // What panicked is tried again when the effect is due again.
            let Ok((parcel, handed)) = joined else {
                tracing::error!(tenant = %self.round.open.row.id, "a hand-over panicked");
                continue;
            };
            self.learn(&parcel);
            self.round.handed(&parcel, handed);
            // Where it fails, what is under way is waited for all the same, and noted at the end.
            if is_noted && self.round.is_full() {
                is_noted = self.round.write_down().await.is_ok();
            }
        }
        let now = self.round.clock();
        self.round
            .put_off(waiting, self.line.rests(now).unwrap_or(now));
        self.round.settle().await;
        self.round.counted()
    }

    /// What a try says of the system that it went to. A relay is nobody's: it answers for each
    /// address by itself.
    fn learn(&self, parcel: &Parcel) {
        if let (Some(_), Some(attempt)) = (&parcel.log.endpoint, parcel.log.attempts.last()) {
            self.line.told(Told::by(attempt), self.round.clock());
        }
    }
}
