-- Close and secondary contacts that were confirmed and not dismissed since, those of one
-- person in one outbreak, whichever of their ids was named, after another, and of these
-- those of one case.
SELECT k."case_id", coalesce(k."outbreak", ''), coalesce(a."same_as", k."person"),
       k."level", k."named_at", k."confirmed_at", k."exposed_until", f."reached_at", f."placed_at", f."tested_at",
       f."converted_at"
FROM "contact" AS k
LEFT JOIN "contact_follow" AS f
       ON f."outbreak" = k."outbreak" AND f."person" = k."person"
LEFT JOIN "alias" AS a ON a."person" = k."person"
WHERE k."confirmed_at" IS NOT NULL AND k."level" IN ('close', 'secondary')
  AND (k."dismissed_at" IS NULL OR k."last_confirmed_at" >= k."dismissed_at")
ORDER BY coalesce(k."outbreak", ''), coalesce(a."same_as", k."person"), k."case_id"
