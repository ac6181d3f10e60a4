-- title: 登记在其他编号下的接触者 | Contacts under other numbers of cases
-- about: 先于病例到达、以病例的其他编号登记的接触者各有多少；该编号不是任何病例自己的编号，因此还不属于任何病例。再导入一次其名单，即归入该病例
--     | how many contacts, who came before their case, stand under another number of it, which
--     is the id of none, so that they are no case's yet. Their list, imported once more, joins
--     them
-- roles: lead investigator medic auditor
-- column: number = TEXT 其他编号 | another number of the case
-- column: case_id = cases.case_id
-- column: outbreak = cases.outbreak
-- column: contacts = INTEGER 1 接触者人数 | contacts
-- column: since = TIME 首次提出或判定时间 | when the first of them was told of
-- column: grid = TEXT 病例所在网格（未写明的按本人住址） | grid of the case, else of its person
-- key: number case_id
-- sorts: number -number
-- filters: number case_id outbreak
-- scope: grid
-- small: yes
SELECT q.number, q.case_id, q.outbreak, count(*) AS contacts,
       min(coalesce(k.named_at, k.confirmed_at)) AS since, coalesce(q.grid, p.grid) AS grid
FROM (
      SELECT c.known_as AS number, c.case_id AS case_id, c.outbreak AS outbreak,
             c.grid AS grid, c.person AS person
      FROM cases AS c
      WHERE c.known_as <> c.case_id
        AND (c.classification IS NULL OR c.classification <> 'not_a_case')
      UNION ALL
      SELECT t.known_as_too, t.case_id, t.outbreak, t.grid, t.person
      FROM cases AS t
      WHERE t.known_as_too <> t.case_id AND (t.known_as IS NULL OR t.known_as_too <> t.known_as)
        AND (t.classification IS NULL OR t.classification <> 'not_a_case')
     ) AS q
JOIN contact AS k ON k.case_id = q.number AND k.person IS NOT NULL
LEFT JOIN person AS p ON p.person = q.person
WHERE (k.dismissed_at IS NULL OR k.last_confirmed_at >= k.dismissed_at)
  AND NOT EXISTS (SELECT 1 FROM cases AS own WHERE own.case_id = k.case_id)
GROUP BY q.number, q.case_id, q.outbreak, coalesce(q.grid, p.grid)
