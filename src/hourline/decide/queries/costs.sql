-- name: standing_cost
-- purpose: A revision of time with the cost that stands of it, where that is booked, and the number of its next correction.
SELECT d.entry_no, d.revision, coalesce(last.correction_no, 0) + 1 AS correction_no, d.contract_no, d.resourcing_entity_no AS entity_no,
       d.project_no, d.person_no, coalesce(last.cost_after, d.cost_amount) AS cost,
       coalesce(stands.accounting_date, last.accounting_date, t.lender_date, d.accounting_date) AS booked_on, d.work_date
FROM hourline.decision d
LEFT JOIN hourline.transfer t ON t.tenant = d.tenant AND t.entry_no = d.entry_no AND t.revision = d.revision
LEFT JOIN LATERAL (
    SELECT c.correction_no, c.cost_after, c.accounting_date FROM hourline.cost_correction c
    WHERE c.tenant = d.tenant AND c.entry_no = d.entry_no AND c.revision = d.revision
    ORDER BY c.correction_no DESC LIMIT 1) AS last ON true
LEFT JOIN hourline.journal_line stands
    ON stands.tenant = d.tenant AND stands.cause = %(entry_cause)s AND stands.cause_no = d.entry_no AND stands.cause_revision = d.revision
   AND stands.effect = %(cost)s AND NOT stands.mirror AND stands.part = coalesce(last.correction_no, 0)
WHERE d.entry_no = %(entry_no)s AND d.revision = %(revision)s

-- name: cost_line_to_mirror
-- purpose: The line of the cost that stands of a revision, to be mirrored; no row where it costs nothing. Columns as of lines_to_mirror.
SELECT l.cause_no, l.cause_revision, l.part, l.effect, l.entity_no, l.contract_no, l.project_no, l.person_no, l.debit, l.credit,
       l.currency, l.entity_currency, l.amount, l.entity_amount, l.accounting_date - date '1970-01-01' AS accounting_day,
       l.document_date - date '1970-01-01' AS document_day
FROM hourline.journal_line l
WHERE l.cause = %(entry_cause)s AND l.cause_no = %(entry_no)s AND l.cause_revision = %(revision)s AND l.effect = %(cost)s
  AND NOT l.mirror AND NOT EXISTS (
      SELECT FROM hourline.journal_line m
      WHERE m.tenant = l.tenant AND m.cause = l.cause AND m.cause_no = l.cause_no AND m.cause_revision = l.cause_revision
        AND m.part = l.part AND m.effect = l.effect AND m.mirror)

-- name: keep_cost_correction
-- purpose: Record what a revision costs by later terms, with who said so and why.
INSERT INTO hourline.cost_correction
    (entry_no, revision, correction_no, contract_no, entity_no, cost_rate_no, cost_before, cost_after, accounting_date,
     change_no, actor, reason, proposal_no, recorded_at)
VALUES (%(entry_no)s, %(revision)s, %(correction_no)s, %(contract_no)s, %(entity_no)s, %(cost_rate_no)s, %(cost_before)s,
        %(cost_after)s, %(accounting_date)s, %(change_no)s, %(actor)s, %(reason)s, %(proposal_no)s, %(recorded_at)s)
