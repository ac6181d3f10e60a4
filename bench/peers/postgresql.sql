-- The same questions to PostgreSQL 15. Times are minutes since 00:00 of the first day;
-- stays are split at midnight, so that every overlap lies within one day and one range of
-- the index finds it. PL/pgSQL keeps the plans and takes the time inside the server: no
-- client, no parsing, no planning is counted.

CREATE FUNCTION first_ring(who int, since int, until int, OUT people bigint,
                           OUT minutes bigint)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  SELECT count(*), coalesce(sum(m), 0) INTO first_ring.people, first_ring.minutes
  FROM (SELECT b.person,
               sum(least(b.e, a.e, until) - greatest(b.s, a.s, since)) AS m
        FROM stay a
        JOIN stay b ON b.place = a.place AND b.s >= a.s - a.s % 1440 AND b.s < a.e
                   AND b.e > a.s
        WHERE a.person = who AND a.s >= since AND a.s < until AND b.person <> who
        GROUP BY b.person) AS met;
END
$$;

CREATE FUNCTION second_ring_crowd300(who int, since int, until int, OUT people bigint,
                                     OUT minutes bigint)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  WITH mine AS MATERIALIZED (
    SELECT a.place, a.s, a.e
    FROM stay a
    WHERE a.person = who AND a.s >= since AND a.s < until
      AND NOT EXISTS (SELECT FROM crowded k
                      WHERE k.place = a.place AND k.day = a.s / 1440)),
  first AS MATERIALIZED (
    SELECT b.person, min(greatest(b.s, a.s, since)) AS met_since
    FROM mine a
    JOIN stay b ON b.place = a.place AND b.s >= a.s - a.s % 1440 AND b.s < a.e
               AND b.e > a.s
    WHERE b.person <> who
    GROUP BY b.person),
  met AS (
    SELECT b.person, greatest(b.s, a.s, f.met_since) AS s, least(b.e, a.e, until) AS e
    FROM first f
    JOIN stay a ON a.person = f.person AND a.s >= f.met_since - f.met_since % 1440
               AND a.s < until AND a.e > f.met_since
    JOIN stay b ON b.place = a.place AND b.s >= a.s - a.s % 1440 AND b.s < a.e
               AND b.e > greatest(a.s, f.met_since)
    WHERE NOT EXISTS (SELECT FROM crowded k
                      WHERE k.place = a.place AND k.day = a.s / 1440)
      AND b.person <> who
      AND NOT EXISTS (SELECT FROM first g WHERE g.person = b.person)),
  -- Length of the union: what each stretch adds behind the latest end before it.
  added AS (
    SELECT person, s, e,
           max(e) OVER (PARTITION BY person ORDER BY s, e
                        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
    FROM met WHERE s < e)
  SELECT count(DISTINCT person),
         coalesce(sum(greatest(0, e - greatest(s, coalesce(before, s)))), 0)
  INTO second_ring_crowd300.people, second_ring_crowd300.minutes
  FROM added;
END
$$;

-- One row a case: its first run and the median of the three that follow two warm ones.
CREATE FUNCTION measure(which text)
RETURNS TABLE (number int, people bigint, minutes bigint, first_ms float8, ms float8)
LANGUAGE plpgsql AS $$
DECLARE
  c record;
  began timestamptz;
  took float8[];
BEGIN
  FOR c IN SELECT * FROM asked ORDER BY asked.number LOOP
    took := '{}';
    FOR run IN 1..6 LOOP
      began := clock_timestamp();
      IF which = 'first_ring_all' THEN
        SELECT r.people, r.minutes INTO people, minutes
        FROM first_ring(c.person, c.since, c.until) r;
      ELSE
        SELECT r.people, r.minutes INTO people, minutes
        FROM second_ring_crowd300(c.person, c.since, c.until) r;
      END IF;
      took := took || extract(epoch FROM clock_timestamp() - began)::float8 * 1000;
    END LOOP;
    number := c.number;
    first_ms := took[1];
    ms := (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY t)
           FROM unnest(took[4:6]) t);
    RETURN NEXT;
  END LOOP;
END
$$;
