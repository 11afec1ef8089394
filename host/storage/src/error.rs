//! What can go wrong in a store.

/// Why a store did not do as asked. Nothing of the request was kept then.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The name or reference is taken.
    #[error("{what} `{name}` exists already")]
    Taken {
        /// What: `tenant`, `plugin version`, …
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// There is no such thing in this tenant.
    #[error("{what} `{name}` does not exist")]
    Missing {
        /// What.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// Somebody else changed it since it was read, or took it away.
    #[error("{what} `{name}` was changed meanwhile")]
    Changed {
        /// What.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// Something needs it.
    #[error("{what} `{name}` is in use: {}", by.join(", "))]
    InUse {
        /// What.
        what: &'static str,
        /// Its name.
        name: String,
        /// What needs it, each a few words; of many, how many more there are.
        by: Vec<String>,
    },
    /// A component is more than there may be.
    #[error(
        "the component has {bytes} bytes, and with the {stored} that are there that is more than {allowed}"
    )]
    NoRoom {
        /// Of the component.
        bytes: u64,
        /// Of those that are there.
        stored: u64,
        /// Of all together, at most.
        allowed: u64,
    },
    /// A sandbox's clock only moves forward, and only a sandbox has one.
    #[error("the clock cannot be set: {0}")]
    Clock(&'static str),
    /// A stored row does not read back: a bug, or a damaged file.
    #[error("a stored {what} cannot be read")]
    Corrupt {
        /// What.
        what: &'static str,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The database failed; trying again may help.
    #[error("the store failed while it was to {doing}")]
    Backend {
        /// What it was doing.
        doing: &'static str,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl StoreError {
    /// That a component of so many bytes, which is among `all` of them, leaves these within what is
    /// allowed.
    pub const fn unless_fits(bytes: u64, all: u64, allowed: u64) -> Result<(), Self> {
        if all <= allowed {
            return Ok(());
        }
        Err(Self::NoRoom {
            bytes,
            stored: all.saturating_sub(bytes),
            allowed,
        })
    }
}
