-- Expenses with input tax, which is no cost where it is recovered, and with the receipt they are proven by.

ALTER TABLE hourline.expense_version
    ADD COLUMN tax bigint NOT NULL DEFAULT 0,
    ADD COLUMN recoverable boolean NOT NULL DEFAULT true,
    ADD COLUMN receipt text;
ALTER TABLE hourline.expense_version
    ADD CONSTRAINT expense_version_tax_check CHECK (tax BETWEEN 0 AND cost) NOT VALID;
ALTER TABLE hourline.expense_version VALIDATE CONSTRAINT expense_version_tax_check;
COMMENT ON COLUMN hourline.expense_version.tax IS 'The input tax in the cost, in minor units of its currency.';
COMMENT ON COLUMN hourline.expense_version.receipt IS 'What the source calls the receipt: an id or an address, never fetched.';

ALTER TABLE hourline.priced_expense ADD COLUMN input_tax bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN hourline.priced_expense.input_tax IS 'The input tax that is recovered, in minor units of the currency of the entity''s books.';

CALL control.protect_tables();
