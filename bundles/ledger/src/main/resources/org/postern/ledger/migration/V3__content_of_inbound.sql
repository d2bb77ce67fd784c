-- What a received document says without its signature: the same signed or sent anew is the same. Empty in rows of before, of which
-- only the same bytes are the same.
ALTER TABLE inbound ADD COLUMN content VARCHAR(64) NOT NULL DEFAULT '';
