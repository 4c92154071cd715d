//! What a customer takes, and what the usual requests cost, among so many customers.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::time::Instant;

use axum::http::Method;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::endpoint::Endpoint;
use super::fill::{self, Filled, one, patch};
use super::measure::{forget_peak, least, median, median_us, resident, scattered};
use super::{Fallible, Figures};

/// Calls of a kind in a round.
const CALLS: usize = 1_000;
/// Of all rounds the quietest counts, for what else the machine does only adds.
const ROUNDS: usize = 12;

/// Fills an endpoint and measures it.
pub(crate) fn measure(count: usize) -> Fallible<Figures> {
    let mut endpoint = Endpoint::new("empty")?;
    let mut figures = Figures::new();
    let before = resident()?.0;
    let started = Instant::now();
    let filled = fill::all(&mut endpoint, count)?;
    figures.insert("fill_s".to_owned(), started.elapsed().as_secs_f64());
    // The ids are the benchmark's own: 36 letters, a String and what the allocator adds.
    let own = (filled.users.len() + filled.groups.len()) * 72;
    let after = resident()?.0;
    let own = f64::from(u32::try_from(own)?);
    let total = after - before - own;
    let customers = f64::from(u32::try_from(count)?);
    figures.insert("customers".to_owned(), customers);
    figures.insert("organizations".to_owned(), f64::from(u32::try_from(filled.groups.len())?));
    figures.insert("bytes".to_owned(), total);
    figures.insert("resident".to_owned(), after - own);
    let rounds =
        (0..ROUNDS).map(|round| costs(&mut endpoint, &filled, round)).collect::<Fallible<Vec<_>>>()?;
    for name in ["get_us", "lookup_us", "first_page_us", "last_page_us", "remove_us", "add_us"] {
        figures.insert(name.to_owned(), least(rounds.iter().filter_map(|round| round.get(name).copied())));
    }
    let folder = tempfile::tempdir()?;
    forget_peak()?;
    let before = resident()?.0;
    let started = Instant::now();
    let mut out = BufWriter::new(File::create(folder.path().join("state.json"))?);
    endpoint.reference.write_state(&mut out)?;
    out.flush()?;
    figures.insert("state_s".to_owned(), started.elapsed().as_secs_f64());
    figures.insert("state_extra".to_owned(), (resident()?.1 - before).max(0.0));
    Ok(figures)
}

/// The medians of one round, which is about other customers than the rounds before.
fn costs(endpoint: &mut Endpoint, filled: &Filled, round: usize) -> Fallible<Figures> {
    let users = &filled.users;
    let count = users.len();
    let fresh = |number: usize, below: usize| scattered(round * CALLS + number, below);
    let any = |number: usize| users.get(fresh(number, count)).map_or("", String::as_str);
    let mut figures = Figures::new();
    let get = median_us(CALLS, |number| endpoint.get(&format!("/Users/{}", any(number))).map(|_| ()))?;
    figures.insert("get_us".to_owned(), get);
    let lookup = median_us(CALLS, |number| {
        let name = fill::user_name(fresh(number, count));
        let filter = format!("userName eq \"{name}\"");
        let path = format!("/Users?filter={}", utf8_percent_encode(&filter, NON_ALPHANUMERIC));
        endpoint.get(&path).map(|_| ())
    })?;
    figures.insert("lookup_us".to_owned(), lookup);
    for (name, start) in [("first_page_us", 1), ("last_page_us", count - 99)] {
        let page = median_us(CALLS / 10, |_| {
            endpoint.get(&format!("/Users?startIndex={start}&count=100")).map(|_| ())
        })?;
        figures.insert(name.to_owned(), page);
    }
    let largest = format!("/Groups/{}", filled.groups.first().ok_or("no organization")?);
    let members = count.min(fill::LARGEST);
    // Removed and added again by turns: the organization stays as large as it is.
    let (mut removing, mut adding) = (Vec::new(), Vec::new());
    for number in 0..CALLS {
        let member = one(users.get(fresh(number, members)).map_or("", String::as_str));
        for (op, took) in [("remove", &mut removing), ("add", &mut adding)] {
            let body = patch(op, &member);
            let started = Instant::now();
            endpoint.send(&Method::PATCH, &largest, body, 204)?;
            took.push(started.elapsed().as_secs_f64() * 1e6);
        }
    }
    figures.insert("remove_us".to_owned(), median(removing));
    figures.insert("add_us".to_owned(), median(adding));
    Ok(figures)
}
