-- Whether an assignment was given, and was not ended.
SELECT "given_at" AS "begun_at", "active" AS "goes_on"
FROM "assignment"
WHERE "assignment" = :subject
