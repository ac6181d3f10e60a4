-- Whether a user was added, and may work.
SELECT "added_at" AS "begun_at", "active" AS "goes_on"
FROM "users"
WHERE "user_id" = :subject
