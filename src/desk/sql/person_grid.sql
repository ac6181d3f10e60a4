-- Where a person lives.
SELECT "grid"
FROM "person"
WHERE "person" = :person
