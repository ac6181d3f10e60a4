-- All samples, and what became of their tubes.
SELECT s."tube_id", s."person", s."collected_at", t."result", t."result_at"
FROM "sample" AS s
LEFT JOIN "tube" AS t ON t."tube_id" = s."tube_id"
