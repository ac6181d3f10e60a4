-- Whose case it is, and what it was found to be.
SELECT "person", "classification"
FROM "cases"
WHERE "case_id" = :case
