-- Ids that are one person.
SELECT "a", "b"
FROM "person_same"
WHERE "same" = 1
