-- Where each person lives, for the background of source finding.
SELECT "person", "grid"
FROM "person"
WHERE "grid" IS NOT NULL
