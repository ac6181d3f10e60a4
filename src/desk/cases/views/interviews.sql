-- title: 病例访谈 | Interviews
-- about: 每次访谈由谁陈述、为何由他人代述；代述人是谁只在台账中
--     | who spoke at each interview of a case, and why somebody spoke for them; who that was
--     stands in the ledger alone
-- roles: lead investigator medic auditor
-- column: case_id = interview.case_id
-- column: interviewed_at = interview.interviewed_at
-- column: teller = interview.teller
-- column: why_proxy = interview.why_proxy
-- column: outbreak = interview.outbreak
-- column: fact = interview.fact
-- column: grid = TEXT 病例所在网格（未写明的按本人住址；到村、社区为止） | grid of the case, else of its person; no finer than a village
-- key: case_id fact
-- sorts: case_id -case_id
-- filters: case_id teller outbreak
-- scope: grid
-- small: yes
SELECT i.case_id, i.interviewed_at, i.teller, i.why_proxy, i.outbreak, i.fact,
       substr(coalesce(c.grid, p.grid, i.grid), 1, 12) AS grid
FROM interview AS i
LEFT JOIN cases AS c ON c.case_id = i.case_id
LEFT JOIN person AS p ON p.person = c.person
