-- Everybody of the register, to be counted.
SELECT "person", "grid", "present", "absence_reason"
FROM "person"
