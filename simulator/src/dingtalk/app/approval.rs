//! The way of an approval through its nodes, as a state machine. Pure: what happened comes out as
//! steps, and who tells them is another's business.

use serde::Serialize;

/// People at one place of the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) users: Vec<String>,
    /// Whether all must agree; else the first decides.
    pub(super) all: bool,
}

/// What a person does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::dingtalk) enum Verdict {
    Agree,
    Refuse,
    /// Sends it back to who began it; the same node decides again.
    Return,
    /// Who began it takes it back.
    Terminate,
}

/// Where an approval stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
enum State {
    Running,
    #[serde(rename = "COMPLETED")]
    Agreed,
    #[serde(rename = "COMPLETED")]
    Refused,
    Terminated,
}

/// One person's part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Task {
    #[serde(rename = "taskId")]
    id: u64,
    user_id: String,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<&'static str>,
}

/// Something that happened, in the order in which it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Started,
    TaskStarted { task: u64, user: String },
    TaskEnded { task: u64, user: String, result: &'static str },
    TaskCancelled { task: u64, user: String },
    Finished(&'static str),
    Terminated,
}

/// An approval on its way.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Approval {
    #[serde(skip)]
    nodes: Vec<Node>,
    #[serde(skip)]
    at: usize,
    status: State,
    tasks: Vec<Task>,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            Self::Running => "RUNNING",
            Self::Agreed | Self::Refused => "COMPLETED",
            Self::Terminated => "TERMINATED",
        }
    }
}

/// Why a verdict is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotTaken {
    Over,
    NotTheirs,
}

impl Approval {
    /// Begins at the first node; without nodes there is nothing to decide.
    pub(super) fn begin(nodes: Vec<Node>) -> (Self, Vec<Step>) {
        let mut approval = Self { nodes, at: 0, status: State::Running, tasks: Vec::new() };
        let mut steps = vec![Step::Started];
        approval.enter(&mut steps);
        (approval, steps)
    }

