-- The cases that somebody is assigned to.
SELECT substr("reference", 6)
FROM "assignment"
WHERE "user_id" = :weft_own_user AND "active" = 1 AND "until" > :weft_now
  AND substr("reference", 1, 5) = 'case:'
