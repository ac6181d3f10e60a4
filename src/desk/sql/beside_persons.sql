-- Whom somebody reaches wherever they live: who was handed over to their grid or to one
-- inside it, whom they are assigned to, and they themselves; by whichever of their ids,
-- for a list shows them under one.
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
UNION
SELECT m."person"
FROM "custody" AS c
JOIN "alias" AS x ON x."person" = c."person"
JOIN "alias" AS m ON m."same_as" = x."same_as"
WHERE c."active" = 1 AND c."taken_at" IS NOT NULL AND c."until" > :weft_now
  AND c."grid" >= :weft_own_from AND c."grid" < :weft_own_upto
UNION
SELECT m."person"
FROM "assignment" AS g
JOIN "alias" AS x ON x."person" = g."person"
JOIN "alias" AS m ON m."same_as" = x."same_as"
WHERE g."user_id" = :weft_own_user AND g."active" = 1 AND g."until" > :weft_now
  AND g."person" IS NOT NULL
UNION
SELECT m."person"
FROM "alias" AS x
JOIN "alias" AS m ON m."same_as" = x."same_as"
WHERE x."person" = :weft_own_person
