-- Runs of recognition that are a best guess at approval, until the run of the period's end.

ALTER TABLE hourline.recognition_run ADD COLUMN at_approval boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN hourline.recognition_run.at_approval IS 'A best guess as work was approved or a milestone reached, and not the run of a period''s end.';

CALL control.protect_tables();
