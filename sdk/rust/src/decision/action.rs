//! Anything that can be proposed.

use crate::bindings as wit;
use crate::situation::Item;

/// Anything that can be proposed; made from one of the builders beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Action(wit::Action);

impl Action {
    pub(super) fn new(action: wit::Action) -> Self {
        Self(action)
    }

    pub(super) fn into_contract(self) -> wit::Action {
        self.0
    }
}

/// Declares a builder around one of the contract's records, and the way into an [`Action`].
macro_rules! builders {
    ($($(#[$meta:meta])* $name:ident($inner:ty) = $case:ident;)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        #[must_use]
        pub struct $name(pub(super) $inner);

        impl From<$name> for $crate::decision::Action {
            fn from(builder: $name) -> Self {
                Self::new($crate::bindings::Action::$case(builder.0))
            }
        }
    )+};
}
pub(super) use builders;

pub(super) fn keys<'a>(items: impl IntoIterator<Item = Item<'a>>) -> Vec<String> {
    items
        .into_iter()
        .map(|item| item.key().to_owned())
        .collect()
}
