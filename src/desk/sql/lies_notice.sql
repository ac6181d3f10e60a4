-- Where what was published lies.
SELECT "grid", NULL AS "also", NULL AS "person"
FROM "notice"
WHERE "notice_id" = :named
