-- By whose grid an assignment was given.
SELECT "grid", NULL AS "also", NULL AS "person"
FROM "assignment"
WHERE "assignment" = :named
