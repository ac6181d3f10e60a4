-- Posts that somebody is owed at, though no roster says anybody from now on: those that
-- were on one while an outbreak goes on, and those that have an instruction to answer (as
-- the hole command/post_not_held has it). A post may come several times.
SELECT h."post"
FROM "post_holder" AS h
WHERE h."until_at" <= :now
  AND EXISTS (SELECT 1 FROM "outbreak" AS o WHERE o."active" = 1)
UNION ALL
SELECT i."post"
FROM "instruction" AS i
WHERE i."post" IS NOT NULL AND i."done_at" IS NULL AND i."received_at" IS NOT NULL
