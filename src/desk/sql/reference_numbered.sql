-- The cases that go by a number, the one of that id first: where the person lives, where
-- the case was reported, whose it is, and whether it is another number of the case.
SELECT q."case_id", p."grid", q."grid" AS "also", q."person", q."other"
FROM (SELECT c."case_id" AS "case_id", c."grid" AS "grid", c."person" AS "person",
             0 AS "other"
      FROM "cases" AS c
      WHERE c."case_id" = :number
      UNION ALL
      SELECT k."case_id", k."grid", k."person", 1
      FROM "cases" AS k
      WHERE k."known_as" = :number
      UNION ALL
      SELECT t."case_id", t."grid", t."person", 1
      FROM "cases" AS t
      WHERE t."known_as_too" = :number) AS q
LEFT JOIN "person" AS p ON p."person" = q."person"
ORDER BY q."other", q."case_id"
