-- title: 病例已排除仍在管控 | Still bound for what was no case
-- about: 病例经判定不是病例，其接触者仍受隔离或健康监测措施约束，且不是其他病例的接触者，本人也不是病例
--     | a case was found to be none, and an order of isolation or monitoring still binds
--     somebody who is its contact, is no contact of another case, and no case
-- closes: 解除该措施（order.lifted），或该病例重新判定（case.classified）
--     | the order is lifted (order.lifted), or the case judged to be one again
--     (case.classified)
-- column: subject = orders.order_id
-- column: grid = orders.grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = TIME 判定不是病例的时间 | found to be no case
-- column: due_at = TIME 时限（立即） | due (at once)
-- closed_by: order.lifted
-- closed_by: case.classified
-- touched_by: orders.order_id kind issued_at lifted_at ends_at grid
-- touched_by: order_reason.order_id
-- touched_by: dead_facts.fact SELECT order_id FROM order_reason WHERE fact = :fact
-- touched_by: order_person.order_id person
-- touched_by: contact.person confirmed_at last_confirmed_at dismissed_at dismissed_for
--     SELECT order_id FROM order_person WHERE person = :person
--     UNION SELECT b.order_id FROM alias AS x JOIN alias AS m ON m.same_as = x.same_as
--     JOIN order_person AS b ON b.person = m.person AND b.person IS NOT NULL
--     WHERE x.person = :person
-- touched_by: cases.person classification
--     SELECT order_id FROM order_person WHERE person = :person
--     UNION SELECT b.order_id FROM alias AS x JOIN alias AS m ON m.same_as = x.same_as
--     JOIN order_person AS b ON b.person = m.person AND b.person IS NOT NULL
--     WHERE x.person = :person
-- touched_by: cases.case_id classification person
--     SELECT b.order_id FROM contact AS k JOIN order_person AS b ON b.person = k.person
--     WHERE k.case_id = :case_id AND k.person IS NOT NULL AND b.person IS NOT NULL
--     UNION SELECT b.order_id FROM contact AS k JOIN alias AS x ON x.person = k.person
--     JOIN alias AS m ON m.same_as = x.same_as JOIN order_person AS b ON b.person = m.person
--     WHERE k.case_id = :case_id
-- touched_by: case_work.case_id classified_at
--     SELECT b.order_id FROM contact AS k JOIN order_person AS b ON b.person = k.person
--     WHERE k.case_id = :case_id AND k.person IS NOT NULL AND b.person IS NOT NULL
--     UNION SELECT b.order_id FROM contact AS k JOIN alias AS x ON x.person = k.person
--     JOIN alias AS m ON m.same_as = x.same_as JOIN order_person AS b ON b.person = m.person
--     WHERE k.case_id = :case_id
-- touched_by: person_same.a same
--     SELECT order_id FROM order_person WHERE person = :a
--     UNION SELECT b.order_id FROM alias AS x JOIN alias AS m ON m.same_as = x.same_as
--     JOIN order_person AS b ON b.person = m.person AND b.person IS NOT NULL
--     WHERE x.person = :a
-- touched_by: person_same.b same
--     SELECT order_id FROM order_person WHERE person = :b
--     UNION SELECT b.order_id FROM alias AS x JOIN alias AS m ON m.same_as = x.same_as
--     JOIN order_person AS b ON b.person = m.person AND b.person IS NOT NULL
--     WHERE x.person = :b
SELECT o.order_id AS subject, o.grid, 'order' AS owner, min(e.classified_at) AS since,
       min(e.classified_at) AS due_at
FROM order_in_force AS o
JOIN order_person AS b ON b.order_id = o.order_id
-- Whichever of their ids it binds, and whichever was named.
LEFT JOIN alias AS x ON x.person = b.person
LEFT JOIN alias AS m ON m.same_as = x.same_as
JOIN contact AS k ON k.person = coalesce(m.person, b.person) AND k.person IS NOT NULL
JOIN cases AS c ON c.case_id = k.case_id
JOIN case_work AS e ON e.case_id = k.case_id
WHERE o.kind IN ('central_isolation', 'home_isolation', 'health_monitoring')
  AND c.classification = 'not_a_case' AND e.classified_at IS NOT NULL
  AND o.ends_at > e.classified_at
  AND k.confirmed_at IS NOT NULL
  -- For another case, or as one of them, they may be bound.
  AND NOT EXISTS (SELECT 1 FROM contact AS h
                  LEFT JOIN cases AS d ON d.case_id = h.case_id
                  WHERE h.person = b.person AND h.person IS NOT NULL
                    AND NOT EXISTS (SELECT 1 FROM alias AS n WHERE n.person = h.person)
                    AND h.confirmed_at IS NOT NULL
                    AND (h.dismissed_at IS NULL OR h.last_confirmed_at >= h.dismissed_at)
                    AND (d.classification IS NULL OR d.classification <> 'not_a_case'))
  -- Of ids that are one person as tracing_joined has them, which would be read as a whole.
  AND NOT EXISTS (SELECT 1 FROM alias AS n
                  CROSS JOIN contact AS h
                  LEFT JOIN cases AS d ON d.case_id = h.case_id
                  WHERE n.same_as = x.same_as
                    AND h.person = n.person AND h.person IS NOT NULL
                    AND (d.classification IS NULL OR d.classification <> 'not_a_case')
                    AND (h.dismissed_for IS NULL OR h.dismissed_for <> 'wrong_person'
                         OR h.dismissed_at IS NULL
                         OR h.last_confirmed_at >= h.dismissed_at)
                  GROUP BY h.case_id
                  HAVING max(h.confirmed_at) IS NOT NULL
                     AND (max(h.dismissed_at) IS NULL
                          OR max(h.last_confirmed_at) >= max(h.dismissed_at)))
  AND NOT EXISTS (SELECT 1 FROM cases AS s
                  WHERE s.person = b.person AND s.person IS NOT NULL
                    AND (s.classification IS NULL OR s.classification <> 'not_a_case'))
  AND NOT EXISTS (SELECT 1 FROM alias AS n
                  CROSS JOIN cases AS s
                  WHERE n.same_as = x.same_as AND s.person = n.person AND s.person IS NOT NULL
                    AND (s.classification IS NULL OR s.classification <> 'not_a_case'))
GROUP BY o.order_id, o.grid
