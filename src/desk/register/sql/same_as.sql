-- Ids that are said to be one person with this one, directly.
SELECT "b"
FROM "person_same"
WHERE "a" = :person AND "same" = 1
UNION
SELECT "a"
FROM "person_same"
WHERE "b" = :person AND "same" = 1
