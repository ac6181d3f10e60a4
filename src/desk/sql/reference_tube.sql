-- Whether a tube is positive that was sealed with one person's sample, and has no other.
SELECT 1
FROM "tube"
WHERE "tube_id" = :tube AND "samples" = 1 AND "stated_count" = 1 AND "result" = 'positive'
