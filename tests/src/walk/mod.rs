//! The half hour at the counter, walked by somebody who has only the README: in a machine that was
//! started for it (`bridge/deploy/package-test`), beside a till whose speed and encoding nobody told.
//!
//! The machine is not made here: only what stands outside it, the till, the cable and the group.

mod tidy;
mod visitor;

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::person::Person;
use crate::shopfront::Shopfront;
use crate::wait::{check, until};
use crate::world::{KEYWORD, SECRET, TOKEN};
use visitor::Visitor;

/// Where the adapter is in the machine.
pub const PORT: &str = "/dev/ttyUSB0";
/// The page, whose network is this machine's.
const PAGE: &str = "http://127.0.0.1:8787";
/// What opens it.
const PAGE_PASSWORD: &str = "tea and four bicycles";
/// Longest wait for a service, a receipt or a message: the machine is a container of a busy one.
const PATIENCE: Duration = Duration::from_mins(1);

/// Somebody in that machine, and what was to be seen.
#[derive(Debug)]
pub struct Walk {
    shop: Shopfront,
    /// The first process of the machine.
    leader: u32,
    seen: String,
    told: usize,
}

impl Walk {
    /// Goes to the machine whose first process is `leader`.
    pub fn into_machine(shop: Shopfront, leader: u32) -> Self {
        Self { shop, leader, seen: String::new(), told: 0 }
    }

    /// All of it, as README and INSTALL have it; what was to be seen, without what differs from day to
    /// day.
    ///
    /// # Panics
    /// Where a step does not end as the documents say.
    pub fn walk(mut self, package: &Path) -> String {
        self.types(&format!("sudo apt install {}", package.display()));
        self.sets_up();
        self.types("sudo posbridge check");
        self.types("sudo systemctl start posbridge-wire posbridge");
        let status = "sudo posbridge status";
        until(PATIENCE, "a bridge that is ready", || {
            check(self.run(status), |(good, said)| *good && said.contains("ready"))
        });
        self.types(status);
        self.rings_up();
        let test = self.reads("a receipt marked as a test");
        assert!(test.contains("TEST"), "{test}");
        self.types("sudo posbridge go-live");
        self.reads("word that it is live");
        self.rings_up();
        let sale = self.reads("a receipt that counts");
        assert!(!sale.contains("TEST"), "{sale}");
        self.looks_at_the_page();
        tidy::tidy(&self.seen, &self.shop.mock.address().to_string())
    }

    /// `posbridge init`, with nothing known about the till.
    fn sets_up(&mut self) {
        self.shows("$ sudo posbridge init");
        let mut person = Person::sits_at(self.command("posbridge init"));
        let webhook = self.shop.webhook();
        person.answers("Language", "en");
        person.answers("How does the till reach its printer?", "1");
        person.answers("Which serial port", PORT);
        let paper = self.shop.sell().0;
        let printing = self.shop.cable.prints(paper);
        person.answers("Listen to the line now?", "");
        person.answers_within(PATIENCE, "Speed of the line [19200 8N1]", "");
        drop(printing);
        for (question, answer) in [
            ("Language of the printer [escpos]", ""),
            ("Encoding of its text [big5]", ""),
            ("Name of this till", ""),
            ("Name of the shop", "Lucky Star"),
            ("Time zone", ""),
            ("Currency", ""),
            ("Language of the messages", "en"),
            ("Opening hours", ""),
            ("Webhook", webhook.as_str()),
            ("Signing secret", SECRET),
            ("Keyword", KEYWORD),
            ("Send a test message", ""),
            ("Roughly how many sales a day?", ""),
            ("What should the group be told?", ""),
            ("How are ordinary sales told?", "each"),
            ("Who may look at the page", "network"),
            ("Password of the page", PAGE_PASSWORD),
            ("Once more", PAGE_PASSWORD),
            ("Where is the journal kept?", ""),
            ("Write it?", ""),
        ] {
            person.answers_within(PATIENCE, question, answer);
        }
        let ended = person.until_ended();
        let seen = person.seen();
        assert!(ended.success(), "{seen}");
        for secret in [TOKEN, SECRET, PAGE_PASSWORD] {
            assert!(!seen.contains(secret), "a secret is shown");
        }
        self.shows(seen.trim_end());
        let hello = self.reads("the test message");
        assert!(hello.contains("Hello POS!"), "{hello}");
        // What the till printed while nobody listened any more.
        self.shop.cable.forget();
    }

    /// A phone at the counter: logs in, sees that all is well, and changes a setting, which the service
    /// may write.
    fn looks_at_the_page(&mut self) {
        let runtime = self.shop.runtime.handle().clone();
        let mut visitor = Visitor::of(PAGE);
        let shop = [("language", "en"), ("hours", "10:30-22:00")];
        let seen = runtime.block_on(async {
            let (refused, _) = visitor.opens("/").await?;
            visitor.opens("/login").await?;
            let (entered, _) = visitor.sends("/login", &[("password", PAGE_PASSWORD)]).await?;
            let (shown, today) = visitor.opens("/").await?;
            visitor.opens("/settings").await?;
            let (saved, _) = visitor.sends("/settings/shop", &shop).await?;
            let (_, settings) = visitor.opens("/settings").await?;
            reqwest::Result::Ok(([refused, entered, shown, saved], today, settings))
        });
        let (statuses, today, settings) = seen.expect("a page that answers");
        assert_eq!(statuses.map(|status| status.as_u16()), [303, 303, 200, 303], "{settings}");
        assert!(today.contains("Everything works"), "{today}");
        assert!(settings.contains("10:30-22:00"), "{settings}");
        self.types("sudo grep ^hours /etc/posbridge/posbridge.toml");
        self.types("sudo stat -c '%A %U %n' /etc/posbridge/*");
    }

    /// A customer pays.
    fn rings_up(&mut self) {
        let paper = self.shop.sell().0;
        self.shop.cable.send(&paper);
    }

    /// Waits for the group's next message.
    fn reads(&mut self, what: &str) -> String {
        let next = self.told;
        let message = until(PATIENCE, what, || {
            let said = self.shop.group();
            said.get(next).cloned().ok_or_else(|| format!("{} messages", said.len()))
        });
        self.told += 1;
        self.shows(&format!("(in the group)\n{}", message.trim_end()));
        message
    }

    /// Types a line, and keeps what it says.
    fn types(&mut self, line: &str) {
        let (good, said) = self.run(line);
        assert!(good, "$ {line}\n{said}");
        self.shows(&format!("$ {line}\n{}", said.trim_end()));
    }

    /// What it asks (apt does) is answered with yes.
    fn run(&self, line: &str) -> (bool, String) {
        let done = self.command(&format!("yes | {} 2>&1", line.replace("sudo ", ""))).output();
        let done = done.expect("nsenter runs");
        (done.status.success(), String::from_utf8_lossy(&done.stdout).into_owned())
    }

    /// `line` for the machine's shell. Its user is root: a container has no sudo.
    fn command(&self, line: &str) -> Command {
        let mut command = Command::new("nsenter");
        command.args(["-t", &self.leader.to_string(), "-a", "--", "env", "-i"]);
        command.args(["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "HOME=/root"]);
        command.args([
            "DEBIAN_FRONTEND=noninteractive",
            "sh",
            "-c",
            &format!("cd /root && {line}"),
        ]);
        command
    }

    fn shows(&mut self, text: &str) {
        self.seen.push_str(text);
        self.seen.push_str("\n\n");
    }
}
