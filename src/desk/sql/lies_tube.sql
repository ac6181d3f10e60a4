-- Where the samples of a tube were collected.
SELECT "grid", NULL AS "also", NULL AS "person"
FROM "tube"
WHERE "tube_id" = :named
