//! `regua task`.

use anyhow::Context as _;
use clap::Subcommand;
use regua_domain::effect::TaskState;
use regua_domain::id::CustomerId;
use regua_storage::CasesQuery;

use crate::exit::Exit;
use crate::out::say;
use crate::session::{Session, Tenancy};

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

pub(crate) async fn run(session: &Session, command: Command) -> anyhow::Result<Exit> {
    let Command::List { team, long } = command;
    let tenancy = session.tenancy().await?;
    let mut tasks = Vec::new();
    for ids in with_open_cases(&tenancy).await?.chunks(256) {
        for dossier in tenancy.dossiers(ids).await? {
            let reference = dossier.customer.reference;
            let open = dossier.tasks.into_iter().filter(|task| {
                matches!(task.state, TaskState::Open | TaskState::Approved { .. })
                    && team.as_ref().is_none_or(|team| *team == task.team)
            });
            tasks.extend(open.map(|task| (reference.clone(), task)));
        }
    }
    tasks.sort_by_key(|(_, task)| (task.due_on, std::cmp::Reverse(task.priority), task.id));
    for (reference, task) in &tasks {
        let approved = if task.state == TaskState::Open {
            ""
        } else {
            " (approved)"
        };
        say!(
            "{}\tdue {}\t{}\tcustomer {reference}\t{}{approved}",
            task.id,
            task.due_on,
            task.team,
            task.title
        );
        if long {
            for line in task.details.lines() {
                say!("    {line}");
            }
            if let Some(preview) = &task.preview {
                let subject = preview.subject.as_deref().unwrap_or_default();
                say!("    draft: {subject}");
                for line in preview.text.lines() {
                    say!("    | {line}");
                }
            }
        }
    }
    Ok(Exit::Done)
}

async fn with_open_cases(tenancy: &Tenancy) -> anyhow::Result<Vec<CustomerId>> {
    const PAGE: u32 = 1_000;
    let mut query = CasesQuery {
        open: true,
        limit: PAGE,
        ..CasesQuery::default()
    };
    let mut ids = Vec::new();
    loop {
        let rows = tenancy
            .store
            .cases(&query)
            .await
            .context("cannot list cases")?;
        let Some(last) = rows.last().map(|row| row.case.id) else {
            break;
        };
        ids.extend(rows.iter().map(|row| row.customer));
        query.after = Some(last);
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}
