//! The binary as a process of its own, on a port of its own.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

/// A server that runs.
pub struct Server {
    pub process: Child,
    pub base: String,
}

impl Server {
    /// Starts it over a data folder, with further arguments and variables, and waits until it listens.
    pub fn start(data: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        Self::start_binary(env!("CARGO_BIN_EXE_aizuchi"), data, arguments, variables)
    }

    /// The same of another build.
    pub fn start_binary(binary: &str, data: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut process = Command::new(binary)
            .args(["--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .args(arguments)
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (said, hears) = mpsc::channel();
        let output = process.stdout.take().unwrap();
        // Reads to the end, so that the process never waits for a reader.
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if let Some(at) = line.find("http://") {
                    let base: String = line[at..].chars().take_while(|c| !c.is_whitespace()).collect();
                    let _ = said.send(base.trim_end_matches('/').to_owned());
                }
            }
        });
        let base = hears.recv_timeout(Duration::from_secs(60)).expect("the server says where it listens");
        Self { process, base }
    }

    pub fn signal(&self, name: &str) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &id]).status().unwrap().success());
    }

    pub fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    pub fn stop(mut self) {
        self.signal("TERM");
        assert!(self.process.wait().unwrap().success());
    }
}
