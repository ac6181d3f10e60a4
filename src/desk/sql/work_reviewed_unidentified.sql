-- The same of contacts whom nobody knew.
SELECT "contact_id", "reviewed_at", "rank", "level", "exposed_until", "seconds",
       "probability_ppm", "result"
FROM "unidentified_review"
WHERE "case_id" = :case
ORDER BY "contact_id"
