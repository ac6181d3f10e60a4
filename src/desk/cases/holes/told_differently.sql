-- title: 病例说法不一 | Told differently
-- about: 两个发送方对同一病例的发病时间（相差一天以上）、来源判定或关联病例说法不一；以最近所述为准，但须有人核实。导入的名单不与人比较
--     | two senders say different things of one case: onsets a day or more apart, where it
--     came from, or the case that it is linked to. The newest word holds until somebody has
--     found out which is right. Lists that were imported are not compared
-- closes: 一方改述为相同（case.reported、case.investigated），或更正、撤回其一（fact.withdrawn）
--     | one of them says the same as the other (case.reported, case.investigated), or one is
--     corrected or withdrawn (fact.withdrawn)
-- column: subject = cases.case_id
-- column: grid = TEXT 网格 | grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = TIME 较晚一方所述时间 | when the later of them said so
-- column: due_at = TIME 时限 | due
-- number: due_us = deadlines.data.fact_conflict
-- closed_by: case.reported
-- closed_by: case.investigated
-- closed_by: fact.withdrawn
-- touched_by: case_teller.case_id onset origin linked_case told_at
-- touched_by: cases.case_id classification person grid
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
SELECT a.case_id AS subject, substr(coalesce(c.grid, p.grid), 1, 12) AS grid, 'tracing' AS owner,
       max(CASE WHEN a.told_at > b.told_at THEN a.told_at ELSE b.told_at END) AS since,
       max(CASE WHEN a.told_at > b.told_at THEN a.told_at ELSE b.told_at END) + :due_us AS due_at
FROM case_teller AS a
JOIN case_teller AS b ON b.case_id = a.case_id AND b.device > a.device
JOIN cases AS c ON c.case_id = a.case_id
LEFT JOIN register_shown AS h ON h.person = c.person
LEFT JOIN person AS p ON p.person = coalesce(h.shown, c.person)
WHERE (a.onset >= b.onset + 86400000000 OR b.onset >= a.onset + 86400000000
       OR a.origin <> b.origin AND a.origin <> 'unknown' AND b.origin <> 'unknown'
       OR a.linked_case <> b.linked_case)
  AND NOT (a.device >= 'import/' AND a.device < 'import0')
  AND NOT (b.device >= 'import/' AND b.device < 'import0')
  AND (c.classification IS NULL OR c.classification <> 'not_a_case')
GROUP BY a.case_id, substr(coalesce(c.grid, p.grid), 1, 12)
