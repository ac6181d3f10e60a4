-- Whether a token was issued, and is good.
SELECT "issued_at" AS "begun_at", "active" AS "goes_on"
FROM "token"
WHERE "token" = :subject
