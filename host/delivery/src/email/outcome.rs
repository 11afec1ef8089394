//! What came of sending.

use crate::attempt::{Attempt, Next, Trying};

/// Whose matter a delay is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The operator's: the relay cannot be reached, or does not let one in. It says nothing
    /// about this message, and is tried for ever.
    Operators,
    /// The recipient's, or nobody's.
    Theirs,
}

/// What came of sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The relay took it.
    Accepted {
        /// Its answer, often with the name it gave the message.
        answer: String,
    },
    /// The address takes no mail.
    Bounced {
        /// The status.
        status: u16,
        /// The relay's answer.
        answer: String,
    },
    /// This message is not taken, and would not be later.
    Refused {
        /// The status; none where it was never sent.
        status: Option<u16>,
        /// The relay's answer, or what is wrong with the message.
        answer: String,
    },
    /// Not now.
    Later {
        /// The status, where there was an answer.
        status: Option<u16>,
        /// A stable name for why.
        code: &'static str,
        /// The relay's answer, or the error.
        answer: String,
        /// Whose matter it is.
        whose: Whose,
    },
}

impl Outcome {
    /// As it is kept.
    pub fn attempt(self, ms: u64, trying: Trying<'_>) -> Attempt {
        let failed = trying.failed.saturating_add(1);
        let (status, code, detail, next) = match self {
            Self::Accepted { answer } => (Some(250), "accepted", answer, Next::Done),
            Self::Bounced { status, answer } => (Some(status), "bounced", answer, Next::Gone),
            Self::Refused { status, answer } => (status, "refused", answer, Next::Failed),
            Self::Later {
                status,
                code,
                answer,
                whose,
            } => {
                let at = match whose {
                    Whose::Theirs => {
                        let next = trying.schedule;
                        next.next(failed, None, trying.now, trying.chance)
                    }
                    Whose::Operators => {
                        let next = trying.schedule;
                        Some(next.next_for_ever(failed, trying.now, trying.chance))
                    }
                };
                let next = at.map_or(Next::Failed, |not_before| Next::Again { not_before });
                (status, code, answer, next)
            }
        };
        Attempt {
            at: trying.now,
            ms,
            status,
            code: code.to_owned(),
            detail,
            next,
        }
    }
}
