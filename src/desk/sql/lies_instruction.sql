-- Where an instruction is dealt with.
SELECT "grid", NULL AS "also", NULL AS "person"
FROM "instruction"
WHERE "instruction" = :named
