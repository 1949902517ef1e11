-- Time rounding: which row made worked time billable time, and what a person's day moves between its entries.

ALTER TABLE hourline.decision ADD COLUMN time_rounding_no integer;
COMMENT ON COLUMN hourline.decision.time_rounding_no IS 'The row of the table of time rounding that was used; the reason of the uplift it gives.';
CREATE INDEX decision_rounded_day ON hourline.decision (person_no, work_date, tenant) WHERE time_rounding_no IS NOT NULL;

-- A portion is never edited: what a day's rounding changes is taken out of billing whole, and new parts take its place.
ALTER TABLE hourline.billed_portion
    ADD COLUMN seconds_replaced bigint NOT NULL DEFAULT 0,
    ADD CONSTRAINT billed_portion_replaced_whole CHECK (seconds_replaced IN (0, seconds)),
    ADD CONSTRAINT billed_portion_replaced_is_not_billed
        CHECK (seconds_replaced = 0 OR seconds_billed + seconds_written_off + seconds_left_out + seconds_prepaid
               + seconds_over_limit = 0);
COMMENT ON TABLE hourline.billed_portion IS '[state by contract] How much of a portion stands on live invoice lines, was written off, left out of an invoice, is prepaid, over a limit or replaced by other parts; never more than there is.';

CREATE TABLE hourline.day_rounding (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    act_no bigint NOT NULL DEFAULT nextval('hourline.act_no_seq'),
    entry_no bigint NOT NULL,
    revision integer NOT NULL,
    part smallint NOT NULL,
    time_rounding_no integer NOT NULL,
    seconds_before bigint NOT NULL CHECK (seconds_before >= 0),
    seconds_after bigint NOT NULL CHECK (seconds_after >= 0),
    uplift_change bigint NOT NULL,
    day_worked_seconds bigint NOT NULL,
    day_billable_seconds bigint NOT NULL,
    change_no bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, act_no),
    FOREIGN KEY (tenant, entry_no, revision, part) REFERENCES hourline.portion
);
CREATE INDEX day_rounding_entry ON hourline.day_rounding (entry_no, tenant, revision);
COMMENT ON TABLE hourline.day_rounding IS '[fact by contract] What the rounding of a person''s day made an entry''s billable time, by the row that says so; part is the first of the parts that replaced those before.';

-- As in 0017; a part that was replaced is none any more.
CREATE OR REPLACE VIEW hourline.portion_part WITH (security_invoker = true) AS
SELECT p.tenant, p.entry_no, p.revision, p.part, p.contract_no, p.contract_line_no, p.currency, p.rate_amount,
       p.rate_seconds, split.fate, split.seconds, split.amount, split.seconds_billed,
       CASE WHEN p.seconds = 0 THEN split.amount ELSE 0 END AS units, split.units_billed
FROM hourline.portion p
-- LIMIT makes each look-up one by key, as in billing's queries: statistics are missing where much was just loaded.
LEFT JOIN LATERAL (
    SELECT * FROM hourline.billed_portion b
    WHERE (b.tenant, b.entry_no, b.revision, b.part) = (p.tenant, p.entry_no, p.revision, p.part) LIMIT 1
) AS b ON true
LEFT JOIN LATERAL (
    SELECT entry_no FROM hourline.held_entry h
    WHERE (h.tenant, h.entry_no) = (p.tenant, p.entry_no) AND p.fate = 1 LIMIT 1
) AS h ON true
CROSS JOIN LATERAL (
    SELECT coalesce(b.seconds_billed, 0) AS billed, coalesce(b.units_billed, 0) AS units_billed,
           p.seconds - coalesce(b.seconds_written_off + b.seconds_left_out + b.seconds_prepaid + b.seconds_over_limit
                                + b.seconds_replaced, 0) AS kept,
           p.amount - coalesce(b.amount_written_off + b.amount_left_out + b.amount_prepaid + b.amount_over_limit, 0)
               AS worth
) AS k
CROSS JOIN LATERAL (
    SELECT CASE WHEN h.entry_no IS NULL THEN 0 ELSE k.kept - k.billed END AS seconds,
           CASE WHEN h.entry_no IS NULL THEN 0
                WHEN p.seconds = 0 THEN k.worth - k.units_billed
                WHEN k.kept = 0 THEN 0
                ELSE round(k.worth::numeric * (k.kept - k.billed) / k.kept)::bigint END AS amount
) AS held
-- Not VALUES: its expressions would be set up anew for every portion, at ten times the cost.
CROSS JOIN LATERAL (
    SELECT p.fate, k.kept - held.seconds AS seconds, k.worth - held.amount AS amount, k.billed AS seconds_billed,
           k.units_billed
    WHERE k.kept > held.seconds OR (p.seconds = 0 AND (k.worth > held.amount OR p.amount = 0))
    UNION ALL
    SELECT 6::smallint, held.seconds, held.amount, 0::bigint, 0::bigint
    WHERE held.seconds > 0 OR (p.seconds = 0 AND held.amount > 0)
    UNION ALL
    SELECT 7::smallint, b.seconds_written_off, b.amount_written_off, 0::bigint, 0::bigint
    WHERE b.seconds_written_off > 0 OR (p.seconds = 0 AND b.amount_written_off > 0)
    UNION ALL
    SELECT 2::smallint, b.seconds_left_out, b.amount_left_out, 0::bigint, 0::bigint WHERE b.seconds_left_out > 0
    UNION ALL
    SELECT 4::smallint, b.seconds_prepaid, b.amount_prepaid, 0::bigint, 0::bigint WHERE b.seconds_prepaid > 0
    UNION ALL
    SELECT 5::smallint, b.seconds_over_limit, b.amount_over_limit, 0::bigint, 0::bigint
    WHERE b.seconds_over_limit > 0 OR (p.seconds = 0 AND b.amount_over_limit > 0)
) AS split;

CALL control.protect_tables();
