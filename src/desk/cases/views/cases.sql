-- title: 病例 | Cases
-- about: 每个病例是谁、怎样发现、分类、发病、采样、隔离与转归；姓名和电话只为所显示的行解封；几个编号为同一人的，以其中一个列出
--     | who each case is, how it was found, what it was found to be, onset, sample, isolation
--     and outcome; name and phone are opened for the rows that are shown; of several ids of one
--     person one is listed
-- roles: lead investigator medic auditor
-- personal: yes
-- column: case_id = cases.case_id
-- column: person = cases.person
-- column: outbreak = cases.outbreak
-- column: classification = cases.classification
-- column: source = cases.source
-- column: symptomatic = cases.symptomatic
-- column: onset = cases.onset
-- column: first_care_at = cases.first_care_at
-- column: sampled = cases.sampled
-- column: reported = TIME 报告时间 | reported
-- column: isolated = cases.isolated
-- column: isolated_in = case_work.isolated_in
-- column: severity = case_work.severity
-- column: outcome = case_work.outcome
-- column: died = cases.died
-- column: known_as = cases.known_as
-- column: known_as_too = cases.known_as_too
-- column: grid = TEXT 病例所在网格（未写明的按本人住址） | grid of the case, else of its person
-- opens: person = name phone
-- key: case_id
-- sorts: case_id -case_id reported -reported onset -onset
-- filters: case_id person outbreak classification source outcome severity
-- all_ids: yes
-- scope: grid
-- small: yes
SELECT c.case_id, coalesce(h.shown, c.person) AS person, c.outbreak, c.classification, c.source,
       c.symptomatic, c.onset, c.first_care_at, c.sampled,
       coalesce(c.reported, c.first_told_at) AS reported, c.isolated, w.isolated_in, w.severity,
       w.outcome, c.died, c.known_as, c.known_as_too,
       -- Where the case lies, else where they live, as any of their records says.
       coalesce(c.grid, p.grid,
                (SELECT q.grid FROM alias AS x
                 JOIN alias AS n ON n.same_as = x.same_as
                 JOIN person AS q ON q.person = n.person
                 WHERE x.person = c.person AND q.grid IS NOT NULL
                 ORDER BY n.rank LIMIT 1)) AS grid,
       p.sealed AS person_sealed
FROM cases AS c
LEFT JOIN case_work AS w ON w.case_id = c.case_id
LEFT JOIN register_shown AS h ON h.person = c.person
LEFT JOIN person AS p ON p.person = coalesce(h.shown, c.person)
