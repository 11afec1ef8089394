//! Dossiers, read whole for many customers at once, as of one moment.

mod parts;

use std::collections::{HashMap, HashSet};

use regua_domain::dossier::Dossier;
use regua_domain::id::{CustomerId, TenantId};
use regua_domain::ledger::Item;
use regua_domain::time::Timestamp;
use regua_storage::{StoreError, Wanted};
use sqlx::sqlite::SqliteRow;
use sqlx::{Connection as _, SqliteConnection};

use crate::error::backend;
use crate::list::{self, fetch};
use crate::rows::Value;
use crate::{customer, fact, item, payment};
#[cfg(test)]
pub(crate) use parts::statement;

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
    ids: Vec<Value>,
    places: HashMap<CustomerId, usize>,
    dossiers: Vec<Dossier>,
}

/// Reads dossiers in the order they are wanted; those that do not exist are left out.
pub(crate) async fn load(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    wanted: &[Wanted],
    since: Since,
) -> Result<Vec<Dossier>, StoreError> {
    let failed = backend(LOAD);
    let mut shelf = Shelf::new(tenant, wanted);
    let is_wanted = |wanted: &Wanted| {
        !(wanted.invoices.is_empty() && wanted.payments.is_empty() && wanted.items.is_empty())
    };
    if list::chunks(&shelf.ids).count() == 1 && !wanted.iter().any(is_wanted) {
        // One statement is of one moment by itself.
        shelf.fill(connection, since).await?;
    } else {
        let mut transaction = connection.begin().await.map_err(&failed)?;
        shelf.fill(&mut transaction, since).await?;
        shelf.add_wanted(&mut transaction, wanted).await?;
        transaction.commit().await.map_err(&failed)?;
    }
    shelf.sort();
    Ok(shelf.in_order(wanted))
}

impl Shelf {
    fn new(tenant: TenantId, wanted: &[Wanted]) -> Self {
        let mut ids: Vec<_> = wanted.iter().map(|wanted| wanted.customer).collect();
        ids.sort_unstable();
        ids.dedup();
        Self {
            tenant,
            ids: ids.into_iter().map(|id| Value::Id(id.0)).collect(),
            places: HashMap::with_capacity(wanted.len()),
            dossiers: Vec::with_capacity(wanted.len()),
        }
    }

    async fn fill(
        &mut self,
        connection: &mut SqliteConnection,
        since: Since,
    ) -> Result<(), StoreError> {
        for (part, row) in parts::read(connection, self.tenant, &self.ids, since).await? {
            part.put(&row, self)?;
        }
        Ok(())
    }

    /// Begins the dossier of a customer's row.
    fn begin(&mut self, row: &SqliteRow) -> Result<(), StoreError> {
        let (customer, version, standing) = customer::read(row)?;
        self.places.insert(customer.id, self.dossiers.len());
        self.dossiers.push(Dossier {
            standing,
            version,
            ..Dossier::new(customer)
        });
        Ok(())
    }

    fn dossier(&mut self, customer: CustomerId) -> Option<&mut Dossier> {
        let place = self.places.get(&customer)?;
        self.dossiers.get_mut(*place)
    }

    /// Reads rows by a list and puts each into its dossier.
    async fn each<T>(
        &mut self,
        connection: &mut SqliteConnection,
        (head, more, list): (&'static str, &[Value], &[Value]),
        read: impl Fn(&SqliteRow) -> Result<(CustomerId, T), StoreError>,
        put: impl Fn(&mut Dossier, T),
    ) -> Result<(), StoreError> {
        let mut before = vec![Value::Id(self.tenant.0)];
        before.extend_from_slice(more);
        for row in fetch(connection, LOAD, head, &before, list).await? {
            let (customer, value) = read(&row)?;
            if let Some(dossier) = self.dossier(customer) {
                put(dossier, value);
            }
        }
        Ok(())
    }

    /// Adds what is wanted by reference or id: a customer's own only.
    async fn add_wanted(
        &mut self,
        connection: &mut SqliteConnection,
        wanted: &[Wanted],
    ) -> Result<(), StoreError> {
        let names = |of: fn(&Wanted) -> &Vec<String>| -> (Vec<Value>, HashSet<_>) {
            let all = wanted.iter().flat_map(|wanted| {
                of(wanted)
                    .iter()
                    .map(|name| (wanted.customer, name.as_str()))
            });
            (
                all.clone().map(|(_, name)| name.into()).collect(),
                all.collect(),
            )
        };
        let (list, asked) = names(|wanted| &wanted.invoices);
        if !list.is_empty() {
            let query = (item::BY_REFERENCE, &[][..], &list[..]);
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
        let (list, asked) = names(|wanted| &wanted.payments);
        if !list.is_empty() {
            let query = (payment::BY_REFERENCE, &[][..], &list[..]);
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
        self.add_named(connection, wanted).await
    }

    /// Adds the items that are wanted by id.
    async fn add_named(
        &mut self,
        connection: &mut SqliteConnection,
        wanted: &[Wanted],
    ) -> Result<(), StoreError> {
        let named = wanted.iter().filter(|wanted| !wanted.items.is_empty());
        let named = named.map(|wanted| {
            let ids = wanted.items.iter().map(|item| Value::Id(item.0));
            (Value::Id(wanted.customer.0), ids.collect())
        });
        self.add_items(connection, item::BY_IDS, named.collect())
            .await
    }

    /// Adds the fees and interest on items that are wanted: who voids one gives back what
    /// was paid of them.
    async fn add_charges(
        &mut self,
        connection: &mut SqliteConnection,
        asked: &HashSet<(CustomerId, &str)>,
    ) -> Result<(), StoreError> {
        let mut parents = Vec::new();
        for dossier in &self.dossiers {
            let id = dossier.customer.id;
            let is_asked = |item: &&Item| asked.contains(&(id, item.reference.as_str()));
            let items = dossier.items.iter().filter(is_asked);
            let ids: Vec<Value> = items.map(|item| Value::Id(item.id.0)).collect();
            if !ids.is_empty() {
                parents.push((Value::Id(id.0), ids));
            }
        }
        self.add_items(connection, item::OF_PARENTS, parents).await
    }

    /// Adds the items that the payments at hand paid.
    async fn add_paid(&mut self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let mut missing = Vec::new();
        for dossier in &self.dossiers {
            let paid = dossier
                .payments
                .iter()
                .flat_map(|payment| &payment.allocated);
            let ids: Vec<Value> = paid
                .filter(|part| dossier.item(part.item).is_none())
                .map(|part| Value::Id(part.item.0))
                .collect();
            if !ids.is_empty() {
                missing.push((Value::Id(dossier.customer.id.0), ids));
            }
        }
        self.add_items(connection, item::BY_IDS, missing).await
    }

    /// Adds items that are not at hand yet, by customers and a list of ids of each.
    async fn add_items(
        &mut self,
        connection: &mut SqliteConnection,
        head: &'static str,
        lists: Vec<(Value, Vec<Value>)>,
    ) -> Result<(), StoreError> {
        for (customer, ids) in lists {
            let query = (head, &[customer][..], &ids[..]);
            self.each(connection, query, item::read, |dossier, item| {
                if dossier.item(item.id).is_none() {
                    dossier.items.push(item);
                }
            })
            .await?;
        }
        Ok(())
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
