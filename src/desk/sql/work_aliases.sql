-- Ids that were said to be one person, and the id that stands for all of them.
SELECT "person", "same_as"
FROM "alias"
ORDER BY "person"
