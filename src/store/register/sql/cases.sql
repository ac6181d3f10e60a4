-- All cases by (reported, id), those without a report last; columns as in case.sql.
SELECT "case_id", "person", "reported", "onset", "onset_kind", "sampled", "symptomatic",
       "isolated", "last_negative", "classification", "died", "buried"
FROM "cases"
ORDER BY "reported" IS NULL, "reported", "case_id"
