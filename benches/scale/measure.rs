//! Times, and what the system says about memory and processor time.

use std::fs;
use std::time::Instant;

use super::Fallible;

/// The median time of a call in µs, over `times` calls after a few that are not counted.
pub(crate) fn median_us(times: usize, mut call: impl FnMut(usize) -> Fallible<()>) -> Fallible<f64> {
    for number in 0..times / 10 {
        call(number)?;
    }
    let mut took = Vec::with_capacity(times);
    for number in 0..times {
        let started = Instant::now();
        call(number)?;
        took.push(started.elapsed().as_secs_f64() * 1e6);
    }
    Ok(median(took))
}

/// The median of several values.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The least of several values.
pub(crate) fn least(values: impl IntoIterator<Item = f64>) -> f64 {
    values.into_iter().fold(f64::INFINITY, f64::min)
}

/// Resident memory of this process in bytes, now and at its peak.
pub(crate) fn resident() -> Fallible<(f64, f64)> {
    let status = fs::read_to_string("/proc/self/status")?;
    let kib = |name: &str| -> Fallible<f64> {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).ok_or("no resident size")?;
        let kib: f64 = line.trim_start_matches(':').trim_end_matches("kB").trim().parse()?;
        Ok(kib * 1024.0)
    };
    Ok((kib("VmRSS")?, kib("VmHWM")?))
}

/// Lets the peak begin anew.
pub(crate) fn forget_peak() -> Fallible<()> {
    Ok(fs::write("/proc/self/clear_refs", "5")?)
}

/// The processor time that a thread has used, in seconds.
pub(crate) fn thread_seconds(thread: &str) -> Fallible<f64> {
    let text = fs::read_to_string(format!("/proc/self/task/{thread}/schedstat"))?;
    let nanoseconds: f64 = text.split(' ').next().unwrap_or_default().parse()?;
    Ok(nanoseconds / 1e9)
}

/// The number of the thread that calls this.
pub(crate) fn this_thread() -> Fallible<String> {
    let path = fs::read_link("/proc/thread-self")?;
    Ok(path.file_name().ok_or("no thread")?.to_string_lossy().into_owned())
}

/// Numbers that look thrown, the same in every run.
pub(crate) fn scattered(number: usize, below: usize) -> usize {
    (number + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) % below
}
