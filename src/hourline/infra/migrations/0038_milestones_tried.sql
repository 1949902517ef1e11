-- A waiting milestone is tried once for each state of master data, as a pending entry is, not by every look of a worker.

ALTER TABLE hourline.waiting_milestone ADD COLUMN change_no bigint NOT NULL DEFAULT 0;
COMMENT ON TABLE hourline.waiting_milestone IS '[state by contract] A milestone that was reported reached, and was refused; change_no is the master data it was last tried with.';
