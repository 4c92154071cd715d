//! The thresholds of quarantine, reached by a whole cycle whose every request somebody in between answers.

use std::rc::Rc;

use crate::context::Clock;
use crate::directory::{Directory, Event, Person};
use crate::idp::kit::people::ada;
use crate::idp::{Client, ClientName, Random, Session, Settings};
use crate::wire::{Auth, HttpClient, Instead, Limits, Loss, Lost, Method, Target, Wire};

const NOBODY: &str = r#"{"totalResults":0,"Resources":[]}"#;

fn answer(wire: &Wire, method: Method, status: u16, body: &str) {
    let instead = Instead { status: Some(status), headers: Vec::new(), body: Some(body.to_owned()) };
    let collection = "/Users".to_owned();
    wire.lose(Loss { lost: Lost::Request, method, collection, instead: Some(instead) });
}

/// What the administrator is told of quarantine when so many creations fail and so many do not.
fn told(failures: usize, successes: usize) -> Vec<String> {
    let limits = Limits::default();
    // Nobody listens there, and nothing is sent.
    let target = Target::new("http://127.0.0.1:1", Auth::Open);
    let wire = Wire::new(Rc::new(HttpClient::new(limits)), target, limits, Clock::system(), None);
    let person = |number| Person { key: format!("p{number}"), user_name: format!("p{number}"), ..ada() };
    let people: Vec<Person> = (0..failures + successes).map(person).collect();
    let events: Vec<Event> = people.iter().map(|person| Event::Assign(person.key.clone())).collect();
    for number in 0..people.len() {
        answer(&wire, Method::Get, 200, NOBODY);
        if number < failures {
            answer(&wire, Method::Post, 500, "");
        } else {
            answer(&wire, Method::Post, 201, &format!(r#"{{"id":"{number}"}}"#));
        }
    }
    let directory = Directory { people, groups: Vec::new() };
    let random = Random::seeded("thresholds");
    let session = Session { directory: &directory, wire: &wire, random: &random };
    let mut client = Client::new(ClientName::Entra, Settings::default());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(client.perform(&events, &session)).unwrap();
    assert_eq!(wire.not_lost(), 0);
    let messages = client.take_notices().into_iter().map(|notice| notice.message);
    messages.filter(|message| message.contains("quarantine")).collect()
}

#[test]
fn five_thousand_failures_among_too_few_successes_stop_the_job_and_one_less_does_not() {
    let stopped =
        "The provisioning job is in quarantine (EncounteredEscrowProportionThreshold) and tries again in 6 h";
    assert_eq!(told(5_000, 10), [stopped]);
    assert_eq!(told(4_999, 10), [""; 0]);
}
