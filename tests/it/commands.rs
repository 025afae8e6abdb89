//! Commands in the documents: every verb and every option of `posbridge` and `possim` that a reader is
//! told to type is one that `--help` knows. Nothing is run but that.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use pos_tests::binaries;

use crate::links::{documents, root};

/// The programs of the documents.
const PROGRAMS: [&str; 2] = ["posbridge", "possim"];
/// Options that a build for tests alone has; DEVELOPING.md and SIMULATOR.md say so.
const OF_TESTS: [&str; 2] = ["--clock", "--sabotage"];

/// What stands in blocks of code, a line each, without its remark, and what stands in backticks.
fn commands(text: &str) -> Vec<String> {
    let (mut found, mut prose, mut code) = (Vec::new(), String::new(), false);
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            code = !code;
        } else if code {
            found.push(line.split('#').next().unwrap_or_default().to_owned());
        } else {
            prose.push_str(line);
            prose.push(' ');
        }
    }
    found.extend(prose.split('`').skip(1).step_by(2).map(str::to_owned));
    // One line may hold several.
    found.iter().flat_map(|line| line.split(['|', ';', '&', '>'])).map(str::to_owned).collect()
}

/// What `PROGRAM VERB... --help` says; `None` where there is no such verb.
#[derive(Default)]
struct Help(BTreeMap<Vec<String>, Option<String>>);

impl Help {
    fn of(&mut self, words: &[&str]) -> Option<&str> {
        let key = words.iter().map(|&word| word.to_owned()).collect();
        let said = self.0.entry(key).or_insert_with(|| {
            let output = Command::new(binaries::path(words[0]))
                .args(&words[1..])
                .arg("--help")
                .output()
                .expect("it runs");
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            output.status.success().then_some(said)
        });
        said.as_deref()
    }

    /// Whether `verb` is one of those below `words`.
    fn has(&mut self, words: &[&str], verb: &str) -> bool {
        let listed = self.of(words).and_then(|said| said.split("Commands:").nth(1));
        let mut lines =
            listed.unwrap_or_default().lines().skip(1).take_while(|line| !line.is_empty());
        lines.any(|line| line.split_whitespace().next() == Some(verb))
    }
}

/// What is wrong with one command.
fn wrong(help: &mut Help, command: &str) -> Option<String> {
    let words: Vec<&str> = command.split_whitespace().collect();
    let at = words.iter().position(|word| PROGRAMS.contains(word))?;
    // `systemctl reload posbridge` names the unit, `cargo run --bin posbridge -- verb` the program.
    if words[..at].iter().any(|word| ["systemctl", "journalctl", "-p", "--user"].contains(word)) {
        return None;
    }
    let rest: Vec<&str> = words[at + 1..].iter().copied().filter(|word| *word != "--").collect();
    let is_word = |word: &&&str| word.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    let verb = rest.first().filter(is_word).filter(|word| !word.starts_with('-'))?;
    let mut path = vec![words[at]];
    if !help.has(&path, verb) {
        return Some(format!("no verb {verb}"));
    }
    path.push(verb);
    if let Some(below) = rest.get(1).filter(|word| help.has(&path, word)) {
        path.push(below);
    }
    let said = help.of(&path).unwrap_or_default().to_owned();
    let known: Vec<&str> = said.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').collect();
    let mut options = rest.iter().filter(|word| word.starts_with("--") && !OF_TESTS.contains(word));
    let unknown = options.find(|option| {
        let name = option.split('=').next().unwrap_or_default();
        !known.contains(&name.trim_end_matches([',', '.']))
    })?;
    Some(format!("{} has no {unknown}", path.join(" ")))
}

#[test]
fn every_command_in_the_documents_is_one_that_help_knows() {
    let (mut help, mut found, mut count) = (Help::default(), Vec::new(), 0);
    for path in documents() {
        let text = std::fs::read_to_string(&path).expect("a document");
        for command in commands(&text) {
            count += usize::from(PROGRAMS.iter().any(|name| command.contains(name)));
            let name = path.strip_prefix(root()).unwrap_or(Path::new("?")).display();
            found.extend(wrong(&mut help, &command).map(|why| format!("{name}: {command}: {why}")));
        }
    }
    assert!(found.is_empty(), "{found:#?}");
    assert!(count > 100, "{count} were looked at");
}

#[test]
fn a_verb_or_an_option_that_is_not_there_is_found() {
    let mut help = Help::default();
    for (command, why) in [
        ("sudo posbridge telephone", "no verb telephone"),
        ("posbridge robot set owner --ring", "posbridge robot set has no --ring"),
        ("cargo run -q --bin possim -- list --colour", "possim list has no --colour"),
    ] {
        assert_eq!(wrong(&mut help, command).as_deref(), Some(why));
    }
    for command in ["systemctl reload posbridge", "posbridge robot set owner --url -", "posbridge"]
    {
        assert_eq!(wrong(&mut help, command), None, "{command}");
    }
}
