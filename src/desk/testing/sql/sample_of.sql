-- One person's sample in one tube, and what became of the tube.
SELECT s."collected_at", s."site", s."grid", t."result", t."result_at"
FROM "sample" AS s
LEFT JOIN "tube" AS t ON t."tube_id" = s."tube_id"
WHERE s."tube_id" = :tube AND s."person" = :person
