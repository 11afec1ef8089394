//! Dossiers, read whole for many customers at once, as of one moment.

use std::collections::{HashMap, HashSet};

use regua_domain::dossier::Dossier;
use regua_domain::id::{CustomerId, TenantId};
use regua_domain::ledger::Item;
use regua_domain::time::Timestamp;
use regua_storage::{StoreError, Wanted};
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::error::backend;
use crate::list::{List, fetch, names};
use crate::{case, cover, customer, effect, fact, item, ledger, payment, task};

const LOAD: &str = "load dossiers";

/// How far back a dossier reaches.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Since {
    pub ended: Timestamp,
    pub contacts: Timestamp,
}

/// Dossiers being put together.
struct Shelf {
    tenant: TenantId,
    ids: Vec<Uuid>,
    places: HashMap<CustomerId, usize>,
    dossiers: Vec<Dossier>,
}

/// Reads dossiers in the order they are wanted; those that do not exist are left out.
pub(crate) async fn load(
    pool: &PgPool,
    tenant: TenantId,
    wanted: &[Wanted],
    since: Since,
) -> Result<Vec<Dossier>, StoreError> {
    let failed = backend(LOAD);
    // One snapshot for all of its statements.
    let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    let mut transaction = pool.begin_with(begin).await.map_err(&failed)?;
    let mut shelf = Shelf::begin(&mut transaction, tenant, wanted).await?;
    shelf.fill(&mut transaction, since).await?;
    shelf.add_wanted(&mut transaction, wanted).await?;
    transaction.commit().await.map_err(&failed)?;
    shelf.sort();
    Ok(shelf.in_order(wanted))
}

impl Shelf {
    async fn begin(
        connection: &mut PgConnection,
        tenant: TenantId,
        wanted: &[Wanted],
    ) -> Result<Self, StoreError> {
        let mut ids: Vec<_> = wanted.iter().map(|wanted| wanted.customer).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut shelf = Self {
            tenant,
            ids: ids.into_iter().map(|id| id.0).collect(),
            places: HashMap::with_capacity(wanted.len()),
            dossiers: Vec::with_capacity(wanted.len()),
        };
        let list = List::Ids(&shelf.ids);
        let rows = fetch(connection, LOAD, tenant, customer::BY_IDS, list, &[]).await?;
        for row in rows {
            let (customer, version, standing) = customer::read(&row)?;
            shelf.places.insert(customer.id, shelf.dossiers.len());
            shelf.dossiers.push(Dossier {
                standing,
                version,
                ..Dossier::new(customer)
            });
        }
        Ok(shelf)
    }

    /// Reads rows of a list, or of all customers where there is none, and puts each into its
    /// dossier.
    async fn each<T>(
        &mut self,
        connection: &mut PgConnection,
        (sql, list, more): (&'static str, Option<List<'_>>, &[Timestamp]),
        read: impl Fn(&PgRow) -> Result<(CustomerId, T), StoreError>,
        put: impl Fn(&mut Dossier, T),
    ) -> Result<(), StoreError> {
        let list = list.unwrap_or(List::Ids(&self.ids));
        for row in fetch(connection, LOAD, self.tenant, sql, list, more).await? {
            let (customer, value) = read(&row)?;
            if let Some(place) = self.places.get(&customer) {
                put(&mut self.dossiers[*place], value);
            }
        }
        Ok(())
    }

    async fn fill(
        &mut self,
        connection: &mut PgConnection,
        since: Since,
    ) -> Result<(), StoreError> {
        let ended = [since.ended];
        let both = [since.ended, since.contacts];
        self.each(
            connection,
            (ledger::ACCOUNTS, None, &[]),
            ledger::read_account,
            |d, v| {
                d.accounts.push(v);
            },
        )
        .await?;
        self.each(connection, (item::OPEN, None, &[]), item::read, |d, v| {
            d.items.push(v);
        })
        .await?;
        self.each(
            connection,
            (payment::PENDING, None, &[]),
            payment::read,
            |d, v| {
                d.payments.push(v);
            },
        )
        .await?;
        self.each(
            connection,
            (cover::ACTIVE, None, &[]),
            cover::read,
            |d, v| d.covers.push(v),
        )
        .await?;
        self.each(
            connection,
            (case::RECENT, None, &ended),
            case::read,
            |d, v| d.cases.push(v),
        )
        .await?;
        self.each(
            connection,
            (effect::RECENT, None, &both),
            effect::read,
            |d, v| {
                d.effects.push(v);
            },
        )
        .await?;
        self.each(connection, (task::OPEN, None, &[]), task::read, |d, v| {
            d.tasks.push(v);
        })
        .await?;
        self.each(connection, (fact::COMING, None, &[]), fact::read, |d, v| {
            d.coming.push_back(v);
        })
        .await?;
        self.each(
            connection,
            (task::WAITING, None, &[]),
            task::read_fact,
            |d, v| {
                d.inbox.push_back(v);
            },
        )
        .await
    }

