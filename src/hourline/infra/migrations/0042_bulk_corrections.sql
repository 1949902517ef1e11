-- Corrections of many entries at once: what each was to become when a second person approved it, and what became of it.

CREATE TABLE hourline.bulk_item (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    proposal_no bigint NOT NULL,
    entry_no bigint NOT NULL,
    figures jsonb NOT NULL,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'applied', 'unchanged', 'refused')),
    problem jsonb,
    settled_at timestamptz,
    PRIMARY KEY (tenant, proposal_no, entry_no),
    FOREIGN KEY (tenant, proposal_no) REFERENCES hourline.proposal,
    FOREIGN KEY (tenant, entry_no) REFERENCES hourline.time_entry,
    CHECK ((state = 'open') = (settled_at IS NULL)),
    CHECK ((state = 'refused') = (problem IS NOT NULL))
);
COMMENT ON TABLE hourline.bulk_item IS '[state by tenant] An entry of a bulk correction: the figures that were shown of it, before and after, and whether it was done, was so already, or was refused.';

-- What a redecision was approved with exists.
ALTER TABLE hourline.redecision ADD FOREIGN KEY (tenant, proposal_no) REFERENCES hourline.proposal;

CALL control.protect_tables();