    pub(super) fn status(&self) -> &'static str {
        self.status.word()
    }

    pub(super) fn result(&self) -> Option<&'static str> {
        match self.status {
            State::Agreed => Some("agree"),
            State::Refused => Some("refuse"),
            State::Running | State::Terminated => None,
        }
    }

    pub(super) fn tasks(&self) -> &[Task] {
        &self.tasks
    }

    /// `user`, or whoever's turn it is, decides.
    pub(super) fn decide(
        &mut self,
        user: Option<&str>,
        verdict: Verdict,
    ) -> Result<Vec<Step>, NotTaken> {
        if self.status != State::Running {
            return Err(NotTaken::Over);
        }
        let mut steps = Vec::new();
        if verdict == Verdict::Terminate {
            self.cancel_open(&mut steps);
            self.status = State::Terminated;
            steps.push(Step::Terminated);
            return Ok(steps);
        }
        let open = |task: &&mut Task| {
            task.status == "RUNNING" && user.is_none_or(|user| user == task.user_id)
        };
        let task = self.tasks.iter_mut().find(open).ok_or(NotTaken::NotTheirs)?;
        let result = match verdict {
            Verdict::Agree => "agree",
            Verdict::Refuse => "refuse",
            Verdict::Return | Verdict::Terminate => "redirect",
        };
        (task.status, task.result) = ("COMPLETED", Some(result));
        let (task, user) = (task.id, task.user_id.clone());
        steps.push(Step::TaskEnded { task, user, result });
        match verdict {
            Verdict::Agree => self.agreed(&mut steps),
            Verdict::Refuse => {
                self.cancel_open(&mut steps);
                self.end(State::Refused, "refuse", &mut steps);
            }
            Verdict::Return | Verdict::Terminate => {
                self.cancel_open(&mut steps);
                self.enter(&mut steps);
            }
        }
        Ok(steps)
    }

    fn agreed(&mut self, steps: &mut Vec<Step>) {
        let waits = self.tasks.iter().any(|task| task.status == "RUNNING");
        if waits && self.nodes.get(self.at).is_some_and(|node| node.all) {
            return;
        }
        self.cancel_open(steps);
        self.at += 1;
        self.enter(steps);
    }

    /// Gives the people of the present node their tasks, or ends where there is none.
    fn enter(&mut self, steps: &mut Vec<Step>) {
        let Some(node) = self.nodes.get(self.at) else {
            self.end(State::Agreed, "agree", steps);
            return;
        };
        for user in &node.users {
            let id = self.tasks.len() as u64 + 1;
            let task = Task { id, user_id: user.clone(), status: "RUNNING", result: None };
            self.tasks.push(task);
            steps.push(Step::TaskStarted { task: id, user: user.clone() });
        }
    }

    fn end(&mut self, state: State, result: &'static str, steps: &mut Vec<Step>) {
        self.status = state;
        steps.push(Step::Finished(result));
    }

    fn cancel_open(&mut self, steps: &mut Vec<Step>) {
        for task in self.tasks.iter_mut().filter(|task| task.status == "RUNNING") {
            task.status = "CANCELED";
            steps.push(Step::TaskCancelled { task: task.id, user: task.user_id.clone() });
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{Just, Strategy, any, prop_assert, prop_oneof, proptest};

    use super::{Approval, Node, NotTaken, Step, Verdict};

    fn node(users: &[&str], all: bool) -> Node {
        Node { users: users.iter().map(ToString::to_string).collect(), all }
    }

    fn verdict() -> impl Strategy<Value = Verdict> {
        prop_oneof![
            8 => Just(Verdict::Agree),
            1 => Just(Verdict::Refuse),
            1 => Just(Verdict::Return),
            1 => Just(Verdict::Terminate),
        ]
    }

    proptest! {
        #[test]
        fn an_approval_ends_once_and_every_task_that_began_ends_once(
            sizes in proptest::collection::vec((1_usize..4, any::<bool>()), 0..4),
            verdicts in proptest::collection::vec(verdict(), 0..30),
        ) {
            let nodes = sizes.iter().map(|(n, all)| node(&["a", "b", "c"][..*n], *all));
            let (mut approval, mut steps) = Approval::begin(nodes.collect());
            for verdict in verdicts {
                steps.extend(approval.decide(None, verdict).unwrap_or_default());
            }
            let ends = |step: &&Step| matches!(step, Step::Finished(_) | Step::Terminated);
            let ended = steps.iter().filter(ends).count();
            prop_assert!(ended <= 1 && (ended == 1) == (approval.status() != "RUNNING"));
            prop_assert!(ended == 0 || steps.last().is_some_and(|last| ends(&last)));
            for task in approval.tasks() {
                let of = |step: &&Step| match step {
                    Step::TaskEnded { task: ended, .. } | Step::TaskCancelled { task: ended, .. } => {
                        *ended == task.id
                    }
                    _ => false,
                };
                let over = usize::from(task.status != "RUNNING");
                prop_assert!(steps.iter().filter(of).count() == over);
            }
        }
    }

    #[test]
    fn all_must_agree_at_a_node_of_all_and_the_first_decides_at_the_other() {
        let (mut approval, _) =
            Approval::begin(vec![node(&["a", "b"], true), node(&["c", "d"], false)]);
        assert_eq!(approval.decide(Some("c"), Verdict::Agree), Err(NotTaken::NotTheirs));
        assert_eq!(approval.decide(Some("b"), Verdict::Agree).map(|steps| steps.len()), Ok(1));
        let on = approval.decide(Some("a"), Verdict::Agree).expect("their turn");
        assert_eq!(on.len(), 3, "ended, and two begin");
        let last = approval.decide(Some("d"), Verdict::Agree).expect("their turn");
        assert!(matches!(&last[1], Step::TaskCancelled { user, .. } if user == "c"));
        assert_eq!(last.last(), Some(&Step::Finished("agree")));
        assert_eq!(approval.decide(None, Verdict::Agree), Err(NotTaken::Over));
    }

    #[test]
    fn what_is_sent_back_is_decided_anew_at_the_same_node() {
        let (mut approval, _) = Approval::begin(vec![node(&["a"], true)]);
        let back = approval.decide(None, Verdict::Return).expect("open");
        assert!(matches!(&back[0], Step::TaskEnded { result: "redirect", .. }));
        assert!(matches!(&back[1], Step::TaskStarted { user, .. } if user == "a"));
        assert_eq!(approval.status(), "RUNNING");
        let refused = approval.decide(None, Verdict::Refuse).expect("open");
        assert_eq!(refused.last(), Some(&Step::Finished("refuse")));
    }
}
