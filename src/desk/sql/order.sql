-- Whether an order was issued, and was not lifted; in whose grid it lies.
SELECT "issued_at" AS "begun_at", CASE WHEN "lifted_at" IS NULL THEN 1 ELSE 0 END AS "goes_on",
       "grid", NULL AS "also"
FROM "orders"
WHERE "order_id" = :subject
