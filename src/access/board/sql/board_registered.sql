-- All who are registered.
SELECT "person"
FROM "person"
