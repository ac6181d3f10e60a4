-- Where a place lies.
SELECT "grid"
FROM "place"
WHERE "place" = :place
