-- Whether a custody was given, and was not ended; to which grid, and where the person lives,
-- who was handed over from there.
SELECT c."given_at" AS "begun_at", c."active" AS "goes_on", c."grid", p."grid" AS "also"
FROM "custody" AS c
LEFT JOIN "person" AS p ON p."person" = c."person"
WHERE c."custody" = :subject
