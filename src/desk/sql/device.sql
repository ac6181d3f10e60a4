-- Whether a device was enrolled, and may send.
SELECT "enrolled_at" AS "begun_at", "active" AS "goes_on"
FROM "device"
WHERE "device" = :subject
