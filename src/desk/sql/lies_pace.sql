-- For which grid somebody worked who looked much, or was refused, within an hour, or
-- looked at one person within a day.
SELECT "grid", NULL AS "also", NULL AS "person"
FROM "look_pace"
WHERE "stretch" = :named
UNION ALL
SELECT "grid", NULL AS "also", NULL AS "person"
FROM "look_refusals"
WHERE "stretch" = :named
UNION ALL
SELECT "grid", NULL AS "also", NULL AS "person"
FROM "look_often"
WHERE "stretch" = :named
