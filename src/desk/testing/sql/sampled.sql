-- Who was sampled since a moment, as often as they were.
SELECT "person"
FROM "sample"
WHERE "collected_at" >= :since
