//! One file per report format, all fed by the same events.
