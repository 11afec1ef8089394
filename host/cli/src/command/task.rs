//! `regua task`.

use chrono::NaiveDate;
use clap::Subcommand;
use serde::Deserialize;

use crate::client::{Client, segment};
use crate::exit::Exit;
use crate::out::{note, say};

/// Tasks for people.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Open tasks of open cases, the earliest due first
    List {
        /// Of one team
        #[arg(long)]
        team: Option<String>,
        /// With details and the draft as it would go out
        #[arg(long)]
        long: bool,
    },
}

/// A task as the API tells of it.
#[derive(Deserialize)]
struct Task {
    id: String,
    customer: String,
    title: String,
    details: String,
    due_on: NaiveDate,
    team: String,
    priority: u8,
    draft: Option<Draft>,
    state: String,
}

#[derive(Deserialize)]
struct Draft {
    subject: Option<String>,
    text: String,
}

pub(crate) async fn run(client: &Client, command: Command) -> anyhow::Result<Exit> {
    let Command::List { team, long } = command;
    let of_team = team.map_or_else(String::new, |team| format!("?team={}", segment(&team)));
    let calls = client.tenant().await?;
    let mut tasks: Vec<Task> = calls.all(&format!("/v1/tasks{of_team}")).await?;
    tasks.sort_by(|a, b| {
        let key = |task: &Task| (task.due_on, std::cmp::Reverse(task.priority));
        (key(a), &a.id).cmp(&(key(b), &b.id))
    });
    if tasks.is_empty() {
        note!("no task is open");
    }
    for task in &tasks {
        let approved = if task.state == "open" {
            ""
        } else {
            " (approved)"
        };
        say!(
            "{}\tdue {}\t{}\tcustomer {}\t{}{approved}",
            task.id,
            task.due_on,
            task.team,
            task.customer,
            task.title
        );
        if long {
            task.tell();
        }
    }
    Ok(Exit::Done)
}

impl Task {
    /// What there is to know, and the draft as it would go out.
    fn tell(&self) {
        for line in self.details.lines() {
            say!("    {line}");
        }
        if let Some(draft) = &self.draft {
            say!(
                "    draft: {}",
                draft.subject.as_deref().unwrap_or_default()
            );
            for line in draft.text.lines() {
                say!("    | {line}");
            }
        }
    }
}
