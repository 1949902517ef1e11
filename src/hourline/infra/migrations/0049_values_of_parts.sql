-- Each part of a portion has its own value at the bill rate, rounded once; before, the parts summed to the whole.

-- As round_ratio in kernel/money.py, of nothing or more.
CREATE FUNCTION hourline.rounded(numerator numeric, denominator numeric, policy text) RETURNS bigint
    LANGUAGE sql IMMUTABLE
    RETURN (div(numerator, denominator) + CASE
        WHEN mod(numerator, denominator) * 2 > denominator THEN 1
        WHEN mod(numerator, denominator) * 2 < denominator OR policy = 'half_down' THEN 0
        WHEN policy = 'half_even' THEN mod(div(numerator, denominator), 2)
        ELSE 1 END)::bigint;
COMMENT ON FUNCTION hourline.rounded(numeric, numeric, text) IS 'A ratio as a whole number, by a policy of rounding money.';

-- The worth of so many seconds of a portion, rounded as its entity rounds money; as value_of_part in billing/rules/shares.py.
CREATE FUNCTION hourline.value_of_part(p hourline.portion, part bigint) RETURNS bigint
    LANGUAGE plpgsql STABLE AS $$
DECLARE
    policy text := (
        SELECT v.content->>'money_rounding'
        FROM hourline.decision d
        JOIN hourline.master_version v ON v.tenant = d.tenant AND v.master_no = d.entity_no
        WHERE (d.tenant, d.entry_no, d.revision) = (p.tenant, p.entry_no, p.revision)
        ORDER BY v.change_no DESC LIMIT 1);
    over numeric := p.rate_seconds::numeric * 10000;
    whole numeric := p.seconds::numeric * p.rate_amount;
BEGIN
    -- Work taken over from old books may have another amount than its rate gives.
    IF hourline.rounded(whole, over, policy) <> p.amount THEN
        RETURN hourline.rounded(p.amount::numeric * part, p.seconds, policy);
    END IF;
    RETURN hourline.rounded(part::numeric * p.rate_amount, over, policy);
END $$;
COMMENT ON FUNCTION hourline.value_of_part(hourline.portion, bigint) IS 'What so many seconds of a portion are worth by themselves, in minor units.';

-- As in 0035, but for the amounts.
CREATE OR REPLACE VIEW hourline.portion_part WITH (security_invoker = true) AS
SELECT p.tenant, p.entry_no, p.revision, p.part, p.contract_no, p.contract_line_no, p.currency, p.rate_amount,
       p.rate_seconds, split.fate, split.seconds,
       CASE WHEN p.seconds = 0 THEN split.units WHEN split.seconds = p.seconds THEN p.amount
            ELSE hourline.value_of_part(p, split.seconds) END AS amount,
       split.seconds_billed, CASE WHEN p.seconds = 0 THEN split.units ELSE 0 END AS units, split.units_billed
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
           CASE WHEN p.seconds = 0 THEN p.amount - coalesce(b.amount_written_off + b.amount_left_out + b.amount_over_limit, 0)
                ELSE 0 END AS units
) AS k
CROSS JOIN LATERAL (
    SELECT CASE WHEN h.fate IS NULL THEN 0 ELSE k.kept - k.billed END AS seconds,
           CASE WHEN h.fate IS NULL THEN 0 ELSE k.units - k.units_billed END AS units
) AS held
-- Not VALUES: its expressions would be set up anew for every portion, at ten times the cost.
CROSS JOIN LATERAL (
    SELECT p.fate, k.kept - held.seconds AS seconds, k.units - held.units AS units, k.billed AS seconds_billed,
           k.units_billed
    WHERE k.kept > held.seconds OR (p.seconds = 0 AND (k.units > held.units OR p.amount = 0))
    UNION ALL
    SELECT h.fate, held.seconds, held.units, 0::bigint, 0::bigint
    WHERE held.seconds > 0 OR (p.seconds = 0 AND held.units > 0)
    UNION ALL
    SELECT 7::smallint, b.seconds_written_off, b.amount_written_off, 0::bigint, 0::bigint
    WHERE b.seconds_written_off > 0 OR (p.seconds = 0 AND b.amount_written_off > 0)
    UNION ALL
    SELECT 2::smallint, b.seconds_left_out, b.amount_left_out, 0::bigint, 0::bigint WHERE b.seconds_left_out > 0
    UNION ALL
    SELECT 4::smallint, b.seconds_prepaid, 0::bigint, 0::bigint, 0::bigint WHERE b.seconds_prepaid > 0
    UNION ALL
    SELECT 5::smallint, b.seconds_over_limit, b.amount_over_limit, 0::bigint, 0::bigint
    WHERE b.seconds_over_limit > 0 OR (p.seconds = 0 AND b.amount_over_limit > 0)
) AS split;

CALL control.protect_tables();
