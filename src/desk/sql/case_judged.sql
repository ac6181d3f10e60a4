-- Whether somebody is whose case it is, also by another id that is said to be the same
-- person, be it by way of a third; and what it was found to be.
SELECT CASE WHEN c."person" = :person
                 OR EXISTS (SELECT 1 FROM "alias" AS x
                            JOIN "alias" AS y ON y."same_as" = x."same_as"
                            WHERE x."person" = c."person" AND y."person" = :person)
            THEN 1 ELSE 0 END,
       c."classification"
FROM "cases" AS c
WHERE c."case_id" = :case
