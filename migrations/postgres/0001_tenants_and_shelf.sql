-- What is kept once a tenant: its settings, plugins, templates, workflows.
-- Ids are uuids, instants milliseconds since 1970, dates days since 1970. What is sorted or
-- compared is so by its bytes (COLLATE "C"), on every server the same.

-- Serves: the tenant's settings by id; the list of tenants for the scheduler.
CREATE TABLE tenant (
    tenant uuid NOT NULL,
    name text COLLATE "C" NOT NULL CHECK (length(name) BETWEEN 1 AND 64 AND name ~ '^[a-z0-9-]+$'),
    policy text NOT NULL,
    clock bigint,
    PRIMARY KEY (tenant)
);

-- Serves: a name is taken once in the store; tenants by name.
-- The one key that does not begin with the tenant: it is what finds it.
CREATE UNIQUE INDEX tenant_name ON tenant (name);

-- Serves: a tenant's plugin versions, by name and version.
CREATE TABLE plugin (
    tenant uuid NOT NULL,
    name text COLLATE "C" NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
    version text COLLATE "C" NOT NULL CHECK (length(version) BETWEEN 1 AND 64),
    digest text COLLATE "C" NOT NULL CHECK (length(digest) = 64),
    manifest text NOT NULL,
    added_at bigint NOT NULL,
    PRIMARY KEY (tenant, name, version)
);

-- Serves: the component of a digest. Kept once a tenant, never shared between tenants.
CREATE TABLE component (
    tenant uuid NOT NULL,
    digest text COLLATE "C" NOT NULL CHECK (length(digest) = 64),
    wasm bytea NOT NULL,
    PRIMARY KEY (tenant, digest)
);

-- Serves: a tenant's templates as of now, by name and locale.
CREATE TABLE template (
    tenant uuid NOT NULL,
    name text COLLATE "C" NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
    locale text COLLATE "C" NOT NULL CHECK (length(locale) BETWEEN 1 AND 64),
    parts text NOT NULL,
    put_at bigint NOT NULL,
    PRIMARY KEY (tenant, name, locale)
);

-- Serves: every version of a tenant's workflows, by name and version.
CREATE TABLE workflow (
    tenant uuid NOT NULL,
    name text COLLATE "C" NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
    version bigint NOT NULL CHECK (version BETWEEN 1 AND 4294967295),
    document text NOT NULL,
    plugins text NOT NULL,
    templates text NOT NULL,
    active boolean NOT NULL,
    published_at bigint NOT NULL,
    PRIMARY KEY (tenant, name, version)
);

-- Serves: at most one version of a workflow is what new cases get.
CREATE UNIQUE INDEX workflow_active ON workflow (tenant, name) WHERE active;
