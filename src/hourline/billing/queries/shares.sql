-- name: portion_shares
-- purpose: By which shares the portions of a contract were billed to several customers, and how much to each beyond the least.
SELECT s.entry_no, s.revision, s.part, p.contract_line_no, hourline.survivor(s.customer_no) AS customer_no, s.share_ppm, s.takes_difference,
       s.billed - s.least AS ahead
FROM (
    SELECT *, seconds_billed + units_billed AS billed,
           max(seconds_billed + units_billed) OVER portion AS most, min(seconds_billed + units_billed) OVER portion AS least
    FROM hourline.portion_share WHERE contract_no = %(contract_no)s
    WINDOW portion AS (PARTITION BY entry_no, revision, part)
) AS s
JOIN hourline.portion p ON p.tenant = s.tenant AND p.entry_no = s.entry_no AND p.revision = s.revision AND p.part = s.part
WHERE s.most > 0
ORDER BY s.entry_no, s.revision, s.part, s.position

-- name: milestone_shares
-- purpose: How amounts of a contract were split among several customers, and what of each part is open.
SELECT contract_line_no, milestone, hourline.survivor(customer_no) AS customer_no, share_ppm, takes_difference,
       amount - amount_billed AS amount_open
FROM (
    SELECT *, max(amount_billed) OVER (PARTITION BY contract_line_no, milestone) AS most
    FROM hourline.milestone_share WHERE contract_no = %(contract_no)s
) AS shares
WHERE most > 0
ORDER BY contract_line_no, milestone, position

-- name: drop_portion_shares
-- purpose: Forget by which shares portions were billed of which nothing stands any more.
DELETE FROM hourline.portion_share AS share
USING unnest(%(entry_no)s::bigint[], %(revision)s::integer[], %(part)s::smallint[]) AS line (entry_no, revision, part)
WHERE (share.entry_no, share.revision, share.part) = (line.entry_no, line.revision, line.part)
  AND NOT EXISTS (SELECT FROM hourline.portion_share s WHERE s.tenant = share.tenant
                  AND (s.entry_no, s.revision, s.part) = (share.entry_no, share.revision, share.part)
                  AND s.seconds_billed + s.units_billed > 0)

-- name: begin_billed_portions
-- purpose: Begin the balances of portions that are billed to several customers.
INSERT INTO hourline.billed_portion (entry_no, revision, part, seconds, seconds_billed, units, units_billed, live_lines)
SELECT DISTINCT entry_no, revision, part, seconds, 0, units, 0, 0
FROM unnest(%(entry_no)s::bigint[], %(revision)s::integer[], %(part)s::smallint[], %(seconds)s::bigint[], %(units)s::bigint[])
     AS line (entry_no, revision, part, seconds, units)
ON CONFLICT (tenant, entry_no, revision, part) DO NOTHING

-- name: begin_portion_shares
-- purpose: Keep by which shares portions are billed.
INSERT INTO hourline.portion_share
    (entry_no, revision, part, customer_no, contract_no, position, share_ppm, takes_difference, seconds, units)
SELECT entry_no, revision, part, customer_no, %(contract_no)s, position, share_ppm, takes_difference, seconds, units
FROM unnest(%(entry_no)s::bigint[], %(revision)s::integer[], %(part)s::smallint[], %(customer_no)s::integer[],
            %(position)s::integer[], %(share_ppm)s::integer[], %(takes_difference)s::boolean[], %(seconds)s::bigint[],
            %(units)s::bigint[])
     AS line (entry_no, revision, part, customer_no, position, share_ppm, takes_difference, seconds, units)
WHERE NOT EXISTS (SELECT FROM hourline.portion_share s
                  WHERE (s.entry_no, s.revision, s.part) = (line.entry_no, line.revision, line.part))

-- name: take_shares_off
-- purpose: Take what is billed to several customers off the balances of their portions, so that it can change.
UPDATE hourline.billed_portion AS billed
SET seconds_billed = billed.seconds_billed - shared.seconds, units_billed = billed.units_billed - shared.units,
    seconds_uneven = 0, units_uneven = 0, weight_uneven = 0
FROM (SELECT s.entry_no, s.revision, s.part, max(s.seconds_billed) AS seconds, max(s.units_billed) AS units
      FROM hourline.portion_share s
      JOIN (SELECT DISTINCT * FROM unnest(%(entry_no)s::bigint[], %(revision)s::integer[], %(part)s::smallint[]))
          AS line (entry_no, revision, part) USING (entry_no, revision, part)
      GROUP BY 1, 2, 3) AS shared
WHERE (billed.entry_no, billed.revision, billed.part) = (shared.entry_no, shared.revision, shared.part)

