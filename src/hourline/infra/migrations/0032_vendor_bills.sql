-- Bills of subcontractors: each line is matched with the approved time of its person, and no time with two lines.

CREATE TABLE hourline.vendor_bill (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    bill_no bigint NOT NULL DEFAULT nextval('hourline.document_no_seq'),
    vendor_no integer NOT NULL,
    reference text NOT NULL,
    entity_no integer NOT NULL,
    billed_on date NOT NULL,
    currency smallint NOT NULL,
    content_hash bytea NOT NULL CHECK (octet_length(content_hash) = 32),
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, bill_no),
    UNIQUE (tenant, vendor_no, reference)
);
COMMENT ON TABLE hourline.vendor_bill IS '[fact by entity] A bill of a vendor for work of its people, known by the vendor and its reference.';

CREATE TABLE hourline.vendor_bill_line (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    bill_no bigint NOT NULL,
    line_no integer NOT NULL,
    person_no integer NOT NULL,
    project_no integer NOT NULL,
    worked_from date NOT NULL,
    worked_until date NOT NULL,
    seconds bigint NOT NULL CHECK (seconds >= 0),
    amount bigint NOT NULL CHECK (amount >= 0),
    PRIMARY KEY (tenant, bill_no, line_no),
    FOREIGN KEY (tenant, bill_no) REFERENCES hourline.vendor_bill,
    CHECK (worked_from < worked_until)
);
COMMENT ON TABLE hourline.vendor_bill_line IS '[fact by entity] What a vendor bills of one person on one project, from a day to before another, in minor units of the bill''s currency.';

CREATE TABLE hourline.vendor_match (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    match_no bigint NOT NULL DEFAULT nextval('hourline.document_no_seq'),
    bill_no bigint NOT NULL,
    line_no integer NOT NULL,
    entity_no integer NOT NULL,
    seconds bigint NOT NULL,
    cost bigint NOT NULL,
    billed bigint NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, match_no),
    FOREIGN KEY (tenant, bill_no, line_no) REFERENCES hourline.vendor_bill_line
);
CREATE INDEX vendor_match_line ON hourline.vendor_match (bill_no, tenant, line_no);
COMMENT ON TABLE hourline.vendor_match IS '[fact by entity] A line fits approved time: its seconds, what they cost at approval and what is billed for them, in the entity''s currency.';

CREATE TABLE hourline.vendor_match_entry (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    match_no bigint NOT NULL,
    entry_no bigint NOT NULL,
    revision integer NOT NULL,
    PRIMARY KEY (tenant, match_no, entry_no),
    FOREIGN KEY (tenant, match_no) REFERENCES hourline.vendor_match,
    FOREIGN KEY (tenant, entry_no, revision) REFERENCES hourline.decision
);
CREATE INDEX vendor_match_entry_entry ON hourline.vendor_match_entry (entry_no, tenant);
COMMENT ON TABLE hourline.vendor_match_entry IS '[fact by contract] The revisions of entries that a match was made with.';

CREATE TABLE hourline.vendor_match_undone (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    match_no bigint NOT NULL,
    entity_no integer NOT NULL,
    entry_no bigint NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, match_no),
    FOREIGN KEY (tenant, match_no) REFERENCES hourline.vendor_match
);
COMMENT ON TABLE hourline.vendor_match_undone IS '[fact by entity] A match ended because an entry of it was corrected or recalled; all it booked is mirrored.';

-- The database itself refuses to match a line or an hour twice.
CREATE TABLE hourline.matched_line (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    bill_no bigint NOT NULL,
    line_no integer NOT NULL,
    match_no bigint NOT NULL,
    PRIMARY KEY (tenant, bill_no, line_no),
    FOREIGN KEY (tenant, match_no) REFERENCES hourline.vendor_match
);
COMMENT ON TABLE hourline.matched_line IS '[state by entity] The match that stands of a line.';

CREATE TABLE hourline.matched_entry (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    entry_no bigint NOT NULL,
    match_no bigint NOT NULL,
    PRIMARY KEY (tenant, entry_no),
    FOREIGN KEY (tenant, match_no) REFERENCES hourline.vendor_match
);
COMMENT ON TABLE hourline.matched_entry IS '[state by contract] The match that stands of an entry.';

CALL control.protect_tables();
