//! A thread that gives way to everything else.

use std::sync::OnceLock;

use regua_runtime::Workers;

/// It is started when there is something for it to do; each tenant gets as much of it as any other.
#[derive(Default)]
pub(crate) struct Behind(OnceLock<Option<Workers>>);

impl Behind {
    /// None where the machine gives no thread, which was said.
    pub(crate) fn thread(&self) -> Option<&Workers> {
        let thread = self.0.get_or_init(|| {
            let started = Workers::start_behind();
            started
                .inspect_err(
                    |error| tracing::error!(%error, "there is no thread behind the others"),
                )
                .ok()
        });
        thread.as_ref()
    }
}
