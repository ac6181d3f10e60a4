-- Anybody of the register: asked for the sake of the moment that is then being read.
SELECT "person"
FROM "person"
LIMIT 1
