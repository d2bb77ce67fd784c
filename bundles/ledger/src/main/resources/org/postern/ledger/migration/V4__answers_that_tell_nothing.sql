-- How often the present document was sent and what came back told nothing of its outcome: it is not sent for ever, nor anew after a restart.
ALTER TABLE requests ADD COLUMN untold INTEGER NOT NULL DEFAULT 0;
