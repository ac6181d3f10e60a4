-- What was handed over within the last two days, the newest of a post last.
SELECT h."post", h."author", h."handed_at"
FROM "handover" AS h
WHERE h."handed_at" <= :now AND h."handed_at" + 172800000000 > :now
ORDER BY h."post", h."handed_at", h."fact"
