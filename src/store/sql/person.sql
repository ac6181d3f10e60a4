-- What ranking and source finding need of a person.
SELECT "grid", "household_key", "occupation", "sealed"
FROM "persons"
WHERE "person" = :person
