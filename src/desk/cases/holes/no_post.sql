-- title: 病例没有责任岗位 | Cases that are nobody's
-- about: 病例与其本人都没有网格，因而没有岗位负责它的时限
--     | neither the case nor its person has a grid, so that no post answers for its deadlines
-- closes: case.reported 写明网格，或登记本人住址（person.registered）
--     | case.reported with a grid, or where the person lives (person.registered)
-- column: subject = cases.case_id
-- column: grid = TEXT 网格 | grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = TIME 报告时间 | reported
-- column: due_at = TIME 时限（立即） | due (at once)
-- touched_by: cases.case_id reported first_told_at classification person grid
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
SELECT c.case_id AS subject, c.grid, 'command' AS owner,
       coalesce(c.reported, c.first_told_at) AS since, coalesce(c.reported, c.first_told_at) AS due_at
FROM cases AS c
LEFT JOIN register_shown AS h ON h.person = c.person
LEFT JOIN person AS p ON p.person = coalesce(h.shown, c.person)
WHERE c.grid IS NULL AND p.grid IS NULL
  AND (c.classification IS NULL OR c.classification <> 'not_a_case')
