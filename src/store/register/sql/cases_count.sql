-- How many rows cases.sql gives.
SELECT count(*)
FROM "cases"
