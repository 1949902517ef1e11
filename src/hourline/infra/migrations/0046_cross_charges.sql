-- What departments of an entity charge each other for the work of their people.

CREATE TABLE hourline.cross_charge (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    entry_no bigint NOT NULL,
    revision integer NOT NULL,
    contract_no integer NOT NULL,
    entity_no integer NOT NULL,
    person_cost_centre_no integer NOT NULL,
    project_cost_centre_no integer NOT NULL,
    rule_no integer NOT NULL,
    seconds bigint NOT NULL,
    currency smallint NOT NULL,
    amount bigint NOT NULL CHECK (amount >= 0),
    PRIMARY KEY (tenant, entry_no, revision),
    FOREIGN KEY (tenant, entry_no, revision) REFERENCES hourline.decision,
    CHECK (person_cost_centre_no <> project_cost_centre_no)
);
COMMENT ON TABLE hourline.cross_charge IS '[fact by contract] What the department of a person charges that of the project for an accepted revision, within one entity and in its currency; the departments are those of the work date.';

CALL control.protect_tables();
