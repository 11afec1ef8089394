//! Threads that run stages.

mod fair;

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use fair::{Fair, Next};

pub use fair::Whose;

/// How long work that comes in slices takes a thread at a time, about: it looks at the clock
/// between two of its steps.
pub const SLICE: Duration = Duration::from_millis(5);

/// One slice of work; answers whether there is more.
type Job = Box<dyn FnMut() -> bool + Send>;

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

/// What this thread used of a processor: on a busy machine, much less than the time that passed.
fn thread_time() -> Duration {
    #[cfg(target_os = "linux")]
    {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
        Duration::from_secs(seconds) + Duration::from_nanos(time.tv_nsec.unsigned_abs())
    }
    #[cfg(not(target_os = "linux"))]
    {
        static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
        START.get_or_init(Instant::now).elapsed()
    }
}

/// Dedicated threads for plugin calls, so that none ever runs on the async runtime's
/// own. Each of those whose work waits gets as much of the threads as any other, whatever
/// it is that they do with them; the work of one is done first come, first served. Dropping
/// the workers lets them finish what is queued.
#[derive(Debug)]
pub struct Workers {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    since: Instant,
}

struct State {
    fair: Fair<Job>,
    is_closed: bool,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
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
        let threads = threads.max(1);
        let shared = Arc::new(Shared {
            state: Mutex::new(State {
                fair: Fair::new(u32::try_from(threads).unwrap_or(u32::MAX)),
                is_closed: false,
            }),
            changed: Condvar::new(),
            since: Instant::now(),
        });
        let threads = (0..threads)
            .map(|n| {
                let shared = Arc::clone(&shared);
                std::thread::Builder::new()
                    .name(format!("stage-{n}"))
                    .stack_size(STACK_BYTES)
                    .spawn(move || {
                        WORKER.set(n);
                        yield_to_others(niceness);
                        shared.serve();
                    })
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { shared, threads })
    }

    /// How many threads there are.
    pub fn threads(&self) -> usize {
        self.threads.len()
    }

    /// How much work waits.
    pub fn queued(&self) -> usize {
        self.shared.lock().fair.waiting()
    }

    /// Queues work of the host's own; its result comes through the receiver, which can be
    /// awaited and waited for. Work that panics closes the channel instead, and the thread
    /// lives on.
    pub fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> flume::Receiver<T> {
        self.run_for(Whose::HOST, work)
    }

    /// Queues somebody's work.
    pub fn run_for<T: Send + 'static>(
        &self,
        whose: Whose,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> flume::Receiver<T> {
        let mut work = Some(work);
        self.run_in_slices(whose, move || work.take().map(|work| work()))
    }

    /// Queues somebody's work that is done slice by slice, each of about [`SLICE`], so that
    /// others have their turn in between; it has come to its end with the first slice that
    /// gives something.
    pub fn run_in_slices<T: Send + 'static>(
        &self,
        whose: Whose,
        mut slice: impl FnMut() -> Option<T> + Send + 'static,
    ) -> flume::Receiver<T> {
        let (sender, receiver) = flume::bounded(1);
        let job: Job = Box::new(move || match slice() {
            Some(value) => {
                // Whoever asked may have gone: then nobody misses the result.
                let _ = sender.send(value);
                false
            }
            None => true,
        });
        let now = self.shared.since.elapsed();
        self.shared.lock().fair.push(whose, job, now);
        self.shared.changed.notify_one();
        receiver
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A thread's life.
    fn serve(&self) {
        while let Some((id, mut job)) = self.next() {
            let began = thread_time();
            let more = catch_unwind(AssertUnwindSafe(&mut job)).unwrap_or_else(|_| {
                tracing::error!("work on a stage thread panicked");
                false
            });
            let took = thread_time().saturating_sub(began);
            // What is over is dropped before anybody waits for the lock.
            let rest = more.then_some(job);
            self.lock().fair.done(id, took, rest);
            if more {
                self.changed.notify_one();
            }
        }
    }

    /// The next slice; none once there is nothing more and never will be.
    fn next(&self) -> Option<(u128, Job)> {
        let mut state = self.lock();
        loop {
            let now = self.since.elapsed();
            let until = match state.fair.next(now) {
                Next::Job(id, job) => return Some((id, job)),
                Next::Nothing(until) => until,
            };
            if state.is_closed && state.fair.waiting() == 0 {
                return None;
            }
            state = match until {
                Some(until) => {
                    let pause = until.saturating_sub(now);
                    let woken = self.changed.wait_timeout(state, pause);
                    woken.unwrap_or_else(PoisonError::into_inner).0
                }
                None => self
                    .changed
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner),
            };
        }
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.shared.lock().is_closed = true;
        self.shared.changed.notify_all();
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

    #[test]
    fn work_in_slices_gives_way_to_that_of_others() {
        let workers = Workers::start(1).unwrap();
        let (done, hear) = flume::unbounded();
        let whose = |id| Whose { id, percent: 100 };
        let (begin, begun) = flume::bounded::<()>(0);
        let mut slices = 0;
        let (long_done, other_done) = (done.clone(), done);
        let long = workers.run_in_slices(whose(1), move || {
            if slices == 0 {
                // The other is queued by now.
                begun.recv().unwrap();
            }
            slices += 1;
            (slices == 1_000).then(|| long_done.send("long").unwrap())
        });
        let other = workers.run_for(whose(2), move || other_done.send("other").unwrap());
        begin.send(()).unwrap();
        long.recv().unwrap();
        other.recv().unwrap();
        assert_eq!(hear.drain().collect::<Vec<_>>(), ["other", "long"]);
    }

    #[test]
    fn what_is_queued_is_finished_when_the_workers_go() {
        let workers = Workers::start(1).unwrap();
        let mut slices = 0;
        let receiver = workers.run_in_slices(Whose::HOST, move || {
            slices += 1;
            (slices == 10).then_some(slices)
        });
        drop(workers);
        assert_eq!(receiver.recv(), Ok(10));
    }
}
