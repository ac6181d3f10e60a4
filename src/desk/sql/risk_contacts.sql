-- Each contact of an outbreak once, whatever ids they have, by the highest level that was
-- judged (3 close, 2 secondary, 1 general, 0 not judged) and what the latest exposure was;
-- those nobody knows yet (identified 0), one by one. Contacts of what was found to be no
-- case are none.
SELECT k."outbreak", max(substr(coalesce(p."grid", k."grid", ''), 1, 12)) AS "at",
       1 AS "identified",
       max(CASE WHEN k."confirmed_at" IS NULL THEN 0
                WHEN k."level" = 'close' THEN 3
                WHEN k."level" = 'secondary' THEN 2
                WHEN k."level" = 'general' THEN 1 ELSE 0 END) AS "height",
       max(k."exposed_until") AS "exposed_until",
       max(k."reached_at"), max(k."placed_at"), max(k."tested_at"), max(k."converted_at")
FROM "tracing_joined" AS k
LEFT JOIN "cases" AS c ON c."case_id" = k."case_id"
LEFT JOIN "person" AS p ON p."person" = k."person"
WHERE k."outbreak" IS NOT NULL
  AND (c."classification" IS NULL OR c."classification" <> 'not_a_case')
  AND (k."dismissed_at" IS NULL OR k."last_confirmed_at" >= k."dismissed_at")
GROUP BY k."outbreak", k."person"
UNION ALL
SELECT u."outbreak", substr(coalesce(u."grid", ''), 1, 12) AS "at", 0 AS "identified",
       CASE u."level" WHEN 'close' THEN 3 WHEN 'secondary' THEN 2 WHEN 'general' THEN 1
                      ELSE 0 END AS "height",
       u."exposed_until", NULL, NULL, NULL, NULL
FROM "contact_unidentified" AS u
LEFT JOIN "cases" AS c ON c."case_id" = u."case_id"
WHERE u."outbreak" IS NOT NULL AND u."told_at" IS NOT NULL AND u."identified_at" IS NULL
  AND (c."classification" IS NULL OR c."classification" <> 'not_a_case')
ORDER BY 1
