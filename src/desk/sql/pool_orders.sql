-- Orders whose ids begin with one text: those between it and the text after it.
SELECT "order_id"
FROM "orders"
WHERE "order_id" >= :first AND "order_id" < :behind
ORDER BY "order_id"
