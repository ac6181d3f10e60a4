-- Where an exposure was recorded.
SELECT "grid", NULL AS "also", NULL AS "person"
FROM "exposure"
WHERE "exposure_id" = :named
