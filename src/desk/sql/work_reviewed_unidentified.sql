-- The same of contacts whom nobody knew; and who they were found to be since.
SELECT r."contact_id", r."reviewed_at", r."rank", r."level", r."exposed_until",
       r."seconds", r."probability_ppm", r."result", coalesce(o."shown", u."person")
FROM "unidentified_review" AS r
LEFT JOIN "contact_unidentified" AS u
       ON u."contact_id" = r."contact_id" AND u."identified_at" IS NOT NULL
LEFT JOIN "register_shown" AS o ON o."person" = u."person"
WHERE r."case_id" = :case
ORDER BY r."contact_id"
