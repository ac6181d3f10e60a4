-- Whose case it is, where the person lives, what it was found to be, and whether its
-- outbreak is over.
SELECT c."person", p."grid", c."classification", o."active"
FROM "cases" AS c
LEFT JOIN "person" AS p ON p."person" = c."person"
LEFT JOIN "outbreak" AS o ON o."outbreak" = c."outbreak"
WHERE c."case_id" = :reference
