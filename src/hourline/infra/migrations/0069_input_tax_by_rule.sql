-- Input tax of an expense of which a row of the tax table says how much is recovered.

ALTER TABLE hourline.expense_version ADD COLUMN recovery_stated boolean NOT NULL DEFAULT true;
COMMENT ON COLUMN hourline.expense_version.recovery_stated IS 'Whether its source says how much of the tax is recovered, or that none is; else a row of the tax table may.';

ALTER TABLE hourline.priced_expense
    ADD COLUMN recovery_rule_no integer,
    ADD COLUMN recovered_ppm integer CHECK (recovered_ppm BETWEEN 0 AND 1000000),
    ADD CONSTRAINT priced_expense_recovery_check CHECK ((recovery_rule_no IS NULL) = (recovered_ppm IS NULL)) NOT VALID;
ALTER TABLE hourline.priced_expense VALIDATE CONSTRAINT priced_expense_recovery_check;
COMMENT ON COLUMN hourline.priced_expense.recovery_rule_no IS 'The row of the tax table that says how much of its tax is recovered, NULL where none does.';
COMMENT ON COLUMN hourline.priced_expense.recovered_ppm IS 'How much of its tax is recovered by that row, in millionths.';

CALL control.protect_tables();
