-- Contacts of an outbreak, those of several cases in as many rows, for sums: level (3 close,
-- 2 secondary, 1 general, 0 not said), what the latest exposure was, and the steps of work;
-- those nobody knows yet have no person. Contacts of what was found to be no case are none.
-- Rows of one person are put together by the reader (counted.c).
SELECT k."outbreak", k."person", substr(coalesce(p."grid", k."grid", ''), 1, 12) AS "at",
       CASE k."level" WHEN 'close' THEN 3 WHEN 'secondary' THEN 2 WHEN 'general' THEN 1
                      ELSE coalesce(w."height", 0) END AS "height",
       coalesce(k."exposed_until", w."exposed_until"), k."confirmed_at", k."reached_at", k."placed_at", k."tested_at", k."converted_at"
FROM "tracing_joined" AS k
LEFT JOIN "person" AS p ON p."person" = k."person"
-- What was known of them before anybody knew who they are.
LEFT JOIN (SELECT i."case_id", coalesce(o."shown", i."person") AS "person",
                  max(CASE i."level" WHEN 'close' THEN 3 WHEN 'secondary' THEN 2
                                     WHEN 'general' THEN 1 ELSE NULL END) AS "height",
                  max(i."exposed_until") AS "exposed_until"
           FROM "contact_unidentified" AS i
           LEFT JOIN "register_shown" AS o ON o."person" = i."person"
           WHERE i."person" IS NOT NULL AND i."identified_at" IS NOT NULL
           GROUP BY i."case_id", coalesce(o."shown", i."person")) AS w
       ON w."case_id" = k."case_id" AND w."person" = k."person"
WHERE k."outbreak" IS NOT NULL
  AND k."case_id" NOT IN (SELECT c."case_id" FROM "cases" AS c
                          WHERE c."classification" = 'not_a_case')
  AND (k."dismissed_at" IS NULL OR k."last_confirmed_at" >= k."dismissed_at")
UNION ALL
SELECT coalesce(c."outbreak", u."outbreak"), NULL AS "person", substr(coalesce(u."grid", ''), 1, 12) AS "at",
       CASE u."level" WHEN 'close' THEN 3 WHEN 'secondary' THEN 2 WHEN 'general' THEN 1
                      ELSE 0 END AS "height",
       u."exposed_until", NULL, NULL, NULL, NULL, NULL
FROM "contact_unidentified" AS u
LEFT JOIN "cases" AS c ON c."case_id" = u."case_id"
WHERE coalesce(c."outbreak", u."outbreak") IS NOT NULL AND u."told_at" IS NOT NULL AND u."identified_at" IS NULL
  AND (c."classification" IS NULL OR c."classification" <> 'not_a_case')
