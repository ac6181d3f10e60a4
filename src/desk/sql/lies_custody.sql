-- To which grid somebody was handed over, and from which.
SELECT c."grid", p."grid" AS "also", c."person"
FROM "custody" AS c
LEFT JOIN "person" AS p ON p."person" = c."person"
WHERE c."custody" = :named
