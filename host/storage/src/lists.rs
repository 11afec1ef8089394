//! What people look through, page by page; and whose a thing is.

use async_trait::async_trait;
use regua_domain::customer::Customer;
use regua_domain::effect::{Effect, EffectKey, Task};
use regua_domain::id::{CaseId, CustomerId, TaskId};
use regua_domain::ledger::{Item, Payment};

use crate::StoreError;

/// A page: of one customer or of all, behind what the page before ended with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<K> {
    /// Of this customer only.
    pub customer: Option<CustomerId>,
    /// Behind this one.
    pub after: Option<K>,
    /// At most so many.
    pub limit: u32,
}

/// Something of a customer's, with the customer's reference at the tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Of<T> {
    /// Whose.
    pub customer: CustomerId,
    /// The customer's own key at the tenant.
    pub reference: String,
    /// What.
    pub value: T,
}

/// Which effects to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EffectsOf {
    /// A case's.
    Case(CaseId),
    /// Placements with agencies, of all cases.
    Placements,
}

/// One tenant's lists.
#[async_trait]
pub trait Lists: Send + Sync {
    /// Customers, by reference.
    async fn customers(&self, page: &Page<String>) -> Result<Vec<Customer>, StoreError>;

    /// Items, settled ones too, by reference.
    async fn items(&self, page: &Page<String>) -> Result<Vec<Of<Item>>, StoreError>;

    /// Payments, by reference.
    async fn payments(&self, page: &Page<String>) -> Result<Vec<Of<Payment>>, StoreError>;

    /// Tasks that are open or approved, by id.
    async fn tasks(&self, page: &Page<TaskId>) -> Result<Vec<Of<Task>>, StoreError>;

    /// Effects, by key.
    async fn effects(
        &self,
        of: EffectsOf,
        after: Option<EffectKey>,
        limit: u32,
    ) -> Result<Vec<Of<Effect>>, StoreError>;

    /// An item, by reference.
    async fn item(&self, reference: &str) -> Result<Option<Of<Item>>, StoreError>;

    /// A payment, by reference.
    async fn payment(&self, reference: &str) -> Result<Option<Of<Payment>>, StoreError>;

    /// A task, whatever its state.
    async fn task(&self, task: TaskId) -> Result<Option<Of<Task>>, StoreError>;

    /// Whose a case is: the customer and their reference.
    async fn case_of(&self, case: CaseId) -> Result<Option<Of<()>>, StoreError>;
}
