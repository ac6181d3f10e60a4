-- title: 病例的其他编号 | Other numbers of cases
-- about: 哪一病例在别的系统里用哪个编号（如 SORMAS 的 epidNumber）；一个编号有几例的，都列出，由人核对
--     | which case goes by which number in another system (SORMAS: its epidNumber); where
--     several go by one, all are listed, and a person has to say which
-- roles: lead investigator medic auditor
-- column: number = TEXT 其他编号 | another number of the case
-- column: case_id = cases.case_id
-- column: outbreak = cases.outbreak
-- column: classification = cases.classification
-- column: grid = TEXT 病例所在网格（未写明的按本人住址） | grid of the case, else of its person
-- key: number case_id
-- sorts: number -number
-- filters: number case_id outbreak
-- scope: grid
-- small: yes
SELECT q.number, q.case_id, q.outbreak, q.classification, coalesce(q.grid, p.grid) AS grid
FROM (
      SELECT c.known_as AS number, c.case_id AS case_id, c.outbreak AS outbreak,
             c.classification AS classification, c.grid AS grid, c.person AS person
      FROM cases AS c
      WHERE c.known_as <> c.case_id
      UNION ALL
      SELECT t.known_as_too, t.case_id, t.outbreak, t.classification, t.grid, t.person
      FROM cases AS t
      WHERE t.known_as_too <> t.case_id AND (t.known_as IS NULL OR t.known_as_too <> t.known_as)
     ) AS q
LEFT JOIN person AS p ON p.person = q.person
