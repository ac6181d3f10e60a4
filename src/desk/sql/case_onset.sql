-- When a case fell ill.
SELECT "onset"
FROM "cases"
WHERE "case_id" = :case
