-- A case by its id; times in µs UTC.
SELECT "case_id", "person", "reported", "onset", "onset_kind", "sampled", "symptomatic",
       "isolated", "last_negative", "classification", "died", "buried"
FROM "cases"
WHERE "case_id" = :case_id
