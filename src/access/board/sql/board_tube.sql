-- What became of a tube.
SELECT "result", "result_at"
FROM "tube"
WHERE "tube_id" = :tube
