-- Input tax of an expense that is recovered in part.

ALTER TABLE hourline.expense_version
    ADD COLUMN recoverable_ppm integer NOT NULL DEFAULT 1000000 CHECK (recoverable_ppm BETWEEN 0 AND 1000000),
    ADD COLUMN recovered_tax bigint NOT NULL GENERATED ALWAYS AS (
        CASE WHEN recoverable THEN hourline.rounded(tax::numeric * recoverable_ppm, 1000000, 'half_up') ELSE 0 END) STORED;
COMMENT ON COLUMN hourline.expense_version.recoverable_ppm IS 'How much of the tax is recovered where it is recoverable, in millionths.';
COMMENT ON COLUMN hourline.expense_version.recovered_tax IS 'The tax that is no cost, in minor units of the currency of the expense: the share that is recovered, rounded half up.';

CALL control.protect_tables();
