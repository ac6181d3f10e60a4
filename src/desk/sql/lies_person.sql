-- Where a person lives.
SELECT "grid", NULL AS "also", "person"
FROM "person"
WHERE "person" = :named
