-- Records wait for the approval of a credit as they wait at an entry lock; who approved which credit note is kept.

ALTER TABLE hourline.locked_record RENAME TO kept_record;
ALTER INDEX hourline.locked_record_open RENAME TO kept_record_open;
ALTER TABLE hourline.kept_record ALTER COLUMN entry_lock DROP NOT NULL;
COMMENT ON TABLE hourline.kept_record IS '[state by tenant] What a source said of a locked day, or of work on an invoice that is credited by approval only (then without a lock), as it was read; outcome says what became of it once it was let in, change_no is the master data it was last tried with.';
-- The owner renames what waits already; protect_tables() puts the force back.
ALTER TABLE hourline.exception_item NO FORCE ROW LEVEL SECURITY;
UPDATE hourline.exception_item SET subject_kind = 'kept_entry' WHERE subject_kind = 'locked_entry';

CREATE TABLE hourline.approved_credit (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    document_no bigint NOT NULL,
    approver text NOT NULL CHECK (approver <> ''),
    fingerprint bytea NOT NULL,
    approved_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, document_no),
    FOREIGN KEY (tenant, document_no) REFERENCES hourline.invoice
);
COMMENT ON TABLE hourline.approved_credit IS '[fact by contract] A credit note that somebody approved before it was issued; the fingerprint is of all that was shown: credits, work before and after, and the draft that follows.';

CALL control.protect_tables();
