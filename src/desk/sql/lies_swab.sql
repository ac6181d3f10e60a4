-- Where a thing was swabbed.
SELECT "grid", NULL AS "also", NULL AS "person"
FROM "environment_sample"
WHERE "tube_id" = :named
