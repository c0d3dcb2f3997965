//! Other people's readers may panic on damaged files: that is a problem of one file, not the end of the batch.

use std::{
    cell::Cell,
    panic::{self, AssertUnwindSafe},
    sync::{Once, mpsc},
    thread,
    time::Duration,
};

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// A reader that takes longer than this has lost its way.
const LONGEST: Duration = Duration::from_secs(60);

/// Room for readers that call themselves for every level of a file.
const STACK: usize = 64 << 20;

/// Why a reader gave nothing.
#[derive(Debug, PartialEq, Eq)]
pub enum Lost {
    Panicked,
    TooLong,
}

/// Runs `read` on a thread of its own, without a word on the screen where it panics.
pub fn guarded<T: Send + 'static>(read: impl FnOnce() -> T + Send + 'static) -> Result<T, Lost> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                usual(info);
            }
        }));
    });
    let (send, receive) = mpsc::channel();
    let spawned = thread::Builder::new().stack_size(STACK).spawn(move || {
        QUIET.set(true);
        // The receiver may have given up.
        let _ = send.send(panic::catch_unwind(AssertUnwindSafe(read)));
    });
    if spawned.is_err() {
        return Err(Lost::Panicked);
    }
    match receive.recv_timeout(LONGEST) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(_)) | Err(mpsc::RecvTimeoutError::Disconnected) => Err(Lost::Panicked),
        Err(mpsc::RecvTimeoutError::Timeout) => Err(Lost::TooLong),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_answer() {
        assert_eq!(guarded(|| 1), Ok(1));
        assert_eq!(guarded(|| -> i32 { panic!("no") }), Err(Lost::Panicked));
    }
}
