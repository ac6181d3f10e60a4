-- Every task that was assigned of the kinds of holes from one name to another, with the
-- rows of its hole: none where it is closed. A hole of a contact stands under the id that
-- lists show; which of a person's ids the task names is no matter.
SELECT t."task_id", t."hole", t."subject", t."person", t."place", t."post", t."due_at",
       t."instruction", t."grid", t."assigned_at", t."last_assigned_at", t."accepted_at",
       t."returned_at", t."reason", h."grid", h."since", h."subject",
       h."number", t."hole_since"
FROM "task" AS t
LEFT JOIN "register_shown" AS o
       ON o."person" = t."person"
      AND t."hole" >= 'tracing/contact_' AND t."hole" < 'tracing/contact`'
LEFT JOIN "hole" AS h
       ON h."kind" = t."hole"
      AND h."subject" = CASE WHEN t."place" IS NULL THEN coalesce(t."subject", '')
                             ELSE '' END
      AND h."number" = coalesce(o."shown", t."person", t."place", -1)
WHERE t."hole" >= :from AND t."hole" <= :upto AND t."post" IS NOT NULL AND t."due_at" IS NOT NULL
ORDER BY t."task_id", h."since"
