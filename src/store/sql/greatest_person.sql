-- The greatest number of a person that a row holds, if there is one. Without a condition
-- on it: with one SQLite reads every row instead of the last.
SELECT max("person")
FROM (SELECT max("person") AS "person"
      FROM "persons"
      UNION ALL
      SELECT max("person")
      FROM "cases") AS "held"
