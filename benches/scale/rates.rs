//! Requests per second over HTTP, beside bare handlers in the same run.

use std::fmt::Write as _;
use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::bare::{self, Answers};
use super::endpoint::{Endpoint, HOST};
use super::fill::{self, one, patch};
use super::load::Server;
use super::measure::{least, median, scattered};
use super::{Fallible, Figures};

const ROUNDS: usize = 9;
const TIME: Duration = Duration::from_millis(300);
/// Customers that are in no organization; those of the large one come after them.
const LONELY: usize = 10_000;

/// One kind of request to a server.
struct Job<'a> {
    server: &'a Server,
    expect: u16,
    request: Box<dyn Fn(usize) -> Vec<u8> + 'a>,
}

fn on<'a>(server: &'a Server, expect: u16, request: impl Fn(usize) -> Vec<u8> + 'a) -> Job<'a> {
    Job { server, expect, request: Box::new(request) }
}

/// Measures all pairs.
pub(crate) fn measure() -> Fallible<Figures> {
    let mut endpoint = Endpoint::new("resource")?;
    let users = fill::users(&mut endpoint, LONELY + fill::LARGEST)?;
    let lonely = users.get(..LONELY).ok_or("too few customers")?;
    let popular = users.get(LONELY..).ok_or("too few customers")?;
    let some: Vec<&String> = popular.iter().take(10).collect();
    for number in 1..fill::EACH {
        fill::group(&mut endpoint, &format!("Organization {number}"), &some)?;
    }
    let few = fill::group(&mut endpoint, "Ten", &some)?;
    let lone = lonely.first().ok_or("no customer")?;
    let patched: &dyn Fn(usize) -> Vec<u8> = &|number| {
        let schema = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
        format!(
            r#"{{"schemas":["{schema}"],"Operations":[{{"op":"replace","path":"title","value":"Countess {number}"}},{{"op":"replace","path":"name.givenName","value":"Ada {number}"}}]}}"#
        )
        .into_bytes()
    };
    let filter = |number: usize| {
        let filter = format!("userName eq \"{}\"", fill::user_name(number));
        format!("/Users?filter={}", utf8_percent_encode(&filter, NON_ALPHANUMERIC))
    };
    let any = |number: usize| scattered(number, LONELY);
    let id = |number: usize| lonely.get(any(number)).map_or("", String::as_str);
    let user = endpoint.get(&format!("/Users/{lone}"))?;
    let answers = Answers { list: endpoint.get(&filter(0))?, user };
    let crowded = popular.first().ok_or("no customer")?;
    let in_many = Answers { user: endpoint.get(&format!("/Users/{crowded}"))?, ..answers.clone() };
    let all: Vec<&String> = popular.iter().collect();
    let many = fill::group(&mut endpoint, "Largest", &all)?;

    let ours = Server::reference(endpoint.reference.clone())?;
    let bare_few = Server::bare(bare::router(answers))?;
    let bare_many = Server::bare(bare::router(in_many))?;
    let access = &endpoint.access;
    let send = |method: &str, path: &str, body: &[u8]| -> Vec<u8> {
        let mut request = format!(
            "{method} {}{path} HTTP/1.1\r\nhost: {HOST}\r\nauthorization: Bearer {}\r\naccept: application/scim+json\r\n",
            access.scim_path, access.token
        );
        if !body.is_empty() {
            let _ =
                write!(request, "content-type: application/scim+json\r\ncontent-length: {}\r\n", body.len());
        }
        request.push_str("\r\n");
        let mut request = request.into_bytes();
        request.extend(body);
        request
    };
    let send = &send;
    let mut figures = Figures::new();
    let mut pair = |name: &str, ours: Job<'_>, other: Job<'_>| -> Fallible<()> {
        let (mut rates, mut costs, mut pairs) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..=ROUNDS {
            let (rate, cost) = ours.server.rate(TIME, ours.expect, &*ours.request)?;
            let (other_rate, other_cost) = other.server.rate(TIME, other.expect, &*other.request)?;
            // The first round warms up.
            if round > 0 {
                rates.push(rate / other_rate);
                costs.push(other_cost / cost);
                pairs.push((rate, cost, other_cost));
            }
        }
        let least = least(rates.iter().copied());
        let most = rates.iter().copied().fold(0.0, f64::max);
        let told = [
            ("ratio", median(rates)),
            ("least", least),
            ("most", most),
            ("cpu_ratio", median(costs)),
            ("rate", median(pairs.iter().map(|pair| pair.0).collect())),
            ("cpu_us", median(pairs.iter().map(|pair| pair.1).collect())),
            ("bare_us", median(pairs.iter().map(|pair| pair.2).collect())),
        ];
        figures.extend(told.map(|(figure, value)| (format!("{name} {figure}"), value)));
        Ok(())
    };
    // What is created must be new each time.
    let created = std::cell::Cell::new(users.len());

    let get = move |number: usize| send("GET", &format!("/Users/{}", id(number)), b"");
    pair("GET by id", on(&ours, 200, get), on(&bare_few, 200, get))?;
    let lookup = move |number: usize| send("GET", &filter(any(number)), b"");
    pair("lookup by userName", on(&ours, 200, lookup), on(&bare_few, 200, lookup))?;
    let get = move |_| send("GET", &format!("/Users/{crowded}"), b"");
    pair("GET by id, in twenty organizations", on(&ours, 200, get), on(&bare_many, 200, get))?;
    let post = |_| {
        created.set(created.get() + 1);
        send("POST", "/Users", fill::user(created.get(), "Countess").as_bytes())
    };
    pair("POST", on(&ours, 201, post), on(&bare_few, 201, post))?;
    let put = move |number: usize| {
        let body = fill::user(any(number), &format!("Countess {number}"));
        send("PUT", &format!("/Users/{}", id(number)), body.as_bytes())
    };
    pair("PUT", on(&ours, 200, put), on(&bare_few, 200, put))?;
    let change = move |number: usize| send("PATCH", &format!("/Users/{}", id(number)), &patched(number));
    pair("PATCH", on(&ours, 200, change), on(&bare_few, 200, change))?;
    let echo = move |number: usize| send("PATCH", &format!("/Echo/{}", id(number)), &patched(number));
    pair("PATCH, of the echo", on(&ours, 200, change), on(&bare_few, 200, echo))?;
    // One member in or out, by turns; without members in the answer, as providers ask for it.
    let member = |group: &str, members: &[String], number: usize| {
        let op = if (number / 8).is_multiple_of(2) { "remove" } else { "add" };
        let id = members.get(number % 8).map_or("", String::as_str);
        send("PATCH", &format!("/Groups/{group}?excludedAttributes=members"), &patch(op, &one(id)))
    };
    let large = |number| member(&many, popular, number);
    let small = |number| member(&few, popular, number);
    pair("PATCH of one member", on(&ours, 200, large), on(&ours, 200, small))?;
    Ok(figures)
}
