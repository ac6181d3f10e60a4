-- What is known of each case, when, and where, no finer than a village; times that the result's tube says stand in for those
-- that nobody said.
SELECT c."case_id",
       coalesce(c."outbreak", (SELECT max(k."outbreak") FROM "contact" AS k
                               WHERE k."case_id" = c."case_id"),
                (SELECT max(u."outbreak") FROM "contact_unidentified" AS u
                 WHERE u."case_id" = c."case_id"), ''),
       substr(coalesce(c."grid", p."grid", ''), 1, 12),
       c."source", c."onset", c."first_care_at",
       coalesce(c."sampled", t."first_collected_at"),
       coalesce(c."resulted_at", t."resulted_at"),
       coalesce(c."reported", c."first_told_at"), w."first_facts_at", w."core_report_at",
       coalesce(w."contacts_listed_at",
                (SELECT min(k."confirmed_at") FROM "contact" AS k
                 WHERE k."case_id" = c."case_id")),
       w."full_report_at",
       (SELECT min(i."interviewed_at") FROM "interview" AS i
        WHERE i."case_id" = c."case_id"),
       CASE WHEN w."set_apart_at" < c."isolated" OR c."isolated" IS NULL
            THEN w."set_apart_at" ELSE c."isolated" END,
       w."treated_at",
       CASE WHEN w."outcome_at" < c."died" OR c."died" IS NULL
            THEN w."outcome_at" ELSE c."died" END
FROM "cases" AS c
LEFT JOIN "case_work" AS w ON w."case_id" = c."case_id"
LEFT JOIN "tube" AS t ON t."tube_id" = c."tube"
LEFT JOIN "register_shown" AS h ON h."person" = c."person"
LEFT JOIN "person" AS p ON p."person" = coalesce(h."shown", c."person")
WHERE c."classification" IS NULL OR c."classification" <> 'not_a_case'
