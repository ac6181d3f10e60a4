-- An outbreak lies where it was declared, which its facts know.
SELECT NULL AS "grid", NULL AS "also", NULL AS "person"
FROM "outbreak"
WHERE "outbreak" = :named
