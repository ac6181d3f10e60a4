-- The greatest number of a place that a row holds, if there is one. Without a condition,
-- as for persons.
SELECT max("place")
FROM (SELECT max("place") AS "place"
      FROM "places"
      UNION ALL
      SELECT max("parent")
      FROM "places") AS "held"
