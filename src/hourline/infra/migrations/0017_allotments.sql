-- Limits and prepaid hours: what of billable work a block pays for, and what is over a limit.

CREATE SEQUENCE hourline.allotment_no_seq;

CREATE TABLE hourline.allotment_act (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    allotment_no bigint NOT NULL DEFAULT nextval('hourline.allotment_no_seq'),
    contract_no integer NOT NULL,
    entry_no bigint NOT NULL,
    revision integer NOT NULL,
    part smallint NOT NULL,
    prepaid bigint NOT NULL,
    over_line bigint NOT NULL,
    over_contract bigint NOT NULL,
    amount_prepaid bigint NOT NULL,
    amount_over bigint NOT NULL,
    accrual_reversed bigint NOT NULL,
    change_no bigint NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, allotment_no),
    FOREIGN KEY (tenant, entry_no, revision, part) REFERENCES hourline.portion
);
CREATE INDEX allotment_act_portion ON hourline.allotment_act (entry_no, tenant, revision, part);
CREATE INDEX allotment_act_contract ON hourline.allotment_act (contract_no, tenant);
COMMENT ON TABLE hourline.allotment_act IS '[fact by contract] By how much more (or less, below zero) of a portion is prepaid or over the limit of its contract line or contract, in seconds, of an expense in minor units; and the accrual it took back.';

CREATE TABLE hourline.block_use (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    allotment_no bigint NOT NULL,
    block_no integer NOT NULL,
    contract_no integer NOT NULL,
    entry_no bigint NOT NULL,
    revision integer NOT NULL,
    part smallint NOT NULL,
    seconds bigint NOT NULL CHECK (seconds <> 0),
    PRIMARY KEY (tenant, allotment_no, block_no),
    FOREIGN KEY (tenant, allotment_no) REFERENCES hourline.allotment_act
);
CREATE INDEX block_use_contract ON hourline.block_use (contract_no, tenant);
CREATE INDEX block_use_block ON hourline.block_use (block_no, tenant);
COMMENT ON TABLE hourline.block_use IS '[fact by contract] By how many seconds more (or less, below zero) of a block of prepaid hours a portion uses.';

-- The running balance of a portion knows what is allotted, so that the check refuses to bill it.
ALTER TABLE hourline.billed_portion
    ADD COLUMN seconds_prepaid bigint NOT NULL DEFAULT 0 CHECK (seconds_prepaid >= 0),
    ADD COLUMN amount_prepaid bigint NOT NULL DEFAULT 0,
    ADD COLUMN seconds_over_limit bigint NOT NULL DEFAULT 0 CHECK (seconds_over_limit >= 0),
    ADD COLUMN amount_over_limit bigint NOT NULL DEFAULT 0,
    DROP CONSTRAINT billed_portion_no_more_than_there_is,
    DROP CONSTRAINT billed_portion_no_more_units_than_there_are,
    ADD CONSTRAINT billed_portion_no_more_than_there_is CHECK (
        seconds_billed + seconds_written_off + seconds_left_out + seconds_prepaid + seconds_over_limit <= seconds
    ) NOT VALID,
    ADD CONSTRAINT billed_portion_no_more_units_than_there_are CHECK (
        seconds > 0 OR units_billed + amount_written_off + amount_left_out + amount_over_limit <= units
    ) NOT VALID;
ALTER TABLE hourline.billed_portion VALIDATE CONSTRAINT billed_portion_no_more_than_there_is;
ALTER TABLE hourline.billed_portion VALIDATE CONSTRAINT billed_portion_no_more_units_than_there_are;
COMMENT ON TABLE hourline.billed_portion IS '[state by contract] How much of a portion stands on live invoice lines, was written off, left out of an invoice, is prepaid or over a limit; never more than there is.';

-- As in 0015, with the parts that are prepaid (4) and over a limit (5). Only what is neither is open, held or billed.
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
           p.seconds - coalesce(b.seconds_written_off + b.seconds_left_out + b.seconds_prepaid + b.seconds_over_limit, 0)
               AS kept,
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
