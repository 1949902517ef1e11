-- Limits of one of several customers: what of a portion is over which of them, beside those of 0017 and 0043.

ALTER TABLE hourline.allotment_act
    ADD COLUMN over_line_customer bigint NOT NULL DEFAULT 0,
    ADD COLUMN over_contract_customer bigint NOT NULL DEFAULT 0;
COMMENT ON TABLE hourline.allotment_act IS '[fact by contract] By how much more (or less, below zero) of a portion is prepaid or over a limit of its contract line or contract: of a person''s day, of a month, of what one customer is billed or of all work; in seconds, of an expense in minor units; and the accrual it took back.';

CALL control.protect_tables();
