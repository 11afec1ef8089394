//! The policies that payers are played under.

use std::path::Path;
use std::sync::Arc;

use anyhow::bail;
use regua_engine::rehearse::Rehearsal;
use regua_runtime::Runtime;

use super::Args;
use crate::client::Client;
use crate::command::test::setup::{self, Place, document};
use crate::exit::Usage;
use crate::out::{note, say};
use crate::session;

/// The live policy, and the challenger where there is one.
pub(super) struct Policies {
    pub champion: Arc<Rehearsal>,
    pub challenger: Option<Arc<Rehearsal>>,
}

/// The policies, of a setup or of the tenant. None where one has faults, which were listed.
pub(super) async fn of(client: &Client, args: &Args) -> anyhow::Result<Option<Policies>> {
    let challenger = args.challenger.as_deref();
    if let Some(setup) = &args.setup {
        let runtime = session::runtime(client.settings())?;
        return of_setup(&runtime, setup, challenger);
    }
    if client.settings().server.value.is_some() {
        let text = "a service simulates for nobody: name the policy by --setup, or the store";
        return Err(Usage(text.to_owned()).into());
    }
    of_tenant(client, challenger).await
}

fn of_setup(
    runtime: &Runtime,
    setup: &Path,
    challenger: Option<&Path>,
) -> anyhow::Result<Option<Policies>> {
    let place = Place::File(setup.to_owned());
    let Some(champion) = setup::open(runtime, &place, None)? else {
        return Ok(None);
    };
    let challenger = match challenger {
        Some(draft) => match setup::open(runtime, &place, Some(draft))? {
            Some(challenger) => Some(Arc::new(challenger)),
            None => return Ok(None),
        },
        None => None,
    };
    Ok(Some(Policies {
        champion: Arc::new(champion),
        challenger,
    }))
}

async fn of_tenant(client: &Client, challenger: Option<&Path>) -> anyhow::Result<Option<Policies>> {
    let session = client.session().await?;
    let (tenancy, open) = session.open_tenant().await?;
    let engine = session.engine()?;
    let champion = Arc::new(engine.rehearsal(&open, None).await?);
    if !does_anything(&champion) {
        let name = &tenancy.row.name;
        if challenger.is_none() {
            bail!(
                "nothing would be done: no workflow that new cases of tenant `{name}` get is \
                 active; publish and activate one, or name a policy by --setup"
            );
        }
        note!("the champion does nothing: no workflow that new cases of `{name}` get is active");
    }
    let Some(file) = challenger else {
        return Ok(Some(Policies {
            champion,
            challenger: None,
        }));
    };
    // As it is written, so that faults are told by its own lines.
    let (text, form) = document(file)?;
    match engine.rehearsal(&open, Some((&text, form))).await {
        Ok(challenger) => Ok(Some(Policies {
            champion,
            challenger: Some(Arc::new(challenger)),
        })),
        Err(regua_engine::PublishError::Problems(faults)) => {
            for fault in faults {
                say!("{}: {fault}", file.display());
            }
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// Whether any new case would get a workflow.
fn does_anything(of: &Rehearsal) -> bool {
    let mut assigned = of.tenant.policy.workflows();
    assigned.any(|(_, name)| of.tenant.active.contains_key(name))
}
