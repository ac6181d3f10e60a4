-- The newest looks that showed few people, of those that came back to one of them most.
SELECT s."look"
FROM (SELECT "look", "looked_at"
      FROM "look"
      WHERE "looked_at" > :since AND "of_one" > 0
      ORDER BY "of_one" DESC, "looked_at" DESC
      LIMIT :most) AS s
ORDER BY s."looked_at"