-- name: move_portion_shares
-- purpose: Raise what of portions stands on live invoice lines of a customer, or lower it; the table's check refuses more than there is.
UPDATE hourline.portion_share AS share
SET seconds_billed = share.seconds_billed + line.seconds, units_billed = share.units_billed + line.units
FROM (SELECT entry_no, revision, part, sum(seconds)::bigint AS seconds, sum(units)::bigint AS units
      FROM unnest(%(entry_no)s::bigint[], %(revision)s::integer[], %(part)s::smallint[], %(seconds)s::bigint[],
                  %(units)s::bigint[]) AS moved (entry_no, revision, part, seconds, units)
      GROUP BY 1, 2, 3) AS line
WHERE hourline.survivor(share.customer_no) = hourline.survivor(%(customer_no)s)
  AND (share.entry_no, share.revision, share.part) = (line.entry_no, line.revision, line.part)

-- name: put_shares_on
-- purpose: Put what is billed to several customers on the balances of their portions: the most, and how uneven it is.
UPDATE hourline.billed_portion AS billed
SET seconds_billed = billed.seconds_billed + shared.seconds, units_billed = billed.units_billed + shared.units,
    seconds_uneven = shared.seconds - shared.least_seconds, units_uneven = shared.units - shared.least_units,
    weight_uneven = shared.weight, live_lines = billed.live_lines + line.lines
FROM (SELECT entry_no, revision, part, sum(lines)::smallint AS lines
      FROM unnest(%(entry_no)s::bigint[], %(revision)s::integer[], %(part)s::smallint[], %(lines)s::smallint[])
           AS moved (entry_no, revision, part, lines)
      GROUP BY 1, 2, 3) AS line,
     LATERAL (SELECT max(s.seconds_billed) AS seconds, max(s.units_billed) AS units, min(s.seconds_billed) AS least_seconds,
                     min(s.units_billed) AS least_units,
                     (1000000 * max(s.seconds_billed + s.units_billed)
                      - sum(s.share_ppm * (s.seconds_billed + s.units_billed)))::bigint AS weight
              FROM hourline.portion_share s
              WHERE (s.entry_no, s.revision, s.part) = (line.entry_no, line.revision, line.part)) AS shared
WHERE (billed.entry_no, billed.revision, billed.part) = (line.entry_no, line.revision, line.part)
  AND shared.seconds IS NOT NULL

-- name: widen_milestone_shares
-- purpose: Let what is open of amounts that were split before be as much as is billed now.
UPDATE hourline.milestone_share AS share SET amount = share.amount_billed + line.amount
FROM unnest(%(contract_line_no)s::integer[], %(milestone)s::text[], %(customer_no)s::integer[], %(amount)s::bigint[])
     AS line (contract_line_no, milestone, customer_no, amount)
WHERE (share.contract_line_no, share.milestone) = (line.contract_line_no, line.milestone)
  AND hourline.survivor(share.customer_no) = line.customer_no

-- name: begin_milestone_shares
-- purpose: Keep how amounts are split among several customers.
INSERT INTO hourline.milestone_share
    (contract_line_no, milestone, customer_no, contract_no, position, share_ppm, takes_difference, amount)
SELECT contract_line_no, milestone, customer_no, %(contract_no)s, position, share_ppm, takes_difference, amount
FROM unnest(%(contract_line_no)s::integer[], %(milestone)s::text[], %(customer_no)s::integer[], %(position)s::integer[],
            %(share_ppm)s::integer[], %(takes_difference)s::boolean[], %(amount)s::bigint[])
     AS line (contract_line_no, milestone, customer_no, position, share_ppm, takes_difference, amount)
WHERE NOT EXISTS (SELECT FROM hourline.milestone_share s
                  WHERE (s.contract_line_no, s.milestone) = (line.contract_line_no, line.milestone))

-- name: move_milestone_shares
-- purpose: Raise what of amounts stands on live invoice lines of a customer, or lower it; the table's check refuses more than there is.
UPDATE hourline.milestone_share AS share
SET amount_billed = share.amount_billed + line.amount
FROM (SELECT contract_line_no, milestone, sum(amount)::bigint AS amount
      FROM unnest(%(contract_line_no)s::integer[], %(milestone)s::text[], %(amount)s::bigint[])
           AS moved (contract_line_no, milestone, amount)
      GROUP BY 1, 2) AS line
WHERE hourline.survivor(share.customer_no) = hourline.survivor(%(customer_no)s)
  AND (share.contract_line_no, share.milestone) = (line.contract_line_no, line.milestone)

-- name: drop_milestone_shares
-- purpose: Forget how amounts were split of which nothing stands any more.
DELETE FROM hourline.milestone_share AS share
USING unnest(%(contract_line_no)s::integer[], %(milestone)s::text[]) AS line (contract_line_no, milestone)
WHERE (share.contract_line_no, share.milestone) = (line.contract_line_no, line.milestone)
  AND NOT EXISTS (SELECT FROM hourline.milestone_share s WHERE s.tenant = share.tenant
                  AND (s.contract_line_no, s.milestone) = (share.contract_line_no, share.milestone)
                  AND s.amount_billed > 0)
