-- What the rosters say, from now on.
SELECT "post", "holder", "from_at", "until_at"
FROM "post_holder"
WHERE "until_at" > :now
ORDER BY "post", "from_at", "holder"
