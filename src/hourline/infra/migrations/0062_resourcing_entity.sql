-- Who provides a person for work is an attribute of its own: not always who employs, nor whose contract it is.

-- The owner fills in what is there already, of which the employing entity bore the cost and lent; protect_tables() puts the force back.
ALTER TABLE hourline.decision NO FORCE ROW LEVEL SECURITY;
ALTER TABLE hourline.decision ADD COLUMN resourcing_entity_no integer;
UPDATE hourline.decision SET resourcing_entity_no = employing_entity_no;
ALTER TABLE hourline.decision ALTER COLUMN resourcing_entity_no SET NOT NULL;
COMMENT ON COLUMN hourline.decision.entity_no IS 'The contracting entity: whose contract and invoice it is.';
COMMENT ON COLUMN hourline.decision.employing_entity_no IS 'Who employed the person; the currency of the cost rate is its.';
COMMENT ON COLUMN hourline.decision.resourcing_entity_no IS 'Who provided the person: what time costs is in its books and currency, and it lends to the contracting entity, which bears expenses.';

CALL control.protect_tables();
