-- Tax on what entities invoice each other that the borrower does not get back.

ALTER TABLE hourline.intercompany_line
    ADD COLUMN cost_tax bigint NOT NULL DEFAULT 0,
    ADD COLUMN borrower_cost_tax bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN hourline.intercompany_line.cost_tax IS 'How much of the tax is cost of the borrower, because it does not recover it, in minor units of the document''s currency.';
COMMENT ON COLUMN hourline.intercompany_line.borrower_cost_tax IS 'The same in minor units of the borrower''s currency.';

CALL control.protect_tables();
