-- A custody that goes on: to which grid, until when, and by which fact it was given.
SELECT "grid", "until", "given_by"
FROM "custody"
WHERE "custody" = :custody AND "active" = 1
