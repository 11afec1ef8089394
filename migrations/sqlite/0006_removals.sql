-- Versions that were removed, and signatures of uploads.

-- When a version was removed. Its row stays, without what it told: the number never stands for
-- other bytes, or another document.
ALTER TABLE plugin ADD COLUMN removed_at INTEGER;
ALTER TABLE workflow ADD COLUMN removed_at INTEGER;

-- The key and the signature that an upload came with, JSON.
ALTER TABLE plugin ADD COLUMN signed TEXT;

-- Whether a version ever was what new cases get: decisions may name it. Of those that are there
-- nobody knows any more.
ALTER TABLE workflow ADD COLUMN was_active INTEGER NOT NULL DEFAULT 0 CHECK (was_active IN (0, 1));
UPDATE workflow SET was_active = 1;
