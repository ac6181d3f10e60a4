-- Who answers for a case, and by which fact.
SELECT "fact", "vouched_by"
FROM "case_voucher"
WHERE "case_id" = :reference
ORDER BY "vouched_at", "fact"
LIMIT 64
