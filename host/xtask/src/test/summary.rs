use std::time::Instant;

/// Adds up what each suite's harness reports, which `cargo test` does not do.
pub struct Summary {
    started: Instant,
    suites: u32,
    passed: u32,
    failed: u32,
    ignored: u32,
}

impl Summary {
    pub fn start() -> Self {
        Self {
            started: Instant::now(),
            suites: 0,
            passed: 0,
            failed: 0,
            ignored: 0,
        }
    }

    /// Takes a line as `test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; …`.
    pub fn add(&mut self, line: &str) {
        let Some(result) = line.trim_start().strip_prefix("test result: ") else {
            return;
        };
        self.suites += 1;
        self.passed += count(result, "passed");
        self.failed += count(result, "failed");
        self.ignored += count(result, "ignored");
    }

    /// The sum, if any suite reported; whether cargo succeeded decides its first word.
    pub fn finish(self, succeeded: bool) -> Option<String> {
        let verdict = if succeeded { "passed" } else { "FAILED" };
        (self.suites > 0).then(|| {
            format!(
                "\nall suites {verdict}: {} passed; {} failed; {} ignored; {} suites; {:.1} s",
                self.passed,
                self.failed,
                self.ignored,
                self.suites,
                self.started.elapsed().as_secs_f64()
            )
        })
    }
}

/// The number that stands before a word.
fn count(result: &str, word: &str) -> u32 {
    let words: Vec<&str> = result.split([' ', ';']).collect();
    words
        .windows(2)
        .find(|pair| pair[1] == word)
        .and_then(|pair| pair[0].parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suites_are_added_up() {
        let mut summary = Summary::start();
        summary.add("running 4 tests");
        summary.add("test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s");
        summary.add("test result: FAILED. 5 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s");
        let text = summary.finish(false).unwrap();
        assert!(
            text.contains("FAILED: 8 passed; 2 failed; 1 ignored; 2 suites"),
            "{text}"
        );
    }

    #[test]
    fn nothing_is_claimed_when_no_suite_ran() {
        let mut summary = Summary::start();
        summary.add("error: could not compile");
        assert_eq!(summary.finish(false), None);
    }
}
