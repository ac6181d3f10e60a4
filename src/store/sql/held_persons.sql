-- The number of every person that some row holds; may name one twice.
SELECT "person"
FROM "persons"
UNION ALL
SELECT "person"
FROM "cases"
WHERE "person" IS NOT NULL
