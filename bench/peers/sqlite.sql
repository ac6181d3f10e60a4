-- The same questions to SQLite; see postgresql.sql. Parameters: ?1 person, ?2 from,
-- ?3 until. Each statement answers (people, minutes).

-- first_ring_all
SELECT count(*), coalesce(sum(m), 0)
FROM (SELECT b.person, sum(min(b.e, a.e, ?3) - max(b.s, a.s, ?2)) AS m
      FROM stay a
      JOIN stay b ON b.place = a.place AND b.s >= a.s - a.s % 1440 AND b.s < a.e
      WHERE a.person = ?1 AND a.s >= ?2 AND a.s < ?3 AND b.e > a.s AND b.person <> ?1
      GROUP BY b.person);

-- second_ring_crowd300
WITH mine AS MATERIALIZED (
  SELECT a.place, a.s, a.e
  FROM stay a
  WHERE a.person = ?1 AND a.s >= ?2 AND a.s < ?3
    AND NOT EXISTS (SELECT 1 FROM crowded k WHERE k.place = a.place AND k.day = a.s / 1440)),
first AS MATERIALIZED (
  SELECT b.person AS person, min(max(b.s, a.s, ?2)) AS since
  FROM mine a
  CROSS JOIN stay b ON b.place = a.place AND b.s >= a.s - a.s % 1440 AND b.s < a.e
  WHERE b.e > a.s AND b.person <> ?1
  GROUP BY b.person),
met AS (
  SELECT b.person AS person, max(b.s, a.s, f.since) AS s, min(b.e, a.e, ?3) AS e
  FROM first f
  CROSS JOIN stay a ON a.person = f.person AND a.s >= f.since - f.since % 1440 AND a.s < ?3
  CROSS JOIN stay b ON b.place = a.place AND b.s >= a.s - a.s % 1440 AND b.s < a.e
  WHERE a.e > f.since AND b.e > max(a.s, f.since)
    AND NOT EXISTS (SELECT 1 FROM crowded k WHERE k.place = a.place AND k.day = a.s / 1440)
    AND b.person <> ?1
    AND b.person NOT IN (SELECT person FROM first)),
added AS (
  SELECT person, s, e,
         max(e) OVER (PARTITION BY person ORDER BY s, e
                      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
  FROM met WHERE s < e)
SELECT count(DISTINCT person), coalesce(sum(max(0, e - max(s, coalesce(before, s)))), 0)
FROM added;
