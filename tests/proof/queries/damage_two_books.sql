-- name: contract_in_two_books
-- purpose: Say that an entry was decided in euros.
UPDATE hourline.decision SET currency = 978 WHERE tenant = %(tenant)s AND entry_no = %(entry_no)s;

-- name: books_in_two_currencies
-- purpose: Say that a payroll allocation was booked in euros.
UPDATE hourline.journal_line SET entity_currency = 978
WHERE tenant = %(tenant)s AND cause = %(cause_entry)s AND cause_no = %(entry_no)s AND effect = %(cost)s;

-- name: accrual_in_other_books
-- purpose: Move an accrual to the books of another entity.
UPDATE hourline.journal_line SET entity_no = (SELECT master_no FROM hourline.master_identity
                                              WHERE tenant = %(tenant)s AND kind = 'legal_entity' AND id = 'DE1')
WHERE tenant = %(tenant)s AND cause = %(cause_entry)s AND cause_no = %(entry_no)s AND effect = %(accrual)s;
