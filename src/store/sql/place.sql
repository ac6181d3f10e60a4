-- What the look-ups need of a place.
SELECT "kind", "grid", "parent", "area_m2", "ventilation"
FROM "places"
WHERE "place" = :place
