-- title: 病例未访谈 | Cases that are not interviewed
-- about: 病例报告后，过了访谈的时限，本人与代述人均未接受访谈
--     | a case was reported, and when the time for it was over neither they had been interviewed,
--     nor anybody who speaks for them; also of one who died, whom others saw
-- closes: case.interviewed，本人或代述人
--     | case.interviewed, of themselves or of who speaks for them
-- column: subject = cases.case_id
-- column: grid = TEXT 网格 | grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = TIME 报告时间 | reported
-- column: due_at = TIME 时限 | due
-- number: due_us = deadlines.interviewed
-- closed_by: case.interviewed
-- touched_by: cases.case_id reported first_told_at classification person grid
-- touched_by: interview.case_id interviewed_at
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
SELECT c.case_id AS subject, substr(coalesce(c.grid, p.grid), 1, 12) AS grid, 'tracing' AS owner,
       coalesce(c.reported, c.first_told_at) AS since,
       coalesce(c.reported, c.first_told_at) + :due_us AS due_at
FROM cases AS c
LEFT JOIN register_shown AS h ON h.person = c.person
LEFT JOIN person AS p ON p.person = coalesce(h.shown, c.person)
WHERE (c.classification IS NULL OR c.classification <> 'not_a_case')
  AND NOT EXISTS (SELECT 1 FROM interview AS i WHERE i.case_id = c.case_id)
