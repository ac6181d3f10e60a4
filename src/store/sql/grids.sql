-- Where each person lives, for the background of source finding.
SELECT "person", "grid"
FROM "persons"
WHERE "grid" IS NOT NULL
