-- title: 无症状感染者却有症状 | Without symptoms, and has some
-- about: 病例分类为无症状感染者，却（在别的记录里）报有症状或发病时间：须有人核实哪一个对。有发病时间的，接触者的时间窗按发病起算
--     | a case is classified as without symptoms while its reports, of whatever time, say that
--     it has symptoms or an onset. Somebody has to find out which is right: an onset opens
--     the window of its contacts
-- closes: 改判（case.classified），或改报没有症状（case.reported，symptomatic=no）；发病时间写错了的，更正或撤回那条记录（fact.withdrawn）
--     | it is classified otherwise (case.classified), or said to have no symptoms
--     (case.reported with symptomatic=no); an onset that is wrong is corrected or withdrawn
--     with its fact (fact.withdrawn)
-- column: subject = cases.case_id
-- column: grid = TEXT 网格 | grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = TIME 分类时间（只由报告分类的为首次报告时间） | classified, else first told of
-- column: due_at = TIME 时限 | due
-- number: due_us = deadlines.data.fact_conflict
-- closed_by: case.classified
-- closed_by: case.reported
-- closed_by: fact.withdrawn
-- touched_by: cases.case_id classification symptomatic onset first_told_at person grid
-- touched_by: case_work.case_id classified_at
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
       -- What a later word says does not put the deadline off.
       coalesce(w.classified_at, c.first_told_at) AS since,
       coalesce(w.classified_at, c.first_told_at) + :due_us AS due_at
FROM cases AS c
LEFT JOIN case_work AS w ON w.case_id = c.case_id
LEFT JOIN register_shown AS h ON h.person = c.person
LEFT JOIN person AS p ON p.person = coalesce(h.shown, c.person)
WHERE c.classification = 'asymptomatic' AND (c.symptomatic = 1 OR c.onset IS NOT NULL)
