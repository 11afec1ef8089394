//! Whom a subcommand asks: the admin API, in this process over the store that the settings name,
//! or of a server.
//!
//! There is one way through for both. In this process no key is needed: whoever may open the
//! store may do all. Of a server the key in `REGUA_KEY` says who asks, and for which tenant.

mod call;
mod refused;
mod server;
mod shape;

use std::sync::Arc;

use anyhow::{Context as _, bail};
use http::Request;
use regua_domain::id::TenantId;
use regua_http::{Api, Local};
use regua_storage::OPERATOR;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::sync::OnceCell;

use crate::exit::Usage;
use crate::serving;
use crate::session::Session;
use crate::settings::Settings;

pub(crate) use call::{Answer, Call, segment};
pub(crate) use refused::Refused;
pub(crate) use server::Server;
pub(crate) use shape::{Amount, local_time};

/// Rows asked for at once.
pub(crate) const PAGE: u32 = 500;

/// What a subcommand works with: this machine's store, or a server; opened when first asked for.
pub(crate) struct Client {
    settings: Settings,
    makes_store: bool,
    session: OnceCell<Session>,
    api: OnceCell<(Arc<Api>, Local)>,
    server: OnceCell<Server>,
}

impl Client {
    /// `makes_store`: whether a store is made where there is none.
    pub(crate) fn new(settings: Settings, makes_store: bool) -> Self {
        Self {
            settings,
            makes_store,
            session: OnceCell::new(),
            api: OnceCell::new(),
            server: OnceCell::new(),
        }
    }

    pub(crate) const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Leaves everything durable.
    pub(crate) async fn close(&self) {
        if let Some(session) = self.session.get() {
            session.close().await;
        }
    }

    /// Whether a server is asked.
    pub(crate) const fn is_remote(&self) -> bool {
        self.settings.server.value.is_some()
    }

    /// This machine's store; a usage error where a server is named.
    pub(crate) async fn session(&self) -> anyhow::Result<&Session> {
        here(&self.settings)?;
        let open = || Box::pin(Session::open(self.settings.clone(), self.makes_store));
        self.session.get_or_try_init(open).await
    }

    /// What is asked as the operator.
    pub(crate) async fn host(&self) -> anyhow::Result<Calls<'_>> {
        if self.is_remote() {
            return self.server().await;
        }
        self.inside(OPERATOR).await
    }

    /// What is asked for a tenant: the one that is set, or the only one there is; of a server,
    /// the one that the key is of.
    pub(crate) async fn tenant(&self) -> anyhow::Result<Calls<'_>> {
        if self.is_remote() {
            if self.settings.tenant.value.is_some() {
                let text = format!(
                    "a server works for the tenant that the key in REGUA_KEY is of: leave the \
                     tenant out ({})",
                    self.settings.tenant.origin
                );
                return Err(Usage(text).into());
            }
            return self.server().await;
        }
        let tenancy = self.session().await?.tenancy().await?;
        self.inside(tenancy.row.id).await
    }

    /// What is asked for the tenant of this name, and what it is.
    pub(crate) async fn named(&self, name: &str) -> anyhow::Result<(Calls<'_>, Tenant)> {
        if self.is_remote() {
            let calls = self.server().await?;
            let tenant: Tenant = calls.get("/v1/tenant").await?;
            if tenant.name != name {
                let text = format!(
                    "the key in REGUA_KEY is of the tenant `{}`, not of `{name}`",
                    tenant.name
                );
                return Err(Usage(text).into());
            }
            return Ok((calls, tenant));
        }
        let tenants = self.host().await?.tenants().await?;
        let found = tenants.into_iter().find(|tenant| tenant.name == name);
        let tenant = found.with_context(|| format!("tenant `{name}` does not exist"))?;
        Ok((self.inside(tenant.id).await?, tenant))
    }

    async fn server(&self) -> anyhow::Result<Calls<'_>> {
        let open = async || Server::new(&self.settings);
        let server = self.server.get_or_try_init(open).await?;
        Ok(Calls(Way::Server(server)))
    }

    async fn inside(&self, tenant: TenantId) -> anyhow::Result<Calls<'_>> {
        let session = self.session().await?;
        let open = async || {
            let settings = regua_http::Settings::shipped();
            let engine = session.engine()?.clone();
            let api = Api::new(engine, serving::chance(), &settings);
            let local = Local::new(regua_http::router(&api));
            anyhow::Ok((api, local))
        };
        let (api, local) = self.api.get_or_try_init(open).await?;
        Ok(Calls(Way::Inside {
            api,
            tenant,
            local: local.inside(tenant),
        }))
    }
}

