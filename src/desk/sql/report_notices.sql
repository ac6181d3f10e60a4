-- A notice that was published, of an outbreak that goes on or of none, whose place and
-- time somebody says to have been at.
SELECT n."notice_id"
FROM "notice" AS n
LEFT JOIN "outbreak" AS o ON o."outbreak" = n."outbreak"
WHERE n."place" = :place AND n."place" IS NOT NULL AND n."published_at" IS NOT NULL
  AND (o."active" IS NULL OR o."active" = 1)
  AND (n."from_at" IS NULL OR n."from_at" <= :until)
  AND (n."until_at" IS NULL OR n."until_at" >= :from)
