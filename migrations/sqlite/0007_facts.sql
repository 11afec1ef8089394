-- When a fact was taken in, and so became known: what a policy is played against again. Of facts of
-- before nobody knows any more, and they pass for known when they happened.
ALTER TABLE fact ADD COLUMN taken_at INTEGER;
