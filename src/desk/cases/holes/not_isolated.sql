-- title: 病例未隔离 | Cases that are not set apart
-- about: 病例报告后，过了隔离的时限仍无隔离记录
--     | a case was reported, and nothing says that the person was set apart when the time for it
--     was over
-- closes: case.isolated，或病例转归（case.outcome）
--     | case.isolated, or an outcome (case.outcome)
-- column: subject = cases.case_id
-- column: grid = TEXT 网格 | grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = TIME 报告时间 | reported
-- column: due_at = TIME 时限 | due
-- number: due_us = deadlines.isolated
-- closed_by: case.isolated
-- closed_by: case.outcome
-- touched_by: cases.case_id reported first_told_at classification person grid isolated died
-- touched_by: case_work.case_id set_apart_at outcome
-- touched_by: person.person grid registered_at
--     SELECT case_id FROM cases WHERE person = :person
--     UNION SELECT c.case_id FROM alias AS x JOIN alias AS m ON m.same_as = x.same_as
--     JOIN cases AS c ON c.person = m.person AND c.person IS NOT NULL
--     WHERE x.person = :person
-- touched_by: person_same.a same
--     SELECT case_id FROM cases WHERE person = :a
--     UNION SELECT c.case_id FROM alias AS x JOIN alias AS m ON m.same_as = x.same_as
--     JOIN cases AS c ON c.person = m.person AND c.person IS NOT NULL
--     WHERE x.person = :a
-- touched_by: person_same.b same
--     SELECT case_id FROM cases WHERE person = :b
--     UNION SELECT c.case_id FROM alias AS x JOIN alias AS m ON m.same_as = x.same_as
--     JOIN cases AS c ON c.person = m.person AND c.person IS NOT NULL
--     WHERE x.person = :b
SELECT c.case_id AS subject, substr(coalesce(c.grid, p.grid), 1, 12) AS grid, 'isolation' AS owner,
       coalesce(c.reported, c.first_told_at) AS since,
       coalesce(c.reported, c.first_told_at) + :due_us AS due_at
FROM cases AS c
LEFT JOIN case_work AS w ON w.case_id = c.case_id
LEFT JOIN register_shown AS h ON h.person = c.person
LEFT JOIN person AS p ON p.person = coalesce(h.shown, c.person)
WHERE (c.classification IS NULL OR c.classification <> 'not_a_case')
  AND c.isolated IS NULL AND w.set_apart_at IS NULL AND w.outcome IS NULL
  AND c.died IS NULL
