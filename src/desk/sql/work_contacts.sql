-- Who was named or judged to be a contact of a case, and how far the work on them is.
SELECT k."person", k."attempts", k."attempted_at", k."attempt", k."reached_at",
       k."placed_at", k."placed_in", k."tested_at", k."result", k."converted_at",
       k."level", k."exposed_from", k."exposed_until", k."named_at", k."confirmed_at",
       k."last_confirmed_at", k."dismissed_at", k."dismissed_for"
FROM "tracing_joined" AS k
WHERE k."case_id" = :case
ORDER BY k."person"
