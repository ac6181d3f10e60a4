-- Every id that is said to be one person with another.
SELECT "a"
FROM "person_same"
WHERE "same" = 1
UNION
SELECT "b"
FROM "person_same"
WHERE "same" = 1
