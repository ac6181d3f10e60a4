-- All ids of the person who has this one; none when it is their only one.
SELECT m."person"
FROM "alias" AS x
JOIN "alias" AS m ON m."same_as" = x."same_as"
WHERE x."person" = :person
ORDER BY m."person"
