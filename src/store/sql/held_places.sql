-- The number of every place that some row holds; may name one twice.
SELECT "place"
FROM "places"
UNION ALL
SELECT "parent"
FROM "places"
WHERE "parent" IS NOT NULL
