//! Switches core dumps off, because the memory holds tokens.

/// Switches core dumps off for this process and what it starts. Where the system does not let us, things stay as they are.
pub fn switch_off() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    }
    // The limit says nothing to a system that hands dumps to a program (`core_pattern` with a pipe); this does, and it keeps
    // others of the same user from reading the memory. What is readable of the process in /proc by everybody stays so.
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}
