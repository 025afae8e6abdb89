//! Who yields the processor to whom: the threads that decode and write the journal give way to the
//! wire process, and to everybody else who is in a hurry.
//!
//! On a busy box with one or two cores a byte on its way to the printer can have to wait for the end
//! of a decoder's time slice, which is milliseconds. It does not touch the wire process, whose
//! priority is left to the service manager.

/// How nice the giving threads are: a tenth of the others' share where all are busy, everything
/// where nobody else is.
const NICENESS: i32 = 10;

/// Makes the current thread give way. The kernel's niceness is one of threads, and so is this:
/// processes started by other threads are not affected. One that is nicer already stays so.
pub(crate) fn give_way() {
    if rustix::process::getpriority_process(None).is_ok_and(|nice| nice >= NICENESS) {
        return;
    }
    if let Err(error) = rustix::process::setpriority_process(None, NICENESS) {
        tracing::debug!(%error, "a thread keeps its priority");
    }
}

#[cfg(test)]
mod tests {
    use rustix::process::getpriority_process;

    use super::{NICENESS, give_way};

    #[test]
    fn only_the_thread_that_asked_gives_way() {
        let before = getpriority_process(None).expect("readable");
        let asked = std::thread::spawn(|| {
            give_way();
            getpriority_process(None).expect("readable")
        });
        assert_eq!(asked.join().expect("no panic"), NICENESS.max(before));
        assert_eq!(getpriority_process(None).expect("readable"), before);
    }
}
