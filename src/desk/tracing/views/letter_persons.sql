-- title: 协查函所涉人员 | People whom letters are about
-- about: 每份协查函涉及的人，及其在该疫情中的接触类别与末次暴露
--     | the people whom each letter is about, with which contacts they are in its outbreak, and
--     their last exposure
-- roles: lead investigator
-- personal: yes
-- column: letter_id = letter_person.letter_id
-- column: person = letter_person.person
-- column: outgoing = letter.outgoing
-- column: region = letter.region
-- column: level = contact.level
-- column: last_exposure = contact.exposed_until
-- column: grid = TEXT 本人所在网格（未登记的按函件） | grid of the person, else of the letter
-- opens: person = name phone
-- key: letter_id person
-- sorts: letter_id -letter_id
-- filters: letter_id person
-- all_ids: yes
-- scope: grid
-- small: yes
SELECT q.letter_id, q.person, x.outgoing, x.region,
       (SELECT k.level FROM tracing_joined AS k
        WHERE k.person = coalesce(h.shown, q.person) AND k.confirmed_at IS NOT NULL
          AND (k.dismissed_at IS NULL OR k.last_confirmed_at >= k.dismissed_at)
          AND (x.outbreak IS NULL OR k.outbreak = x.outbreak)
        ORDER BY CASE k.level WHEN 'close' THEN 1 WHEN 'secondary' THEN 2 ELSE 3 END
        LIMIT 1) AS level,
       (SELECT max(k.exposed_until) FROM tracing_joined AS k
        WHERE k.person = coalesce(h.shown, q.person) AND k.confirmed_at IS NOT NULL
          AND (k.dismissed_at IS NULL OR k.last_confirmed_at >= k.dismissed_at)
          AND (x.outbreak IS NULL OR k.outbreak = x.outbreak)) AS last_exposure,
       coalesce(p.grid, x.grid) AS grid,
       p.sealed AS person_sealed
FROM letter_person AS q
LEFT JOIN letter AS x ON x.letter_id = q.letter_id
LEFT JOIN register_shown AS h ON h.person = q.person
LEFT JOIN person AS p ON p.person = q.person
-- SQLite finds somebody's rows by the index of those that are given.
WHERE q.person IS NOT NULL
