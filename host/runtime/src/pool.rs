//! Threads that run stages.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::JoinHandle;

type Job = Box<dyn FnOnce() + Send>;

/// Native stack of a worker: wasm's own, the host's, and room between them.
const STACK_BYTES: usize = 4 << 20;

thread_local! {
    static WORKER: Cell<usize> = const { Cell::new(0) };
}

/// Which of its workers a thread is, from 0; a thread that is none passes for the first.
pub(crate) fn worker() -> usize {
    WORKER.get()
}

/// How much a worker gives way: in a race for a core, some tenth of it is its own.
const NICENESS: i32 = 10;
/// Of a thread whose work nobody waits for.
const NICENESS_BEHIND: i32 = 19;

/// Lets whoever has little to do go first: a worker computes for as long as there is work, and a
/// thread that reads, writes or answers a call would wait for it each time that it wakes up.
fn yield_to_others(niceness: i32) {
    // Of this thread alone, which no other system has. An error: it stays as it is.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(niceness);
    #[cfg(not(target_os = "linux"))]
    let _ = niceness;
}

/// Dedicated threads for plugin calls, so that none ever runs on the async runtime's
/// own. Work waits in one queue, first come, first served. Dropping the workers lets
/// them finish what is queued.
#[derive(Debug)]
pub struct Workers {
    jobs: Option<flume::Sender<Job>>,
    threads: Vec<JoinHandle<()>>,
}

impl Workers {
    /// Starts some threads, at least one.
    pub fn start(threads: usize) -> std::io::Result<Self> {
        Self::start_at(threads, NICENESS)
    }

    /// Starts one thread that gives way to everybody, the other workers too.
    pub fn start_behind() -> std::io::Result<Self> {
        Self::start_at(1, NICENESS_BEHIND)
    }

    fn start_at(threads: usize, niceness: i32) -> std::io::Result<Self> {
        let (jobs, queue) = flume::unbounded::<Job>();
        let threads = (0..threads.max(1))
            .map(|n| {
                let queue = queue.clone();
                std::thread::Builder::new()
                    .name(format!("stage-{n}"))
                    .stack_size(STACK_BYTES)
                    .spawn(move || {
                        WORKER.set(n);
                        yield_to_others(niceness);
                        queue.into_iter().for_each(|job| job());
                    })
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            jobs: Some(jobs),
            threads,
        })
    }

    /// How many threads there are.
    pub fn threads(&self) -> usize {
        self.threads.len()
    }

    /// How much work waits.
    pub fn queued(&self) -> usize {
        self.jobs.as_ref().map_or(0, flume::Sender::len)
    }

    /// Queues work; its result comes through the receiver, which can be awaited and
    /// waited for. Work that panics closes the channel instead, and the thread lives on.
    pub fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> flume::Receiver<T> {
        let (sender, receiver) = flume::bounded(1);
        let job: Job = Box::new(move || {
            if let Ok(value) = catch_unwind(AssertUnwindSafe(work)) {
                // Whoever asked may have gone: then nobody misses the result.
                let _ = sender.send(value);
            } else {
                tracing::error!("work on a stage thread panicked");
            }
        });
        if let Some(jobs) = &self.jobs {
            // The threads hold the other end until this end is dropped.
            let _ = jobs.send(job);
        }
        receiver
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.jobs = None;
        let this = std::thread::current().id();
        for thread in self.threads.drain(..) {
            // Work may hold the last reference to its own workers: no thread waits for itself.
            if thread.thread().id() != this {
                let _ = thread.join();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_runs_on_a_worker_and_its_result_comes_back() {
        let workers = Workers::start(2).unwrap();
        let name = workers
            .run(|| std::thread::current().name().map(str::to_owned))
            .recv()
            .unwrap();
        assert!(name.unwrap().starts_with("stage-"));
    }

    #[test]
    fn a_panic_closes_the_channel_and_leaves_the_thread_alive() {
        let workers = Workers::start(1).unwrap();
        let failed = workers.run(|| panic!("on purpose")).recv();
        assert!(failed.is_err());
        assert_eq!(workers.run(|| 7).recv(), Ok(7));
    }
}
