-- As what a user works, where, until when.
SELECT "role", "grid", "active", NULL AS "until"
FROM "users"
WHERE "user_id" = :name
