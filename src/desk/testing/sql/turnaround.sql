-- Tubes whose first sample was taken since :since, and what came of them.
SELECT "first_collected_at", "received_at", "resulted_at", coalesce("grid", '')
FROM "tube"
WHERE "first_collected_at" > :since AND "first_collected_at" <= :now
