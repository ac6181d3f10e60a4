-- A tube's newest result.
SELECT "result"
FROM "tube"
WHERE "tube_id" = :tube
