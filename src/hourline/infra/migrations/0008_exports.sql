-- Entries of exports without ids, and what each export covers.

CREATE TABLE hourline.exported_entry (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    connection_no integer NOT NULL,
    layout text NOT NULL,
    key_hash bytea NOT NULL CHECK (octet_length(key_hash) = 32),
    number integer NOT NULL CHECK (number >= 1),
    worked_on date NOT NULL,
    entry_no bigint NOT NULL,
    PRIMARY KEY (tenant, connection_no, layout, key_hash, number),
    FOREIGN KEY (tenant, entry_no) REFERENCES hourline.time_entry
);
CREATE INDEX exported_entry_day ON hourline.exported_entry (tenant, connection_no, layout, worked_on);
COMMENT ON TABLE hourline.exported_entry IS '[fact by tenant] Which entry a row of an export is: the hash of what names it, and its running number among equals.';

CREATE TABLE hourline.export_coverage (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    delivery_no bigint NOT NULL,
    layout text NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL CHECK (last_day >= first_day),
    stated boolean NOT NULL,
    covers text CHECK (covers IN ('everything', 'people_and_projects')),
    PRIMARY KEY (tenant, delivery_no),
    FOREIGN KEY (tenant, delivery_no) REFERENCES hourline.delivery
);
COMMENT ON TABLE hourline.export_coverage IS '[fact by tenant] The days an export covers, stated or from its first to its last row, and what it leaves out of them at most.';

CALL control.protect_tables();
