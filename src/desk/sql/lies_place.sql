-- Where a place lies.
SELECT "grid", NULL AS "also", NULL AS "person"
FROM "place"
WHERE "place" = :named
