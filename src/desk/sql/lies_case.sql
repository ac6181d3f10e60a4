-- Whose case it is, and where they live; where it was reported.
SELECT p."grid", c."grid" AS "also", c."person"
FROM "cases" AS c
LEFT JOIN "person" AS p ON p."person" = c."person"
WHERE c."case_id" = :named
