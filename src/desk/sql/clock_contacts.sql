-- Close and secondary contacts that were confirmed and not dismissed since, those of one
-- person in one outbreak, whatever ids they have, one after another, by case.
SELECT k."case_id", coalesce(k."outbreak", ''), k."person", k."level", k."named_at",
       k."confirmed_at", k."exposed_until", k."reached_at", k."placed_at", k."tested_at",
       k."converted_at"
FROM "tracing_joined" AS k
WHERE k."confirmed_at" IS NOT NULL AND k."level" IN ('close', 'secondary')
  AND (k."dismissed_at" IS NULL OR k."last_confirmed_at" >= k."dismissed_at")
ORDER BY coalesce(k."outbreak", ''), k."person", k."case_id"
