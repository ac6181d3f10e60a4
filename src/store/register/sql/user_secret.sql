-- The sealed secret of a user.
SELECT "sealed"
FROM "user_secret"
WHERE "user_id" = :user_id
