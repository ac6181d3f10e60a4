-- Whose contact somebody is whom nobody knows yet.
SELECT "case_id"
FROM "contact_unidentified"
WHERE "contact_id" = :named AND "case_id" IS NOT NULL
