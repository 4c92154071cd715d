//! Locks that are still usable after a thread panicked while holding them. What such a mutex guards is still readable,
//! and the first panic is the one to report.
//!
//! May use: no other room.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// The lock, also where somebody panicked while holding it: what it guards can still be read, and refusing it would hide
/// that panic behind a second one.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::thread;

    use super::lock;

    #[test]
    fn a_panic_of_the_holder_is_not_everybodys() {
        let count = Mutex::new(0);
        thread::scope(|scope| {
            let panics = scope.spawn(|| {
                *lock(&count) = 1;
                let _held = count.lock();
                panic!("while holding it");
            });
            assert!(panics.join().is_err());
        });
        assert!(count.is_poisoned());
        assert_eq!(*lock(&count), 1);
    }
}
