-- Work on everybody in the outbreak of a case: whoever is a contact of two of its cases
-- is called once. Its outbreak is what was said of the case, and what those said who named
-- its contacts, so that nothing is lost where nobody had said it of the case yet.
SELECT "person", "attempts", "attempted_at", "attempt", "reached_at", "placed_at",
       "placed_in", "tested_at", "result", "converted_at"
FROM "contact_follow"
WHERE "outbreak" IN (SELECT c."outbreak" FROM "cases" AS c WHERE c."case_id" = :case
                     UNION
                     SELECT k."outbreak" FROM "contact" AS k WHERE k."case_id" = :case
                     UNION
                     SELECT u."outbreak" FROM "contact_unidentified" AS u
                     WHERE u."case_id" = :case)
ORDER BY "person"
