//! The `scimsnap` binary.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use mimalloc::MiMalloc;
use scimsnap::context::Context;
use scimsnap::exit::Exit;

/// A run is thousands of small pieces of text that come and go (docs/performance.md).
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    // Before there is a secret in memory.
    scimsnap::core_dumps::switch_off();
    std::panic::set_hook(Box::new(scimsnap::cli::output::panicked));
    let context = Context::from_process();
    // One thread for all but a long run against somebody's endpoint, which starts its own (docs/performance.md).
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let Ok(runtime) = runtime else { return Exit::Bug.into() };
    // A bug must not look like a verdict: it has an exit code of its own, and the ledger is still there.
    let work = AssertUnwindSafe(|| runtime.block_on(scimsnap::cli::main(std::env::args_os(), &context)));
    let exit = catch_unwind(work)
        .unwrap_or_else(|_| scimsnap::cli::output::last_words(Exit::Bug, "stopped by a bug in scimsnap"));
    // A name that is still being resolved is not waited for.
    runtime.shutdown_background();
    exit.into()
}
