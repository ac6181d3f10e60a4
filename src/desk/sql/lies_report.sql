-- Where somebody reported.
SELECT "grid", NULL AS "also", NULL AS "person"
FROM "self_report"
WHERE "report_id" = :named
