-- Which person a user is, where their account says so.
SELECT "person"
FROM "users"
WHERE "user_id" = :name AND "person" IS NOT NULL
