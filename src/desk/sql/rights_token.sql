-- As what a token lets work, where, until when.
SELECT "role", "grid", "active", "until"
FROM "token"
WHERE "token" = :name
