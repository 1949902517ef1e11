-- Work that is left out of the next invoice of its contract only: a hold that the invoice ends.

-- Kinds as in kernel/codes.py, ReviewAct: 1 held until it is released, 6 postponed.
ALTER TABLE hourline.held_entry ADD COLUMN kind smallint NOT NULL DEFAULT 1 CHECK (kind IN (1, 6));
COMMENT ON TABLE hourline.held_entry IS '[state by contract] An entry that is out of billing until it is released, or until the next invoice through its day, with the act that says so.';
COMMENT ON TABLE hourline.review_act IS '[fact by contract] One decision of a person on an entry or a portion of it: held, postponed, released, written off, left out of an invoice, or priced by hand; or an invoice that ended a postponement.';

-- As in 0025; postponed work, 8, is a part of its own beside held work, 6.
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
    SELECT CASE h.kind WHEN 6 THEN 8::smallint ELSE 6::smallint END AS fate FROM hourline.held_entry h
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
    SELECT CASE WHEN h.fate IS NULL THEN 0 ELSE k.kept - k.billed END AS seconds,
           CASE WHEN h.fate IS NULL THEN 0
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
    SELECT h.fate, held.seconds, held.amount, 0::bigint, 0::bigint
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
