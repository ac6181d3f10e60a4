-- Contacts of a case whom nobody knows yet.
SELECT "contact_id", "level", "exposed_from", "exposed_until", "told_at"
FROM "contact_unidentified"
WHERE "case_id" = :case AND "case_id" IS NOT NULL AND "identified_at" IS NULL
ORDER BY "contact_id"
