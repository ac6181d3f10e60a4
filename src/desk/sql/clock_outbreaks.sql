-- When each outbreak was declared, and its first notice published.
SELECT o."outbreak", o."declared_at",
       (SELECT min(n."published_at") FROM "notice" AS n WHERE n."outbreak" = o."outbreak")
FROM "outbreak" AS o
