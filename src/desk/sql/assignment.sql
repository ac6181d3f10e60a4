-- Whether an assignment was given, and was not ended; in whose grid.
SELECT "given_at" AS "begun_at", "active" AS "goes_on", "grid", NULL AS "also"
FROM "assignment"
WHERE "assignment" = :subject
