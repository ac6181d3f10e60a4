-- Where an order lies.
SELECT "grid", NULL AS "also", NULL AS "person"
FROM "orders"
WHERE "order_id" = :named
