-- Every task that was assigned, with the rows of its hole: none where it is closed.
SELECT t."task_id", t."hole", t."subject", t."person", t."place", t."post", t."due_at",
       t."instruction", t."grid", t."assigned_at", t."last_assigned_at", t."accepted_at",
       t."returned_at", t."reason", h."grid", h."since"
FROM "task" AS t
LEFT JOIN "hole" AS h
       ON h."kind" = t."hole"
      AND h."subject" = CASE WHEN t."place" IS NULL THEN coalesce(t."subject", '')
                             ELSE '' END
      AND h."number" = coalesce(t."person", t."place", -1)
WHERE t."hole" IS NOT NULL AND t."post" IS NOT NULL AND t."due_at" IS NOT NULL
ORDER BY t."task_id", h."since"
