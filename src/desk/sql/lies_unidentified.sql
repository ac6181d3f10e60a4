-- Where it was told of a contact who is not identified.
SELECT "grid", NULL AS "also", NULL AS "person"
FROM "contact_unidentified"
WHERE "contact_id" = :named
