-- One batch of 10 facts by one client, for pgbench: each of another of 500 devices, of
-- random people, 2 in 100 sent before, 20 in 100 late by up to two days. What was had
-- makes no row; else a ledger row, a sample row, and the tube's row brought up to date, in
-- one transaction. Tubes come in order, so that batches do not wait for one another in a
-- circle.
WITH numbers AS MATERIALIZED (
    SELECT nextval('batch') * 10 AS base),
drawn AS MATERIALIZED (
    SELECT base + i AS n, random() AS again, random() AS late, random() AS who
    FROM numbers, generate_series(0, 9) AS i),
facts AS MATERIALIZED (
    SELECT (n % 500)::int AS device,
           CASE WHEN again < 0.02 AND n >= 1000 THEN n / 500 - 1 ELSE n / 500 END AS seq,
           1639267200000000 + n * 20000
               - CASE WHEN late < 0.2 THEN (late * 864000000000)::bigint ELSE 0 END AS at,
           (who * :people)::int AS person
    FROM drawn),
accepted AS (
    INSERT INTO ledger
    SELECT device, seq, 200, at, 1639267200000000,
           json_build_object('tube', 'T' || device || '-' || seq / 10,
                             'person', 'P-' || person, 'site', 'S-' || device)::text
    FROM facts
    ON CONFLICT DO NOTHING
    RETURNING device, seq),
new AS MATERIALIZED (
    SELECT f.*, 'T' || f.device || '-' || f.seq / 10 AS tube_id
    FROM accepted JOIN facts AS f USING (device, seq)),
samples AS (
    INSERT INTO sample
    SELECT tube_id, person, min(at), min(device)
    FROM new GROUP BY tube_id, person ORDER BY tube_id, person
    ON CONFLICT (tube_id, person) DO UPDATE
    SET collected_at = least(sample.collected_at, excluded.collected_at))
INSERT INTO tube
SELECT tube_id, min(at), max(at), count(*)::int, min(device)
FROM new GROUP BY tube_id ORDER BY tube_id
ON CONFLICT (tube_id) DO UPDATE
SET first_collected_at = least(tube.first_collected_at, excluded.first_collected_at),
    last_collected_at = greatest(tube.last_collected_at, excluded.last_collected_at),
    samples = tube.samples + excluded.samples;
