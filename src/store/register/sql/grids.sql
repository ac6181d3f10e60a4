-- Where people live, to count those of each town.
SELECT "grid"
FROM "person"
WHERE "grid" IS NOT NULL
