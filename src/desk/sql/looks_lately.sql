-- How many people each answer of lately showed; an export is several looks of one moment.
SELECT "actor", "looked_at", CAST(sum("shown") AS BIGINT) AS "persons"
FROM "look"
WHERE "looked_at" > :since AND "refused" IS NULL
GROUP BY "actor", "looked_at"
ORDER BY "looked_at"
