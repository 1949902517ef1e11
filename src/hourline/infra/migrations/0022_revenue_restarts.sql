-- From where the rest of a price is earned anew: after a modification that only concerns the rest, or a decision by hand.

CREATE TABLE hourline.revenue_restart (
    tenant integer NOT NULL DEFAULT control.current_tenant(),
    restart_no bigint NOT NULL DEFAULT nextval('hourline.document_no_seq'),
    contract_no integer NOT NULL,
    contract_line_no integer NOT NULL,
    kind text NOT NULL CHECK (kind IN ('prospective', 'by_hand')),
    settled bigint NOT NULL CHECK (settled >= 0),
    done numeric NOT NULL,
    recognition_no bigint NOT NULL,
    actor text NOT NULL,
    approver text,
    reason text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, restart_no),
    FOREIGN KEY (tenant, recognition_no) REFERENCES hourline.revenue_recognised
);
CREATE INDEX revenue_restart_line ON hourline.revenue_restart (tenant, contract_line_no, restart_no);
COMMENT ON TABLE hourline.revenue_restart IS '[fact by contract] What a contract line had earned, and with how much done, when the rest of its price began to be earned by the rest of its work; the last one holds.';

COMMENT ON COLUMN hourline.revenue_recognised.price IS 'In minor units, what is earned by the share of done in whole: the price, after a restart what is left of it, of a recurring fee the month that is running.';
COMMENT ON COLUMN hourline.revenue_recognised.settled IS 'In minor units, what needs no share: milestones reached, months that are over, what was settled at a restart.';
COMMENT ON COLUMN hourline.revenue_recognised.done IS 'Seconds worked, cost in minor units of the entity''s currency, days or milestones, by the method; after a restart those since.';
COMMENT ON COLUMN hourline.revenue_recognised.booked_elsewhere IS 'What of the earnings was revenue otherwise, in minor units: in other books before a take-over, or by invoices while the line was recognised as invoiced.';
COMMENT ON COLUMN hourline.revenue_recognised.done_before IS 'What was done at the restart that done counts from.';

CALL control.protect_tables();
