-- What ranking and source finding need of a person.
SELECT "grid", "household_key", "occupation", "sealed"
FROM "person"
WHERE "person" = :person