/// A usage error where a server is named: what is asked for is about this machine.
pub(crate) fn here(settings: &Settings) -> Result<(), Usage> {
    if settings.server.value.is_none() {
        return Ok(());
    }
    let text = "this is about the machine that it is typed on and its store, not about a server";
    let origin = &settings.server.origin;
    let text = format!("{text}: leave the server out ({origin}), or say --server ''");
    Err(Usage(text))
}

/// A tenant as the API tells of it.
#[derive(Debug, Deserialize)]
pub(crate) struct Tenant {
    pub id: TenantId,
    pub name: String,
    /// Where a sandbox's clock stands.
    pub clock: Option<String>,
}

/// Calls of one caller.
pub(crate) struct Calls<'a>(Way<'a>);

enum Way<'a> {
    Inside {
        api: &'a Arc<Api>,
        tenant: TenantId,
        local: Local,
    },
    Server(&'a Server),
}

#[derive(Deserialize)]
struct Page<T> {
    data: Vec<T>,
    #[serde(default)]
    next: Option<String>,
}

impl Calls<'_> {
    /// Makes a call; what is refused is a [`Refused`].
    pub(crate) async fn send(&self, call: Call) -> anyhow::Result<Answer> {
        let answer = match &self.0 {
            Way::Inside { local, .. } => {
                let request: Request<Vec<u8>> = call.request("", None)?;
                Answer::of(local.send(request).await)
            }
            Way::Server(server) => server.send(&call).await?,
        };
        answer.taken()
    }

    /// What there is.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> anyhow::Result<T> {
        self.send(Call::get(path)).await?.json()
    }

    /// Everything of a list, page by page.
    pub(crate) async fn all<T: DeserializeOwned>(&self, path: &str) -> anyhow::Result<Vec<T>> {
        let (all, _) = self.some(path, None, u32::MAX).await?;
        Ok(all)
    }

    /// At most so much of a list, and where it goes on.
    pub(crate) async fn some<T: DeserializeOwned>(
        &self,
        path: &str,
        mut after: Option<String>,
        limit: u32,
    ) -> anyhow::Result<(Vec<T>, Option<String>)> {
        let mark = if path.contains('?') { '&' } else { '?' };
        let mut all = Vec::new();
        loop {
            let rows = (limit - all.len() as u32).min(PAGE);
            let from =
                after.map_or_else(String::new, |after| format!("&after={}", segment(&after)));
            let page: Page<T> = self.get(&format!("{path}{mark}limit={rows}{from}")).await?;
            if page.next.is_some() && page.data.is_empty() {
                bail!("the list {path} does not end: a page of it is empty and is not the last");
            }
            all.extend(page.data);
            after = page.next;
            if after.is_none() || all.len() as u32 >= limit {
                return Ok((all, after));
            }
        }
    }

    /// All tenants of the host.
    pub(crate) async fn tenants(&self) -> anyhow::Result<Vec<Tenant>> {
        let page: Page<Tenant> = self.get("/v1/tenants").await?;
        Ok(page.data)
    }

    /// Works on what waits for a server to work on it, where there is none; answers whether
    /// there was something.
    pub(crate) async fn work_off(&self) -> anyhow::Result<bool> {
        match &self.0 {
            Way::Inside { api, tenant, .. } => Ok(regua_http::keep(&api.engine, *tenant).await?),
            Way::Server(_) => Ok(false),
        }
    }
}
