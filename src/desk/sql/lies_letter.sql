-- Where a letter is dealt with.
SELECT "grid", NULL AS "also", NULL AS "person"
FROM "letter"
WHERE "letter_id" = :named
