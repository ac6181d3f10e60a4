-- Who was named or judged to be a contact of a case, and how far the work on them is; of
-- who was identified since also what was known of them before.
SELECT k."person", k."attempts", k."attempted_at", k."attempt", k."reached_at",
       k."placed_at", k."placed_in", k."tested_at", k."result", k."converted_at",
       coalesce(k."level", CASE u."height" WHEN 3 THEN 'close' WHEN 2 THEN 'secondary'
                                           WHEN 1 THEN 'general' ELSE NULL END),
       coalesce(k."exposed_from", u."exposed_from"),
       coalesce(k."exposed_until", u."exposed_until"), k."named_at", k."confirmed_at",
       k."last_confirmed_at", k."dismissed_at", k."dismissed_for"
FROM "tracing_joined" AS k
LEFT JOIN (SELECT coalesce(o."shown", i."person") AS "person",
                  max(CASE i."level" WHEN 'close' THEN 3 WHEN 'secondary' THEN 2
                                     WHEN 'general' THEN 1 ELSE NULL END) AS "height",
                  min(i."exposed_from") AS "exposed_from",
                  max(i."exposed_until") AS "exposed_until"
           FROM "contact_unidentified" AS i
           LEFT JOIN "register_shown" AS o ON o."person" = i."person"
           WHERE i."case_id" = :case AND i."person" IS NOT NULL
             AND i."identified_at" IS NOT NULL
           GROUP BY coalesce(o."shown", i."person")) AS u
       ON u."person" = k."person"
WHERE k."case_id" = :case
ORDER BY k."person"
