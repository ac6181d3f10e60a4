-- The greatest number of a person that a row holds, if there is one.
SELECT "person"
FROM (SELECT max("person") AS "person"
      FROM "persons"
      UNION ALL
      SELECT max("person")
      FROM "cases")
WHERE "person" IS NOT NULL
ORDER BY "person" DESC
LIMIT 1
