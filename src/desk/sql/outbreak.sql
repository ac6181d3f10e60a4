-- Whether an outbreak was declared, and goes on.
SELECT "declared_at" AS "begun_at", "active" AS "goes_on"
FROM "outbreak"
WHERE "outbreak" = :subject
