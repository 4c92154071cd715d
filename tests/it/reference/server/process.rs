//! `scimsnap serve` as a process: its descriptors and its memory.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::program;

const PATIENCE: Duration = Duration::from_mins(1);

/// A running `serve`, killed when it is dropped.
struct Served {
    process: Child,
    address: String,
    path: String,
    token: String,
}

impl Served {
    /// In a shell that has set its limits with `before`.
    fn after(before: &str, flags: &[&str]) -> Self {
        let mut process = Command::new("sh")
            .args(["-c", &format!("{before}; exec \"$0\" serve --listen 127.0.0.1:0 --ready-json \"$@\"")])
            .arg(program())
            .args(flags)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        let scim = ready["scim"].as_str().unwrap().strip_prefix("http://").unwrap();
        let (address, path) = scim.split_once('/').unwrap();
        Self {
            process,
            address: address.to_owned(),
            path: format!("/{path}"),
            token: ready["token"].as_str().unwrap().to_owned(),
        }
    }

    fn connect(&self, text: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        // The endpoint may close it while it is written to.
        let _ = stream.write_all(text);
        stream
    }

    fn head(&self, method: &str, host: &str) -> String {
        format!(
            "{method} {}/Users HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n",
            self.path, self.token
        )
    }

    /// The status of a read in the name of that host.
    fn status(&self, host: &str) -> u16 {
        let mut text = String::new();
        let head = self.head("GET", host);
        let _ = self.connect(format!("{head}Connection: close\r\n\r\n").as_bytes()).read_to_string(&mut text);
        text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default()
    }

    /// Waits until a new client is answered.
    fn is_served(&self) {
        let begun = Instant::now();
        while self.status("localhost") != 200 {
            assert!(begun.elapsed() < PATIENCE, "a new client is answered");
            std::thread::yield_now();
        }
    }

    /// A number of `/proc/PID/status`, in KiB.
    fn memory(&self, name: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn it_runs_on_when_descriptors_are_out() {
    for descriptors in [12, 16, 20, 64] {
        let served = Served::after(&format!("ulimit -n {descriptors}"), &[]);
        let crowd: Vec<TcpStream> = (0..150).map(|_| served.connect(b"GET / HTTP/1.1\r\n")).collect();
        served.is_served();
        drop(crowd);
        served.is_served();
    }
}

#[test]
fn waiting_for_descriptors_does_not_cost_the_processor() {
    let served = Served::after("ulimit -n 12", &[]);
    let _crowd: Vec<TcpStream> = (0..100).map(|_| served.connect(b"")).collect();
    served.is_served();
    let used = || {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", served.process.id())).unwrap();
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
        fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
    };
    let before = used();
    pause(Duration::from_secs(2));
    // In ticks of 10 ms; a loop that only asks again would use up most of 200.
    assert!(used() - before < 60, "{} ticks", used() - before);
}

#[test]
fn long_bodies_on_many_connections_do_not_add_up() {
    let served = Served::after(":", &[]);
    served.is_served();
    let before = served.memory("VmHWM");
    let many = |value: &str| format!("{{\"a\":[{}0]}}", value.repeat(4_000_000 / value.len()));
    for body in
        [format!("{{\"userName\":\"{}\"}}", "x".repeat(4_000_000)), many("0,"), many("{},"), many("[0],")]
    {
        let head = format!("{}Content-Length: {}\r\n\r\n", served.head("POST", "localhost"), body.len());
        let request = head + &body;
        std::thread::scope(|scope| {
            for _ in 0..40 {
                scope.spawn(|| {
                    let mut stream = served.connect(request.repeat(2).as_bytes());
                    let _ = stream.read(&mut [0; 1024]);
                    drop(stream.shutdown(std::net::Shutdown::Write));
                    let _ = stream.read_to_end(&mut Vec::new());
                });
            }
        });
    }
    served.is_served();
    let grown = served.memory("VmHWM") - before;
    assert!(grown < 120 * 1024, "{grown} KiB");
}

#[test]
fn other_names_need_a_flag() {
    let served = Served::after(":", &["--allow-host", "scimsnap", "--allow-host", "dev.example"]);
    for (host, status) in
        [("localhost:1", 200), ("scimsnap:8080", 200), ("DEV.example", 200), ("x.example", 421), ("<b>", 400)]
    {
        assert_eq!(served.status(host), status, "{host}");
    }
    let output = Command::new(program())
        .args(["serve", "--listen", "127.0.0.1:0", "--allow-host", "scimsnap:8080"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("a name without a port"));
}

#[expect(clippy::disallowed_methods, reason = "this thread runs no runtime; the process beside it goes on")]
fn pause(time: Duration) {
    std::thread::sleep(time);
}
