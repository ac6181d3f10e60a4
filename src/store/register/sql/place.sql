-- What the look-ups need of a place.
SELECT "kind", "grid", "parent", "area_m2", "ventilation"
FROM "place"
WHERE "place" = :place
