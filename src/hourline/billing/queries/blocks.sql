-- name: sold_blocks
-- purpose: The blocks of prepaid hours that a contract sold, each with what of it is invoiced, used and earned.
SELECT k.block_no, k.contract_line_no, k.milestone, k.entity_no, k.currency, sale.invoice_date,
       coalesce(sale.billed, 0)::bigint AS billed, coalesce(sale.entity_billed, 0)::bigint AS entity_billed,
       coalesce(used.seconds, 0)::bigint AS seconds_used,
       coalesce(earned.amount, 0)::bigint AS earned, coalesce(earned.entity_amount, 0)::bigint AS entity_earned,
       earned.expired_through
FROM hourline.sold_block k
LEFT JOIN LATERAL (
    SELECT max(i.invoice_date) AS invoice_date, sum(l.net) AS billed,
           sum(CASE j.debit WHEN %(role_receivable)s THEN j.entity_amount ELSE -j.entity_amount END) AS entity_billed
    FROM hourline.invoice_line l
    JOIN hourline.invoice i ON i.tenant = l.tenant AND i.document_no = l.document_no
    LEFT JOIN hourline.journal_line j
        ON j.tenant = l.tenant AND j.cause IN (%(cause_invoice)s, %(cause_credit_note)s) AND j.cause_no = l.document_no
       AND j.cause_revision = 0 AND j.part = l.line_no AND j.effect = %(effect_sale)s AND NOT j.mirror
    WHERE l.tenant = k.tenant AND l.contract_line_no = k.contract_line_no AND l.milestone = k.milestone
) AS sale ON true
LEFT JOIN LATERAL (
    SELECT sum(seconds) AS seconds FROM hourline.block_use u WHERE u.tenant = k.tenant AND u.block_no = k.block_no
) AS used ON true
LEFT JOIN LATERAL (
    SELECT sum(amount) AS amount, sum(entity_amount) AS entity_amount, max(expired_through) AS expired_through
    FROM hourline.block_earning g WHERE g.tenant = k.tenant AND g.block_no = k.block_no
) AS earned ON true
WHERE k.contract_no = %(contract_no)s
ORDER BY k.block_no

-- name: contracts_with_sold_blocks
-- purpose: The contracts of an entity that sold blocks of prepaid hours.
SELECT DISTINCT contract_no FROM hourline.sold_block WHERE entity_no = %(entity_no)s ORDER BY 1

-- name: blocks_sold_before
-- purpose: Which blocks of prepaid hours of a contract were put on an invoice before.
SELECT block_no FROM hourline.sold_block WHERE contract_no = %(contract_no)s

-- name: sell_block
-- purpose: Record that a block of prepaid hours is an item of invoices from now on.
INSERT INTO hourline.sold_block (contract_line_no, milestone, block_no, contract_no, entity_no, currency, description)
VALUES (%(contract_line_no)s, %(milestone)s, %(block_no)s, %(contract_no)s, %(entity_no)s, %(currency)s, %(description)s)

-- name: insert_earning
-- purpose: Record what more or less of a block's price is earned.
INSERT INTO hourline.block_earning
    (block_no, contract_no, allotment_no, expired_through, seconds_used, amount, entity_amount)
VALUES (%(block_no)s, %(contract_no)s, %(allotment_no)s, %(expired_through)s, %(seconds_used)s, %(amount)s,
        %(entity_amount)s)
RETURNING earning_no
