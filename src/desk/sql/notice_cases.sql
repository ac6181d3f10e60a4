-- How many cases were at a place in a span of time, as far as somebody said so; where they
-- said no time, then too.
SELECT count(DISTINCT e."case_id")
FROM "exposure_place" AS e
LEFT JOIN "cases" AS c ON c."case_id" = e."case_id"
WHERE e."place" = :place AND e."place" IS NOT NULL
  AND (c."classification" IS NULL OR c."classification" <> 'not_a_case')
  AND (e."from_at" IS NULL OR e."from_at" < :until)
  AND (e."until_at" IS NULL OR e."until_at" > :from)
