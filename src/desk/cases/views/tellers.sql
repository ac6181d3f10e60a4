-- title: 病例各方所述 | What each said of a case
-- about: 每个发送方对一个病例最近所述的发病时间、来源判定、关联病例；病例本身以最近所述为准
--     | what each sender said last of a case: onset, where it came from, what it is linked
--     to. Of the case itself the newest word holds
-- roles: lead investigator medic auditor
-- column: case_id = case_teller.case_id
-- column: device = case_teller.device
-- column: onset = case_teller.onset
-- column: origin = case_teller.origin
-- column: linked_case = case_teller.linked_case
-- column: told_at = case_teller.told_at
-- column: grid = TEXT 病例所在网格（未写明的按本人住址；到村、社区为止） | grid of the case, else of its person; no finer than a village
-- key: case_id device
-- sorts: case_id -case_id
-- filters: case_id device
-- scope: grid
-- small: yes
SELECT t.case_id, t.device, t.onset, t.origin, t.linked_case, t.told_at,
       substr(coalesce(c.grid, p.grid), 1, 12) AS grid
FROM case_teller AS t
LEFT JOIN cases AS c ON c.case_id = t.case_id
LEFT JOIN register_shown AS h ON h.person = c.person
LEFT JOIN person AS p ON p.person = coalesce(h.shown, c.person)
