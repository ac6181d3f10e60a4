-- title: 接触者没有责任岗位 | Contacts who are nobody's
-- about: 已判定的接触者没有网格，因而没有岗位负责其时限
--     | somebody was found to be a contact and has no grid, so that no post answers for the
--     deadlines
-- closes: 登记本人住址（person.registered），或 contact.confirmed 写明网格
--     | where the person lives (person.registered), or contact.confirmed with a grid
-- personal: yes
-- column: subject = contact.person
-- column: grid = TEXT 网格 | grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = TIME 判定时间 | confirmed
-- column: due_at = TIME 时限（立即） | due (at once)
-- closed_by: person.registered
-- touched_by: contact.person confirmed_at last_confirmed_at dismissed_at grid
--     SELECT CAST(:person AS BIGINT) AS person UNION SELECT m.person FROM alias AS x
--     JOIN alias AS m ON m.same_as = x.same_as WHERE x.person = :person
-- touched_by: cases.case_id classification person
--     SELECT person FROM contact WHERE case_id = :case_id
--     UNION SELECT m.person FROM contact AS k JOIN alias AS x ON x.person = k.person
--     JOIN alias AS m ON m.same_as = x.same_as WHERE k.case_id = :case_id
-- touched_by: person.person grid registered_at
--     SELECT CAST(:person AS BIGINT) AS person UNION SELECT m.person FROM alias AS x
--     JOIN alias AS m ON m.same_as = x.same_as WHERE x.person = :person
-- touched_by: person_same.a same
--     SELECT CAST(:a AS BIGINT) AS person UNION SELECT m.person FROM alias AS x
--     JOIN alias AS m ON m.same_as = x.same_as WHERE x.person = :a
-- touched_by: person_same.b same
--     SELECT CAST(:b AS BIGINT) AS person UNION SELECT m.person FROM alias AS x
--     JOIN alias AS m ON m.same_as = x.same_as WHERE x.person = :b
SELECT k.person AS subject, k.grid, 'command' AS owner, k.confirmed_at AS since,
       k.confirmed_at AS due_at
FROM tracing_joined AS k
LEFT JOIN cases AS c ON c.case_id = k.case_id
LEFT JOIN person AS p ON p.person = k.person
WHERE k.person IS NOT NULL AND k.confirmed_at IS NOT NULL AND k.grid IS NULL AND p.grid IS NULL
  AND (k.dismissed_at IS NULL OR k.last_confirmed_at >= k.dismissed_at)
  AND (c.classification IS NULL OR c.classification <> 'not_a_case')
