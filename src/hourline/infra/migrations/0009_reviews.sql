-- What people decide of work before it is billed: holds, write-offs and adjusted lines, each with its reason.

CREATE SEQUENCE hourline.act_no_seq;

CREATE TABLE hourline.review_act (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    act_no bigint NOT NULL DEFAULT nextval('hourline.act_no_seq'),
    kind smallint NOT NULL,
    entry_no bigint NOT NULL,
    revision integer,
    part smallint,
    document_no bigint,
    seconds bigint NOT NULL DEFAULT 0 CHECK (seconds >= 0),
    amount bigint NOT NULL DEFAULT 0,
    accrual_reversed bigint NOT NULL DEFAULT 0,
    actor text NOT NULL,
    reason text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, act_no),
    FOREIGN KEY (tenant, entry_no) REFERENCES hourline.time_entry,
    FOREIGN KEY (tenant, entry_no, revision, part) REFERENCES hourline.portion,
    FOREIGN KEY (tenant, document_no) REFERENCES hourline.invoice,
    CHECK ((revision IS NULL) = (part IS NULL))
);
CREATE INDEX review_act_entry ON hourline.review_act (tenant, entry_no);
COMMENT ON TABLE hourline.review_act IS '[fact by contract] One decision of a person on an entry or a portion of it: held, released, written off, left out of an invoice, or priced by hand.';

-- A hold is of the entry, whatever its revision: what was asked stays asked until somebody answers it.
CREATE TABLE hourline.held_entry (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    entry_no bigint NOT NULL,
    act_no bigint NOT NULL,
    PRIMARY KEY (tenant, entry_no),
    FOREIGN KEY (tenant, entry_no) REFERENCES hourline.time_entry,
    FOREIGN KEY (tenant, act_no) REFERENCES hourline.review_act
);
COMMENT ON TABLE hourline.held_entry IS '[state by contract] An entry that is out of billing until it is released, with the act that holds it.';

-- The running balance of a portion knows what was given up as well, so that the check refuses to bill it.
ALTER TABLE hourline.billed_portion
    ADD COLUMN seconds_written_off bigint NOT NULL DEFAULT 0 CHECK (seconds_written_off >= 0),
    ADD COLUMN amount_written_off bigint NOT NULL DEFAULT 0,
    ADD COLUMN seconds_left_out bigint NOT NULL DEFAULT 0 CHECK (seconds_left_out >= 0),
    ADD COLUMN amount_left_out bigint NOT NULL DEFAULT 0,
    ADD CONSTRAINT billed_portion_no_more_than_there_is
        CHECK (seconds_billed + seconds_written_off + seconds_left_out <= seconds);
COMMENT ON TABLE hourline.billed_portion IS '[state by contract] How much of a portion stands on live invoice lines, was written off or left out of an invoice; never more than there is.';

ALTER TABLE hourline.invoice_line ADD COLUMN net_at_rate bigint;
COMMENT ON COLUMN hourline.invoice_line.net_at_rate IS 'What the line would have been at its bill rate; only where its amount was set by hand.';

CREATE TABLE hourline.draft_adjustment (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    contract_no integer NOT NULL,
    entry_no bigint NOT NULL,
    seconds bigint CHECK (seconds >= 0),
    amount bigint CHECK (amount >= 0),
    actor text NOT NULL,
    reason text NOT NULL,
    PRIMARY KEY (tenant, contract_no, entry_no),
    FOREIGN KEY (tenant, contract_no) REFERENCES hourline.billing_draft ON DELETE CASCADE,
    FOREIGN KEY (tenant, entry_no) REFERENCES hourline.time_entry,
    CHECK ((seconds IS NULL) <> (amount IS NULL))
);
COMMENT ON TABLE hourline.draft_adjustment IS '[state by contract] A term of an open draft: so much of this entry, or this amount for it.';

-- The price of an hour that the approver set by hand, in 1/10000 of the contract's currency; above every rate row.
ALTER TABLE hourline.time_entry_version ADD COLUMN price bigint CHECK (price >= 0);
COMMENT ON COLUMN hourline.time_entry_version.price IS 'An hour''s price set by hand, in 1/10000 of the contract''s currency.';

-- What of each portion has which fate now: a portion is never edited, so its parts are worked out from what was
-- billed, held and given up of it. The parts sum to the portion, in seconds and in value. Fates as in kernel/codes.py:
-- 1 billable (billed or open), 2 non-billable, 6 held, 7 written off. As the reader, so that tenants stay apart.
CREATE VIEW hourline.portion_part WITH (security_invoker = true) AS
SELECT p.tenant, p.entry_no, p.revision, p.part, p.contract_no, p.contract_line_no, p.currency, p.rate_amount,
       p.rate_seconds, split.fate, split.seconds, split.amount, split.seconds_billed
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
    SELECT coalesce(b.seconds_billed, 0) AS billed,
           p.seconds - coalesce(b.seconds_written_off + b.seconds_left_out, 0) AS kept,
           p.amount - coalesce(b.amount_written_off + b.amount_left_out, 0) AS worth
) AS k
CROSS JOIN LATERAL (
    SELECT CASE WHEN h.entry_no IS NULL THEN 0 ELSE k.kept - k.billed END AS seconds,
           CASE WHEN h.entry_no IS NULL OR k.kept = 0 THEN 0
                ELSE round(k.worth::numeric * (k.kept - k.billed) / k.kept)::bigint END AS amount
) AS held
-- Not VALUES: its expressions would be set up anew for every portion, at ten times the cost.
CROSS JOIN LATERAL (
    SELECT p.fate, k.kept - held.seconds AS seconds, k.worth - held.amount AS amount, k.billed AS seconds_billed
    WHERE k.kept > held.seconds OR p.seconds = 0
    UNION ALL
    SELECT 6::smallint, held.seconds, held.amount, 0::bigint WHERE held.seconds > 0
    UNION ALL
    SELECT 7::smallint, b.seconds_written_off, b.amount_written_off, 0::bigint WHERE b.seconds_written_off > 0
    UNION ALL
    SELECT 2::smallint, b.seconds_left_out, b.amount_left_out, 0::bigint WHERE b.seconds_left_out > 0
) AS split;
COMMENT ON VIEW hourline.portion_part IS 'The parts of every portion by the fate they have now.';
GRANT SELECT ON hourline.portion_part TO hourline_app;

CALL control.protect_tables();
