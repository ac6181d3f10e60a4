-- The orders that rest on a fact.
SELECT "order_id"
FROM "order_reason"
WHERE "fact" = :fact
