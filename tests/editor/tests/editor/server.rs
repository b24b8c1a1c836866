//! A rust-analyzer, spoken to as an editor does.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use std::{env, fs, thread};

use serde_json::{Value, json};
use workflow_editor_tests::{repository, write_package};

/// Nothing is waited for longer.
const LIMIT: Duration = Duration::from_secs(300);

/// A server that has loaded the crate in `user/`.
pub(crate) struct Server {
    process: Child,
    input: ChildStdin,
    messages: Receiver<Value>,
    root: PathBuf,
    requests: u64,
    /// The files that are open, as they are in the editor, and their versions.
    texts: HashMap<String, (String, u64)>,
}

impl Server {
    /// Returns `None` and prints a notice if rust-analyzer is not installed. In CI this is a failure.
    pub(crate) fn start() -> Option<Self> {
        let installed = repository().join("target/rust-analyzer");
        let program = installed.join("usr/bin/rust-analyzer");
        if !program.exists() {
            assert!(env::var_os("CI").is_none(), "rust-analyzer is missing: run .ci/rust-analyzer");
            // A passing test's `eprintln!` is not shown.
            let notice = "\nSKIPPED: rust-analyzer is not installed, so what an editor shows is not tested\n";
            let _ = writeln!(std::io::stderr(), "{notice}");
            return None;
        }
        let root = user_crate();
        let mut process = Command::new(program)
            .env("LD_LIBRARY_PATH", installed.join("usr/lib/x86_64-linux-gnu"))
            .env_remove("RUSTUP_TOOLCHAIN")
            .current_dir(&root)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("rust-analyzer can be started");
        let input = process.stdin.take().expect("it is piped");
        let output = process.stdout.take().expect("it is piped");
        let (sender, messages) = channel();
        thread::spawn(move || {
            let mut output = BufReader::new(output);
            while let Some(message) = read(&mut output) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let texts = HashMap::new();
        let mut server = Self { process, input, messages, root, requests: 0, texts };
        server.initialize(&installed.join("library"));
        Some(server)
    }

    fn initialize(&mut self, library: &Path) {
        let target = self.root.join("target");
        let options = json!({
            "processId": std::process::id(),
            "rootUri": format!("file://{}", self.root.display()),
            "capabilities": {
                "textDocument": {
                    "hover": { "contentFormat": ["plaintext"] },
                    "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
                    "codeAction": {
                        "codeActionLiteralSupport": { "codeActionKind": { "valueSet": [] } },
                        "resolveSupport": { "properties": ["edit"] },
                    },
                },
                "experimental": { "serverStatusNotification": true },
            },
            "initializationOptions": {
                "checkOnSave": false,
                "cachePriming": { "enable": false },
                "cargo": { "sysrootSrc": library, "targetDir": target },
                "numThreads": 2,
            },
        });
        self.ask("initialize", &options);
        self.tell("initialized", &json!({}));
        let quiet = |message: &Value| {
            message["method"] == "experimental/serverStatus"
                && message["params"]["quiescent"] == true
        };
        while !quiet(&self.next()) {}
    }

    /// Opens a file of the crate, or opens it anew as it is on the disk.
    pub(crate) fn open(&mut self, file: &str) {
        let text = fs::read_to_string(self.root.join("src").join(file)).expect("the file is there");
        if self.texts.contains_key(file) {
            return self.change(file, &text);
        }
        let document = json!({
            "uri": self.uri(file), "languageId": "rust", "version": 1, "text": text,
        });
        self.texts.insert(file.to_owned(), (text, 1));
        self.tell("textDocument/didOpen", &json!({ "textDocument": document }));
    }

    /// Opens a file that is only in the editor, in place of one on the disk.
    pub(crate) fn open_as(&mut self, file: &str, text: &str) {
        fs::write(self.root.join("src").join(file), text).expect("it can be written");
        self.open(file);
    }

    /// What the file holds in the editor.
    pub(crate) fn text(&self, file: &str) -> &str {
        &self.texts[file].0
    }

    /// Types a new text.
    pub(crate) fn change(&mut self, file: &str, text: &str) {
        let (old, version) = self.texts.get_mut(file).expect("the file is open");
        *version += 1;
        text.clone_into(old);
        let version = *version;
        let document = json!({ "uri": self.uri(file), "version": version });
        let changes = json!({ "textDocument": document, "contentChanges": [{ "text": text }] });
        self.tell("textDocument/didChange", &changes);
    }

    /// Types `new` in place of the first `old`.
    pub(crate) fn replace(&mut self, file: &str, old: &str, new: &str) {
        assert!(self.text(file).contains(old), "`{file}` does not hold `{old}`");
        let text = self.text(file).replacen(old, new, 1);
        self.change(file, &text);
    }

    /// Asks about the place that `|` marks in `at`, which stands in the file without that mark.
    pub(crate) fn at(&mut self, method: &str, file: &str, at: &str, more: &Value) -> Value {
        let position = self.position(file, at);
        let mut params = json!({
            "textDocument": { "uri": self.uri(file) },
            "position": position,
            "range": { "start": position, "end": position },
        });
        for (name, value) in more.as_object().expect("it is an object") {
            params[name] = value.clone();
        }
        self.ask(method, &params)
    }

    /// Asks about a whole file.
    pub(crate) fn of(&mut self, method: &str, file: &str) -> Value {
        let lines = self.text(file).lines().count();
        let range = json!({
            "start": { "line": 0, "character": 0 },
            "end": { "line": lines, "character": 0 },
        });
        self.ask(method, &json!({ "textDocument": { "uri": self.uri(file) }, "range": range }))
    }

    pub(crate) fn position(&self, file: &str, at: &str) -> Value {
        let mark = at.find('|').expect("a mark");
        let plain = at.replacen('|', "", 1);
        let text = self.text(file);
        let start = text.find(&plain).unwrap_or_else(|| panic!("`{file}` does not hold `{plain}`"));
        let before = &text[..start + mark];
        let line = before.matches('\n').count();
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count();
        json!({ "line": line, "character": column })
    }

    fn uri(&self, file: &str) -> String {
        format!("file://{}/src/{file}", self.root.display())
    }

    /// Sends a request and waits for its answer. It is sent again if the server was not ready.
    pub(crate) fn ask(&mut self, method: &str, params: &Value) -> Value {
        loop {
            self.requests += 1;
            let id = self.requests;
            self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
            let answer = loop {
                let message = self.next();
                if message.get("method").is_none() && message["id"] == id {
                    break message;
                }
            };
            match answer["error"]["code"].as_i64() {
                None => return answer["result"].clone(),
                // The content was modified, or the request was cancelled for that reason.
                Some(-32801 | -32802) => thread::sleep(Duration::from_millis(20)),
                Some(_) => panic!("{method}: {}", answer["error"]),
            }
        }
    }

    fn tell(&mut self, method: &str, params: &Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len())
            .and_then(|()| self.input.flush())
            .expect("rust-analyzer reads");
    }

    /// The next message. What the server asks is answered with nothing.
    fn next(&mut self) -> Value {
        let message = self.messages.recv_timeout(LIMIT).expect("rust-analyzer answers");
        if message.get("method").is_some() && message.get("id").is_some() {
            let asked = message["params"]["items"].as_array().map(Vec::len);
            let nothing = asked.map_or(Value::Null, |asked| json!(vec![Value::Null; asked]));
            self.send(&json!({ "jsonrpc": "2.0", "id": message["id"], "result": nothing }));
        }
        message
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn read(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line == "\r\n" {
            break;
        }
        if let Some(number) = line.strip_prefix("Content-Length:") {
            length = number.trim().parse().ok()?;
        }
    }
    let mut content = vec![0; length];
    output.read_exact(&mut content).ok()?;
    serde_json::from_slice(&content).ok()
}

/// Writes the crate to a folder of its own.
fn user_crate() -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("user");
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("user/src");
    let sources = fs::read_dir(sources).expect("the sources are there");
    let sources = sources.map(|file| file.expect("it can be read").path());
    write_package(&root, "src", sources);
    root
}
