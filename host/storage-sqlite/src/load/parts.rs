//! The parts of a dossier, read in one statement. A statement is a message to the connection's
//! thread and back: over a dozen of them, whoever looks at one case would wait for the threads
//! to have their turns more than for the rows.

use regua_domain::id::TenantId;
use regua_storage::StoreError;
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use super::{LOAD, Shelf, Since};
use crate::cells::Cells;
use crate::list;
use crate::rows::Value;
use crate::{case, cover, customer, effect, fact, item, ledger, payment, task};

/// What a row is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Customer,
    Accounts,
    Items,
    Payments,
    Covers,
    Cases,
    Effects,
    Tasks,
    Coming,
    Inbox,
}

/// Columns of the part that has most.
const WIDTH: usize = 20;

impl Part {
    const ALL: [Self; 10] = [
        Self::Customer,
        Self::Accounts,
        Self::Items,
        Self::Payments,
        Self::Covers,
        Self::Cases,
        Self::Effects,
        Self::Tasks,
        Self::Coming,
        Self::Inbox,
    ];

    /// Its select up to the list of customers, and how many columns that has.
    const fn select(self) -> (&'static str, usize) {
        match self {
            Self::Customer => (customer::BY_IDS, 15),
            Self::Accounts => (ledger::ACCOUNTS, 3),
            Self::Items => (item::OPEN, WIDTH),
            Self::Payments => (payment::PENDING, 8),
            Self::Covers => (cover::ACTIVE, 12),
            Self::Cases => (case::RECENT, 15),
            Self::Effects => (effect::RECENT, 13),
            Self::Tasks => (task::OPEN, 2),
            Self::Coming => (fact::COMING, 5),
            Self::Inbox => (task::WAITING, 4),
        }
    }

    /// The values of its select that come before the list.
    fn values(self, tenant: TenantId, since: Since) -> Vec<Value> {
        let (tenant, ended) = (tenant.0.into(), Value::Int(since.ended.0));
        match self {
            Self::Cases => vec![tenant, ended],
            Self::Effects => vec![tenant, ended, Value::Int(since.contacts.0)],
            _ => vec![tenant],
        }
    }

    /// Which a row is of.
    fn of(row: &SqliteRow) -> Result<Self, StoreError> {
        let number: usize = Cells::last(row, LOAD).int()?;
        Ok(Self::ALL[number.min(Self::ALL.len() - 1)])
    }

    /// Puts what a row has into its dossier, which the customer's own row begins.
    pub(super) fn put(self, row: &SqliteRow, shelf: &mut Shelf) -> Result<(), StoreError> {
        macro_rules! push {
            ($read:path, $list:ident, $push:ident) => {{
                let (customer, value) = $read(row)?;
                if let Some(dossier) = shelf.dossier(customer) {
                    dossier.$list.$push(value);
                }
            }};
        }
        match self {
            Self::Customer => shelf.begin(row)?,
            Self::Accounts => push!(ledger::read_account, accounts, push),
            Self::Items => push!(item::read, items, push),
            Self::Payments => push!(payment::read, payments, push),
            Self::Covers => push!(cover::read, covers, push),
            Self::Cases => push!(case::read, cases, push),
            Self::Effects => push!(effect::read, effects, push),
            Self::Tasks => push!(task::read, tasks, push),
            Self::Coming => push!(fact::read, coming, push_back),
            Self::Inbox => push!(task::read_fact, inbox, push_back),
        }
        Ok(())
    }
}

/// The statement for a list of so many customers: a part's columns, as many as the widest has,
/// and its number.
pub(crate) fn statement(size: usize) -> String {
    let selects = Part::ALL.into_iter().enumerate().map(|(number, part)| {
        let (head, columns) = part.select();
        let padding = ", NULL".repeat(WIDTH - columns);
        let select = list::sql(head, size);
        format!("SELECT part.*{padding}, {number} FROM ({select}) AS part")
    });
    selects.collect::<Vec<_>>().join(" UNION ALL ")
}

/// Rows of all parts of some customers, each customer's own among the first.
pub(super) async fn read(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    ids: &[Value],
    since: Since,
) -> Result<Vec<(Part, SqliteRow)>, StoreError> {
    let mut all = Vec::new();
    for chunk in list::chunks(ids) {
        let mut values = Vec::with_capacity(Part::ALL.len() * (chunk.len() + 3));
        for part in Part::ALL {
            values.extend(part.values(tenant, since));
            values.extend(list::padded(chunk).cloned());
        }
        let sql = statement(list::size(chunk));
        for row in list::run(connection, LOAD, sql, &values).await? {
            all.push((Part::of(&row)?, row));
        }
    }
    // In the order of the parts, whichever the store had read first.
    all.sort_by_key(|(part, _)| *part);
    Ok(all)
}
