-- A part of an entry's work on another project: an entry of its own, of which the source of the whole knows nothing.

CREATE TABLE hourline.entry_part (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    entry_no bigint NOT NULL,
    of_entry_no bigint NOT NULL,
    PRIMARY KEY (tenant, entry_no),
    FOREIGN KEY (tenant, entry_no) REFERENCES hourline.time_entry,
    FOREIGN KEY (tenant, of_entry_no) REFERENCES hourline.time_entry
);
CREATE INDEX entry_part_of ON hourline.entry_part (of_entry_no, tenant);
COMMENT ON TABLE hourline.entry_part IS '[fact by tenant] An entry that is a part of another one, which alone its source knows: what that says of it ends the part.';

-- Kinds as in kernel/codes.py, Redecision: 3 is the rest of an entry of which a part was transferred.
ALTER TABLE hourline.redecision DROP CONSTRAINT redecision_kind_check, ADD CHECK (kind IN (1, 2, 3));
COMMENT ON TABLE hourline.redecision IS '[fact by tenant] A revision that is the one before it decided anew: 1 under changed terms, 2 on another project, 3 without a part that went to another project; its content came from the source once.';

CREATE TABLE hourline.entry_split (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    entry_no bigint NOT NULL,
    revision integer NOT NULL,
    part_entry_no bigint NOT NULL,
    part_revision integer NOT NULL,
    PRIMARY KEY (tenant, entry_no, revision),
    UNIQUE (tenant, part_entry_no, part_revision),
    FOREIGN KEY (tenant, entry_no, revision) REFERENCES hourline.redecision,
    FOREIGN KEY (tenant, part_entry_no) REFERENCES hourline.entry_part,
    FOREIGN KEY (tenant, part_entry_no, part_revision) REFERENCES hourline.time_entry_version
);
COMMENT ON TABLE hourline.entry_split IS '[fact by tenant] A revision that is the one before it without a part, and the revision of the part that has this; both together are the revision before.';

CALL control.protect_tables();
