-- Ids that were said to be one person, and the id under which lists show the person.
SELECT "person", "shown"
FROM "register_shown"
ORDER BY "person"