    /// Adds what is wanted by reference or id: a customer's own only.
    async fn add_wanted<'w>(
        &mut self,
        connection: &mut PgConnection,
        wanted: &'w [Wanted],
    ) -> Result<(), StoreError> {
        let all = |of: fn(&Wanted) -> &Vec<String>| -> HashSet<(CustomerId, &str)> {
            let one = |wanted: &'w Wanted| {
                let customer = wanted.customer;
                of(wanted).iter().map(move |name| (customer, name.as_str()))
            };
            wanted.iter().flat_map(one).collect()
        };
        let asked = all(|wanted| &wanted.invoices);
        let list = names(asked.iter().map(|(_, name)| *name));
        if !list.is_empty() {
            let query = (item::BY_REFERENCE, Some(List::Names(&list)), &[][..]);
            self.each(connection, query, item::read, |dossier, item| {
                if asked.contains(&(dossier.customer.id, item.reference.as_str()))
                    && dossier.item(item.id).is_none()
                {
                    dossier.items.push(item);
                }
            })
            .await?;
            self.add_charges(connection, &asked).await?;
        }
        let asked = all(|wanted| &wanted.payments);
        let list = names(asked.iter().map(|(_, name)| *name));
        if !list.is_empty() {
            let query = (payment::BY_REFERENCE, Some(List::Names(&list)), &[][..]);
            self.each(connection, query, payment::read, |dossier, payment| {
                if asked.contains(&(dossier.customer.id, payment.reference.as_str()))
                    && dossier.payments.iter().all(|known| known.id != payment.id)
                {
                    dossier.payments.push(payment);
                }
            })
            .await?;
            self.add_paid(connection).await?;
        }
        let named = wanted
            .iter()
            .flat_map(|wanted| wanted.items.iter().map(|item| (wanted.customer, item.0)));
        let (customers, ids): (Vec<_>, Vec<_>) = named.unzip();
        self.add_items(connection, item::BY_IDS, &customers, &ids)
            .await
    }

    /// Adds the fees and interest on items that are wanted: who voids one gives back what
    /// was paid of them.
    async fn add_charges(
        &mut self,
        connection: &mut PgConnection,
        asked: &HashSet<(CustomerId, &str)>,
    ) -> Result<(), StoreError> {
        let (mut customers, mut parents) = (Vec::new(), Vec::new());
        for dossier in &self.dossiers {
            let id = dossier.customer.id;
            let is_asked = |item: &&Item| asked.contains(&(id, item.reference.as_str()));
            for item in dossier.items.iter().filter(is_asked) {
                customers.push(id);
                parents.push(item.id.0);
            }
        }
        self.add_items(connection, item::OF_PARENTS, &customers, &parents)
            .await
    }

    /// Adds the items that the payments at hand paid.
    async fn add_paid(&mut self, connection: &mut PgConnection) -> Result<(), StoreError> {
        let (mut customers, mut missing) = (Vec::new(), Vec::new());
        for dossier in &self.dossiers {
            let payments = dossier.payments.iter();
            let paid = payments.flat_map(|payment| &payment.allocated);
            for part in paid.filter(|part| dossier.item(part.item).is_none()) {
                customers.push(dossier.customer.id);
                missing.push(part.item.0);
            }
        }
        self.add_items(connection, item::BY_IDS, &customers, &missing)
            .await
    }

    /// Adds items that are not at hand yet.
    async fn add_items(
        &mut self,
        connection: &mut PgConnection,
        sql: &'static str,
        customers: &[CustomerId],
        ids: &[Uuid],
    ) -> Result<(), StoreError> {
        if ids.is_empty() {
            return Ok(());
        }
        let query = (sql, Some(List::Pairs(customers, ids)), &[][..]);
        self.each(connection, query, item::read, |dossier, item| {
            if dossier.item(item.id).is_none() {
                dossier.items.push(item);
            }
        })
        .await
    }

    /// Puts every list in the order that a draft keeps it in.
    fn sort(&mut self) {
        for dossier in &mut self.dossiers {
            dossier.accounts.sort_unstable_by_key(|row| row.currency);
            dossier
                .items
                .sort_unstable_by_key(|row| (row.due_on, row.id));
            dossier.payments.sort_unstable_by_key(|row| row.id);
            dossier
                .covers
                .sort_unstable_by_key(|row| (row.began_at, row.id));
            dossier
                .cases
                .sort_unstable_by_key(|row| (row.opened_at, row.id));
            dossier
                .effects
                .sort_unstable_by_key(|row| (row.at, row.key));
            dossier
                .tasks
                .sort_unstable_by_key(|row| (row.opened_at, row.id));
            let coming = dossier.coming.make_contiguous();
            coming.sort_unstable_by_key(|fact| (fact.at, fact.id));
            dossier.more_coming = dossier.coming.len() >= fact::COMING_MAX;
            dossier.coming.truncate(fact::COMING_MAX);
            dossier
                .inbox
                .make_contiguous()
                .sort_unstable_by_key(|fact| fact.number);
        }
    }

    fn in_order(self, wanted: &[Wanted]) -> Vec<Dossier> {
        let mut dossiers: Vec<_> = self.dossiers.into_iter().map(Some).collect();
        let mut rest: HashMap<CustomerId, usize> = HashMap::with_capacity(wanted.len());
        for wanted in wanted {
            *rest.entry(wanted.customer).or_default() += 1;
        }
        wanted
            .iter()
            .filter_map(|wanted| {
                let slot = &mut dossiers[*self.places.get(&wanted.customer)?];
                let rest = rest.get_mut(&wanted.customer)?;
                *rest -= 1;
                // Wanted twice: the last one takes it.
                if *rest == 0 {
                    slot.take()
                } else {
                    slot.clone()
                }
            })
            .collect()
    }
}
