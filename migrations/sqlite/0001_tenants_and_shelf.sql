-- What is kept once a tenant: its settings, plugins, templates, workflows.
-- Ids are 16 bytes, instants milliseconds since 1970, dates days since 1970.

-- Serves: the tenant's settings by id; the list of tenants for the scheduler.
CREATE TABLE tenant (
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 64 AND name NOT GLOB '*[^a-z0-9-]*'),
    policy TEXT NOT NULL,
    clock INTEGER,
    PRIMARY KEY (tenant)
) STRICT, WITHOUT ROWID;

-- Serves: a name is taken once in the store; tenants by name.
-- The one key that does not begin with the tenant: it is what finds it.
CREATE UNIQUE INDEX tenant_name ON tenant (name);

-- Serves: a tenant's plugin versions, by name and version.
CREATE TABLE plugin (
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
    version TEXT NOT NULL CHECK (length(version) BETWEEN 1 AND 64),
    digest TEXT NOT NULL CHECK (length(digest) = 64),
    manifest TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, name, version)
) STRICT, WITHOUT ROWID;

-- Serves: the component of a digest. Kept once a tenant, never shared between tenants.
CREATE TABLE component (
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    digest TEXT NOT NULL CHECK (length(digest) = 64),
    wasm BLOB NOT NULL,
    UNIQUE (tenant, digest)
) STRICT;

-- Serves: a tenant's templates as of now, by name and locale.
CREATE TABLE template (
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
    locale TEXT NOT NULL CHECK (length(locale) BETWEEN 1 AND 64),
    parts TEXT NOT NULL,
    put_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, name, locale)
) STRICT, WITHOUT ROWID;

-- Serves: every version of a tenant's workflows, by name and version.
CREATE TABLE workflow (
    tenant BLOB NOT NULL CHECK (length(tenant) = 16),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
    version INTEGER NOT NULL CHECK (version BETWEEN 1 AND 4294967295),
    document TEXT NOT NULL,
    plugins TEXT NOT NULL,
    templates TEXT NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    published_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, name, version)
) STRICT, WITHOUT ROWID;

-- Serves: at most one version of a workflow is what new cases get.
CREATE UNIQUE INDEX workflow_active ON workflow (tenant, name) WHERE active = 1;
