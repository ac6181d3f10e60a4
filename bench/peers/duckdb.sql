-- The same questions to DuckDB; see postgresql.sql. Two sorted copies of the stays, so
-- that its zone maps prune: by_place (place, s) and by_person (person, s). Parameters: $1
-- person, $2 from, $3 until. Each statement answers (people, minutes).

-- first_ring_all
SELECT count(*)::INT AS people, coalesce(sum(m), 0)::BIGINT AS minutes
FROM (SELECT b.person, sum(least(b.e, a.e, $3) - greatest(b.s, a.s, $2)) AS m
      FROM by_person a
      JOIN by_place b ON b.place = a.place AND b.day = a.day AND b.s < a.e AND b.e > a.s
      WHERE a.person = $1 AND a.s >= $2 AND a.s < $3 AND b.person <> $1
      GROUP BY b.person);

-- second_ring_crowd300
WITH mine AS MATERIALIZED (
  SELECT a.place, a.day, a.s, a.e
  FROM by_person a ANTI JOIN crowded k ON k.place = a.place AND k.day = a.day
  WHERE a.person = $1 AND a.s >= $2 AND a.s < $3),
first AS MATERIALIZED (
  SELECT b.person, min(greatest(b.s, a.s, $2)) AS since
  FROM mine a
  JOIN by_place b ON b.place = a.place AND b.day = a.day AND b.s < a.e AND b.e > a.s
  WHERE b.person <> $1
  GROUP BY b.person),
theirs AS (
  SELECT a.place, a.day, greatest(a.s, f.since) AS s, a.e
  FROM first f JOIN by_person a ON a.person = f.person
  ANTI JOIN crowded k ON k.place = a.place AND k.day = a.day
  WHERE a.s < $3 AND a.e > f.since),
met AS (
  SELECT b.person, greatest(b.s, a.s) AS s, least(b.e, a.e, $3) AS e
  FROM theirs a
  JOIN by_place b ON b.place = a.place AND b.day = a.day AND b.s < a.e AND b.e > a.s
  ANTI JOIN first g ON g.person = b.person
  WHERE b.person <> $1),
added AS (
  SELECT person, s, e,
         max(e) OVER (PARTITION BY person ORDER BY s, e
                      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
  FROM met WHERE s < e)
SELECT count(DISTINCT person)::INT AS people,
       coalesce(sum(greatest(0, e - greatest(s, coalesce(before, s)))), 0)::BIGINT AS minutes
FROM added;

-- batch_100k_crowd300
SELECT count(*)::BIGINT AS people, sum(m)::BIGINT AS minutes
FROM (SELECT c.number, b.person, sum(least(b.e, a.e, $3) - greatest(b.s, a.s, $2)) AS m
      FROM batch c
      JOIN by_person a ON a.person = c.person
      ANTI JOIN crowded k ON k.place = a.place AND k.day = a.day
      JOIN by_place b ON b.place = a.place AND b.day = a.day AND b.s < a.e AND b.e > a.s
      WHERE a.s >= $2 AND a.s < $3 AND b.s < $3 AND b.person <> c.person
      GROUP BY c.number, b.person);

-- source_50
-- Only the counting that source finding rests on: the places that two or more households of
-- cases share in their source windows, and all their visitors over those weeks. Ours also
-- weighs the background by hour and gives exact tail probabilities.
WITH seen AS (
  SELECT DISTINCT a.place, c.number, c.household
  FROM source_case c JOIN by_person a ON a.person = c.person
  WHERE a.e > c.since AND a.s < c.until),
shared AS (
  SELECT place, count(*) AS cases FROM seen GROUP BY place
  HAVING count(DISTINCT household) >= 2),
visitors AS (
  SELECT b.place, count(DISTINCT b.person) AS visitors
  FROM shared s JOIN by_place b ON b.place = s.place
  WHERE b.e > (SELECT min(since) FROM source_case) AND b.s < (SELECT max(until) FROM source_case)
  GROUP BY b.place)
SELECT count(*)::INT AS people, coalesce(sum(visitors), 0)::BIGINT AS minutes FROM visitors;
