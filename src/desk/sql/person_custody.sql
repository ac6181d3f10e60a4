-- In whose charge a person is, beside where they live.
SELECT "grid"
FROM "custody"
WHERE "person" = :person AND "active" = 1 AND "taken_at" IS NOT NULL AND "until" > :at
