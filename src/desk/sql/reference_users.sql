-- Who the users are that work here, where their accounts say so.
SELECT "person"
FROM "users"
WHERE "person" IS NOT NULL AND "active" = 1
