-- A milestone whose report was refused goes on by itself once the contract, its price or the tax table allows it.

CREATE TABLE hourline.waiting_milestone (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    contract_line_no integer NOT NULL,
    milestone text NOT NULL,
    reached_on date NOT NULL,
    PRIMARY KEY (tenant, contract_line_no, milestone)
);
COMMENT ON TABLE hourline.waiting_milestone IS '[state by contract] A milestone that was reported reached, and was refused; it is tried again when master data changes.';

CALL control.protect_tables();
