-- Places that have a name on their door; a home's id is as good as a name.
SELECT "place", "name", "kind", "grid"
FROM "place"
WHERE "kind" IS NULL OR "kind" NOT IN ('household', 'room')
