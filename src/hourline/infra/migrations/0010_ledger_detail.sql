-- Journals per ledger in the detail its route says, pairs that cancel out, groups of documents that are sent all or none.

-- The owner fills in what is there already; protect_tables() at the end puts the force back.
ALTER TABLE hourline.journal NO FORCE ROW LEVEL SECURITY;
ALTER TABLE hourline.journal_member NO FORCE ROW LEVEL SECURITY;
ALTER TABLE hourline.posting_intent NO FORCE ROW LEVEL SECURITY;

ALTER TABLE hourline.journal
    ADD COLUMN connection_no integer,
    ADD COLUMN grain text NOT NULL DEFAULT 'day' CHECK (grain IN ('day', 'month', 'cause')),
    ADD COLUMN group_key text;
ALTER TABLE hourline.journal_member ADD COLUMN connection_no integer;

-- A journal that nobody planned was never sent: its lines are gathered anew, by the routes.
DELETE FROM hourline.journal_member m WHERE NOT EXISTS (
    SELECT FROM hourline.posting_intent p
    WHERE p.tenant = m.tenant AND p.kind = 3 AND p.document_no = m.journal_no);
DELETE FROM hourline.journal j WHERE NOT EXISTS (
    SELECT FROM hourline.posting_intent p
    WHERE p.tenant = j.tenant AND p.kind = 3 AND p.document_no = j.journal_no);
UPDATE hourline.journal j SET
    group_key = to_char(accounting_date, 'YYYY-MM-DD'),
    connection_no = (SELECT min(p.connection_no) FROM hourline.posting_intent p
                     WHERE p.tenant = j.tenant AND p.kind = 3 AND p.document_no = j.journal_no);
UPDATE hourline.journal_member m SET connection_no = j.connection_no
FROM hourline.journal j WHERE j.tenant = m.tenant AND j.journal_no = m.journal_no;

ALTER TABLE hourline.journal
    ALTER COLUMN connection_no SET NOT NULL,
    ALTER COLUMN group_key SET NOT NULL,
    ADD FOREIGN KEY (tenant, connection_no) REFERENCES hourline.connection,
    DROP CONSTRAINT journal_tenant_entity_no_kind_accounting_date_sequence_key,
    ADD UNIQUE (tenant, connection_no, entity_no, kind, grain, group_key, sequence);
ALTER TABLE hourline.journal_member
    ALTER COLUMN connection_no SET NOT NULL,
    DROP CONSTRAINT journal_member_pkey,
    ADD PRIMARY KEY (tenant, line_no, connection_no),
    ADD FOREIGN KEY (tenant, connection_no) REFERENCES hourline.connection;
-- What was planned at several systems stood on one journal for all of them; each of them has the line.
INSERT INTO hourline.journal_member (tenant, line_no, journal_no, connection_no)
SELECT m.tenant, m.line_no, m.journal_no, p.connection_no
FROM hourline.journal_member m
JOIN hourline.posting_intent p
    ON p.tenant = m.tenant AND p.kind = 3 AND p.document_no = m.journal_no AND p.connection_no <> m.connection_no
GROUP BY 1, 2, 3, 4;
COMMENT ON TABLE hourline.journal IS '[fact by entity] A journal entry for one ledger, in the detail its route says; late lines open the next sequence, a journal never changes.';
COMMENT ON TABLE hourline.journal_member IS '[fact by entity] The one journal of a ledger that a journal line is on.';

CREATE TABLE hourline.journal_offset (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    connection_no integer NOT NULL,
    line_no bigint NOT NULL,
    mirror_line_no bigint NOT NULL,
    cancelled_journal_no bigint,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, connection_no, line_no),
    UNIQUE (tenant, connection_no, mirror_line_no),
    FOREIGN KEY (tenant, connection_no) REFERENCES hourline.connection,
    FOREIGN KEY (tenant, line_no) REFERENCES hourline.journal_line (tenant, line_no),
    FOREIGN KEY (tenant, mirror_line_no) REFERENCES hourline.journal_line (tenant, line_no),
    FOREIGN KEY (tenant, cancelled_journal_no) REFERENCES hourline.journal
);
COMMENT ON TABLE hourline.journal_offset IS '[fact by entity] A line and its mirror of which a ledger is sent neither: none was on a journal of it, or the line''s journal was cancelled.';
CREATE INDEX journal_line_mirror ON hourline.journal_line (tenant, effect, line_no) WHERE mirror;

-- What caused a journal line, as a person calls it: one wording for keys, documents and drill-down.
-- The numbers are those of kernel/codes.py.
CREATE FUNCTION hourline.cause_name(cause smallint, cause_no bigint, cause_revision integer) RETURNS text
    LANGUAGE sql STABLE
    RETURN coalesce(
        CASE cause
            WHEN 1 THEN (
                SELECT concat('entry ', c.name, '/', e.source_id, ' revision ', cause_revision)
                FROM hourline.time_entry e
                JOIN hourline.connection c ON c.tenant = e.tenant AND c.connection_no = e.connection_no
                WHERE e.entry_no = cause_no)
            WHEN 2 THEN (SELECT 'invoice ' || i.number FROM hourline.invoice i WHERE i.document_no = cause_no)
            WHEN 3 THEN (SELECT 'credit note ' || i.number FROM hourline.invoice i WHERE i.document_no = cause_no)
            WHEN 4 THEN (
                SELECT concat('payment ', y.reference, ' of ', i.number)
                FROM hourline.payment y
                JOIN hourline.invoice i ON i.tenant = y.tenant AND i.document_no = y.document_no
                WHERE y.payment_no = cause_no)
        END,
        concat('cause ', cause, ' number ', cause_no, ' revision ', cause_revision));

ALTER TABLE hourline.posting_intent
    ADD COLUMN identity text,
    ADD COLUMN change_no bigint,
    ADD COLUMN barrier boolean NOT NULL DEFAULT false;

CREATE TABLE hourline.posting_group (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    group_no bigint NOT NULL DEFAULT nextval('hourline.document_no_seq'),
    connection_no integer NOT NULL,
    name text NOT NULL,
    period date NOT NULL,
    state text NOT NULL DEFAULT 'held' CHECK (state IN ('held', 'released', 'confirmed', 'short', 'cancelled')),
    barrier boolean NOT NULL DEFAULT false,
    documents integer NOT NULL,
    totals jsonb NOT NULL,
    confirmed_documents integer,
    confirmed_totals jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, group_no),
    FOREIGN KEY (tenant, connection_no) REFERENCES hourline.connection
);
CREATE INDEX posting_group_state ON hourline.posting_group (tenant, state);
COMMENT ON TABLE hourline.posting_group IS '[state by entity] Documents that one system gets all or none of, with what they add up to in our books and what was confirmed.';

CREATE TABLE hourline.posting_group_member (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    connection_no integer NOT NULL,
    kind smallint NOT NULL,
    document_no bigint NOT NULL,
    group_no bigint NOT NULL,
    detailed boolean NOT NULL,
    PRIMARY KEY (tenant, connection_no, kind, document_no),
    FOREIGN KEY (tenant, group_no) REFERENCES hourline.posting_group ON DELETE CASCADE
);
CREATE INDEX posting_group_member_group ON hourline.posting_group_member (tenant, group_no);
COMMENT ON TABLE hourline.posting_group_member IS '[state by entity] A document of a group; it is in one group of a system at most.';

CALL control.protect_tables();
