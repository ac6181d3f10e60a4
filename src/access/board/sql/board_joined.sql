-- Every id that is one person with others, those of one person one after another.
SELECT "same_as", "person"
FROM "alias"
ORDER BY "same_as", "person"
