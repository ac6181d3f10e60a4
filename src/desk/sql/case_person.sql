-- Whose case it is.
SELECT "person"
FROM "cases"
WHERE "case_id" = :case
