-- Where an order lies and until when it binds; whether it is still in force.
SELECT o."grid", o."ends_at", CASE WHEN f."order_id" IS NULL THEN 0 ELSE 1 END AS "stands"
FROM "orders" AS o
LEFT JOIN "order_in_force" AS f ON f."order_id" = o."order_id"
WHERE o."order_id" = :reference AND o."issued_at" IS NOT NULL
