-- An order, if it was issued, is not lifted, ends, and one of its reasons is live.
SELECT o."order_id", o."kind", o."clause", o."issuer", o."place",
       coalesce(o."starts_at", o."issued_at") AS "starts_at", o."ends_at"
FROM "orders" AS o
WHERE o."order_id" = :order
  AND o."issued_at" IS NOT NULL
  AND o."lifted_at" IS NULL
  AND o."ends_at" IS NOT NULL
  AND EXISTS (SELECT 1
              FROM "order_reason" AS r
              WHERE r."order_id" = o."order_id"
                AND NOT EXISTS (SELECT 1 FROM "dead_facts" AS d WHERE d."fact" = r."fact"))
