-- title: 协查函所涉人员 | People whom letters are about
-- about: 每份协查函涉及的人 | the people whom each letter is about
-- roles: lead investigator
-- personal: yes
-- column: letter_id = letter_person.letter_id
-- column: person = letter_person.person
-- column: outgoing = letter.outgoing
-- column: region = letter.region
-- column: grid = TEXT 本人所在网格（未登记的按函件） | grid of the person, else of the letter
-- opens: person = name phone
-- key: letter_id person
-- sorts: letter_id -letter_id
-- filters: letter_id person
-- all_ids: yes
-- scope: grid
-- small: yes
SELECT q.letter_id, q.person, x.outgoing, x.region, coalesce(p.grid, x.grid) AS grid,
       p.sealed AS person_sealed
FROM letter_person AS q
LEFT JOIN letter AS x ON x.letter_id = q.letter_id
LEFT JOIN person AS p ON p.person = q.person
-- SQLite finds somebody's rows by the index of those that are given.
WHERE q.person IS NOT NULL
