-- title: 来源不明病例未溯源 | Unlinked cases, source not sought
-- about: 病例不是其他病例的接触者，来源未判定，过了完整报告的时限仍未溯源
--     | a case is nobody's contact, nothing says where it came from, and its source was not
--     searched for when the full report was due
-- closes: case.investigated（milestone=source_search，或写明 origin、linked_case）
--     | case.investigated with milestone=source_search, or with an origin or linked_case
-- column: subject = cases.case_id
-- column: grid = TEXT 网格 | grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = TIME 报告时间 | reported
-- column: due_at = TIME 时限 | due
-- number: due_us = deadlines.two_four_24.full_report
-- closed_by: case.investigated milestone=source_search
-- touched_by: cases.case_id reported first_told_at classification person grid isolated died
-- touched_by: case_work.case_id source_search_at origin linked_case
-- touched_by: person.person grid registered_at
--     SELECT case_id FROM cases WHERE person = :person
--     UNION SELECT c.case_id FROM alias AS x JOIN alias AS m ON m.same_as = x.same_as
--     JOIN cases AS c ON c.person = m.person AND c.person IS NOT NULL
--     WHERE x.person = :person
-- touched_by: contact.person confirmed_at last_confirmed_at dismissed_at dismissed_for
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
LEFT JOIN case_work AS w ON w.case_id = c.case_id
LEFT JOIN register_shown AS h ON h.person = c.person
LEFT JOIN person AS p ON p.person = coalesce(h.shown, c.person)
WHERE (c.classification IS NULL OR c.classification <> 'not_a_case')
  AND (c.classification IS NULL OR c.classification <> 'suspected')
  AND w.source_search_at IS NULL AND w.linked_case IS NULL
  AND (w.origin IS NULL OR w.origin = 'unknown')
  AND NOT EXISTS (SELECT 1 FROM contact AS k
                  WHERE k.person = c.person AND k.person IS NOT NULL
                    AND k.case_id <> c.case_id
                    AND NOT EXISTS (SELECT 1 FROM alias AS x WHERE x.person = k.person)
                    AND k.confirmed_at IS NOT NULL
                    AND (k.dismissed_at IS NULL
                         OR k.last_confirmed_at >= k.dismissed_at))
  -- Of ids that are one person as tracing_joined has them, which would be read as a whole.
  AND NOT EXISTS (SELECT 1 FROM alias AS n
                  CROSS JOIN alias AS m
                  CROSS JOIN contact AS k
                  WHERE n.person = c.person AND m.same_as = n.same_as
                    AND k.person = m.person AND k.person IS NOT NULL AND k.case_id <> c.case_id
                    AND (k.dismissed_for IS NULL OR k.dismissed_for <> 'wrong_person'
                         OR k.dismissed_at IS NULL
                         OR k.last_confirmed_at >= k.dismissed_at)
                  GROUP BY k.case_id
                  HAVING max(k.confirmed_at) IS NOT NULL
                     AND (max(k.dismissed_at) IS NULL
                          OR max(k.last_confirmed_at) >= max(k.dismissed_at)))
