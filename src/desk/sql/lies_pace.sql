-- For which grid somebody worked who looked much within an hour.
SELECT "grid", NULL AS "also", NULL AS "person"
FROM "look_pace"
WHERE "stretch" = :named
