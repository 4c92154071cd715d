//! All reports of a run. A report that cannot be written is dropped; the run and the other reports go on.

use std::fmt;
use std::io::{self, ErrorKind};

use crate::event::Event;

use super::Reporter;

/// The reports of a run.
#[derive(Default)]
pub struct Reports {
    open: Vec<Open>,
    lost: Vec<Lost>,
}

struct Open {
    name: String,
    is_standard: bool,
    reporter: Box<dyn Reporter>,
}

/// A report that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {name} ({error})")]
pub struct Lost {
    /// Where it was to go.
    pub name: String,
    /// Why.
    pub error: io::Error,
}

impl Reports {
    /// Adds one. Whoever closes a standard stream has seen enough; any other report is owed.
    pub fn add(&mut self, name: String, is_standard: bool, reporter: impl Reporter + 'static) {
        self.open.push(Open { name, is_standard, reporter: Box::new(reporter) });
    }

    /// Tells all of them.
    pub fn tell(&mut self, event: &Event<'_>) {
        let lost = &mut self.lost;
        self.open.retain_mut(|open| match open.reporter.tell(event) {
            Ok(()) => true,
            Err(error) => {
                if !(open.is_standard && error.kind() == ErrorKind::BrokenPipe) {
                    lost.push(Lost { name: std::mem::take(&mut open.name), error });
                }
                false
            }
        });
    }

    /// Those that could not be written.
    pub fn lost(&self) -> &[Lost] {
        &self.lost
    }
}

impl fmt::Debug for Reports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.open.iter().map(|open| open.name.as_str()).collect();
        f.debug_struct("Reports").field("open", &names).field("lost", &self.lost).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;

    use super::*;
    use crate::event::Summary;

    /// Fails at the third event.
    struct Failing(ErrorKind, Rc<Cell<usize>>);

    impl Reporter for Failing {
        fn tell(&mut self, _: &Event<'_>) -> io::Result<()> {
            self.1.set(self.1.get() + 1);
            if self.1.get() == 3 { Err(self.0.into()) } else { Ok(()) }
        }
    }

    struct Counting(Rc<Cell<usize>>);

    impl Reporter for Counting {
        fn tell(&mut self, _: &Event<'_>) -> io::Result<()> {
            self.0.set(self.0.get() + 1);
            Ok(())
        }
    }

    #[test]
    fn a_report_that_fails_is_given_up_and_the_others_go_on() {
        let counts: [Rc<Cell<usize>>; 4] = std::array::from_fn(|_| Rc::default());
        let [closed, full, pipe, sound] = counts.clone();
        let mut reports = Reports::default();
        reports.add("standard output".to_owned(), true, Failing(ErrorKind::BrokenPipe, closed));
        reports.add("standard error".to_owned(), true, Failing(ErrorKind::StorageFull, full));
        reports.add("a FIFO".to_owned(), false, Failing(ErrorKind::BrokenPipe, pipe));
        reports.add("a file".to_owned(), false, Counting(sound));
        let summary = Summary::default();
        for _ in 0..5 {
            reports.tell(&Event::Ended(&summary));
        }
        assert_eq!(counts.map(|count| count.get()), [3, 3, 3, 5]);
        let lost: Vec<&str> = reports.lost().iter().map(|lost| lost.name.as_str()).collect();
        assert_eq!(lost, ["standard error", "a FIFO"]);
    }
}
