-- How contacts of a case stood in its work list when somebody last went through it.
SELECT "person", "reviewed_at", "rank", "level", "exposed_until", "seconds",
       "probability_ppm", "result"
FROM "contact_review"
WHERE "case_id" = :case
ORDER BY "person"
