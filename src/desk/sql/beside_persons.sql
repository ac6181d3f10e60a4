-- Whom somebody reaches wherever they live: who was handed over to their grid or to one
-- inside it, whom they are assigned to, and they themselves.
SELECT "person"
FROM "custody"
WHERE "active" = 1 AND "taken_at" IS NOT NULL AND "until" > :weft_now
  AND "grid" >= :weft_own_from AND "grid" < :weft_own_upto
UNION
SELECT "person"
FROM "assignment"
WHERE "user_id" = :weft_own_user AND "active" = 1 AND "until" > :weft_now
  AND "person" IS NOT NULL
UNION
SELECT CAST(:weft_own_person AS BIGINT)
