-- Whom each order names.
SELECT "order_id", "person"
FROM "order_person"
