-- Versions that were removed, and signatures of uploads.

-- When a version was removed. Its row stays, without what it told: the number never stands for
-- other bytes, or another document.
ALTER TABLE plugin ADD COLUMN removed_at bigint;
ALTER TABLE workflow ADD COLUMN removed_at bigint;

-- The key and the signature that an upload came with, JSON.
ALTER TABLE plugin ADD COLUMN signed text;

-- Which activation of its workflow a version's last one was, from 1: tells which was active
-- before the one that is.
ALTER TABLE workflow ADD COLUMN activated bigint CHECK (activated >= 1);
UPDATE workflow SET activated = 1 WHERE active;
