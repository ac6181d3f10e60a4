-- Who was named or judged to be a contact of a case, and how far the work on them is.
SELECT k."person", f."attempts", f."attempted_at", f."attempt", f."reached_at",
       f."placed_at", f."placed_in", f."tested_at", f."result", f."converted_at",
       k."level", k."exposed_from", k."exposed_until", k."named_at", k."confirmed_at",
       k."last_confirmed_at", k."dismissed_at", k."dismissed_for"
FROM "contact" AS k
LEFT JOIN "contact_follow" AS f
       ON f."outbreak" = k."outbreak" AND f."person" = k."person"
WHERE k."case_id" = :case
ORDER BY k."person"
