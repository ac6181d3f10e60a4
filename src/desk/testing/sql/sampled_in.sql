-- Who was sampled in a round since a moment, as often as they were.
SELECT "person"
FROM "sample"
WHERE "collected_at" >= :since AND "round_id" = :round
