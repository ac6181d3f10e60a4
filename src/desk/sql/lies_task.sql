-- Where the hole of a task lies.
SELECT "grid", NULL AS "also", NULL AS "person"
FROM "task"
WHERE "task_id" = :named
