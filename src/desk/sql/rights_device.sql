-- As what a device works, where, until when.
SELECT "role", "grid", "active", NULL AS "until"
FROM "device"
WHERE "device" = :name
