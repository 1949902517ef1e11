-- Secondary indexes do not lead with the tenant where foreign keys point: while statistics are missing, the check of one
-- (tenant and number) took such an index for as good as the primary key, and read all rows of the tenant for each new one.

DROP INDEX hourline.source_record_entry, hourline.time_entry_version_project,
    hourline.decision_contract, hourline.decision_project, hourline.portion_contract,
    hourline.journal_line_entity, hourline.invoice_contract, hourline.invoice_line_portion,
    hourline.invoice_line_credits, hourline.invoice_line_contract_line, hourline.review_act_entry,
    hourline.posting_intent_due, hourline.posting_group_state, hourline.opening_position_reference,
    hourline.opening_position_contract, hourline.booked_reading_kind;

CREATE INDEX source_record_entry ON hourline.source_record (entry_no, tenant, revision);
CREATE INDEX time_entry_version_project ON hourline.time_entry_version (project_ref, tenant);
CREATE INDEX decision_contract ON hourline.decision (contract_no, tenant, work_date);
CREATE INDEX decision_project ON hourline.decision (project_no, tenant);
CREATE INDEX portion_contract ON hourline.portion (contract_no, tenant, fate);
CREATE INDEX journal_line_entity ON hourline.journal_line (entity_no, tenant, accounting_date);
CREATE INDEX invoice_contract ON hourline.invoice (contract_no, tenant);
CREATE INDEX invoice_line_portion ON hourline.invoice_line (entry_no, tenant, revision, part);
CREATE INDEX invoice_line_credits ON hourline.invoice_line (credits_document_no, tenant, credits_line_no);
CREATE INDEX invoice_line_contract_line ON hourline.invoice_line (contract_line_no, tenant);
CREATE INDEX review_act_entry ON hourline.review_act (entry_no, tenant);
CREATE INDEX posting_intent_due ON hourline.posting_intent (state, tenant, due_at);
CREATE INDEX posting_group_state ON hourline.posting_group (state, tenant);
CREATE INDEX opening_position_reference ON hourline.opening_position (reference, tenant, connection_no);
CREATE INDEX opening_position_contract ON hourline.opening_position (contract_no, tenant);
CREATE INDEX booked_reading_kind ON hourline.booked_reading (connection_no, tenant, kind);
