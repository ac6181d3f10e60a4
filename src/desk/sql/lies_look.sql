-- For which grid somebody worked who looked.
SELECT "grid", NULL AS "also", NULL AS "person"
FROM "look"
WHERE "look" = :named
