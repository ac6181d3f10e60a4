-- A row where two ids are said to be one person, be it by way of a third.
SELECT 1
FROM "alias" AS x
JOIN "alias" AS y ON y."same_as" = x."same_as"
WHERE x."person" = :a AND y."person" = :b
