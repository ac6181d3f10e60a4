-- Where people live, to count those of each town.
SELECT "grid"
FROM "persons"
WHERE "grid" IS NOT NULL
