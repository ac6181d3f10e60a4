-- The towns where people live: the first nine characters of a grid code.
SELECT DISTINCT substr("grid", 1, 9)
FROM "person"
WHERE "grid" IS NOT NULL
