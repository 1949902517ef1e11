-- A reached milestone can be held out of billing, as work can.

CREATE TABLE hourline.held_milestone (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    contract_line_no integer NOT NULL,
    milestone text NOT NULL,
    actor text NOT NULL CHECK (actor <> ''),
    reason text NOT NULL CHECK (reason <> ''),
    held_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, contract_line_no, milestone),
    FOREIGN KEY (tenant, contract_line_no, milestone) REFERENCES hourline.milestone_reached
);
COMMENT ON TABLE hourline.held_milestone IS '[state by tenant] A reached milestone, a fee or an opening amount that is out of billing until somebody releases it.';

CALL control.protect_tables();
