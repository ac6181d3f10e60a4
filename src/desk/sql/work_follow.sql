-- Work on everybody in the outbreak of a case: whoever is a contact of two of its cases
-- is called once.
SELECT "person", "attempts", "attempted_at", "attempt", "reached_at", "placed_at",
       "placed_in", "tested_at", "result", "converted_at"
FROM "contact_follow"
WHERE "outbreak" = (SELECT c."outbreak" FROM "cases" AS c WHERE c."case_id" = :case)
ORDER BY "person"
