-- Whether somebody is whose case it is, also by another id that is said to be the same
-- person; and what it was found to be.
SELECT CASE WHEN c."person" = :person
                 OR EXISTS (SELECT 1 FROM "person_same" AS s
                            WHERE s."same" = 1
                              AND (s."a" = c."person" AND s."b" = :person
                                   OR s."b" = c."person" AND s."a" = :person))
            THEN 1 ELSE 0 END,
       c."classification"
FROM "cases" AS c
WHERE c."case_id" = :case
