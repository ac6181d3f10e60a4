-- Who was sampled in a round, as often as they were.
SELECT "person"
FROM "sample"
WHERE "round_id" = :round
