-- The greatest number of a place that a row holds, if there is one.
SELECT "place"
FROM (SELECT max("place") AS "place"
      FROM "places"
      UNION ALL
      SELECT max("parent")
      FROM "places")
WHERE "place" IS NOT NULL
ORDER BY "place" DESC
LIMIT 1
