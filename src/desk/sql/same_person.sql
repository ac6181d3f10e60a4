-- All ids of the person who has this one, itself among them.
SELECT CAST(:weft_person AS BIGINT) AS "person"
UNION
SELECT m."person"
FROM "alias" AS x
JOIN "alias" AS m ON m."same_as" = x."same_as"
WHERE x."person" = :weft_person
