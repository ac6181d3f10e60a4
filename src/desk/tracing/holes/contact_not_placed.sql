-- title: 已联系上未管控 | Contacts reached and not placed
-- about: 密接或次密接已联系上，自判定起过了转运的时限仍未到隔离的地方
--     | a close or secondary contact was reached, and was not in the place of isolation when the
--     time for it was over, which is counted from when they were judged
-- closes: contact.placed，或排除（contact.dismissed）
--     | contact.placed, or dismissed (contact.dismissed)
-- personal: yes
-- column: subject = contact.person
-- column: grid = TEXT 网格 | grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = TIME 首次联系上时间 | first reached
-- column: due_at = TIME 时限 | due
-- number: due_us = deadlines.contact_moved
-- closed_by: contact.placed
-- closed_by: contact.dismissed
-- touched_by: contact.person level confirmed_at last_confirmed_at dismissed_at outbreak grid
--     SELECT CAST(:person AS BIGINT) AS person UNION SELECT m.person FROM alias AS x
--     JOIN alias AS m ON m.same_as = x.same_as WHERE x.person = :person
-- touched_by: contact_follow.person reached_at placed_at converted_at
--     SELECT CAST(:person AS BIGINT) AS person UNION SELECT m.person FROM alias AS x
--     JOIN alias AS m ON m.same_as = x.same_as WHERE x.person = :person
-- touched_by: cases.person reported first_told_at classification outbreak
--     SELECT CAST(:person AS BIGINT) AS person UNION SELECT m.person FROM alias AS x
--     JOIN alias AS m ON m.same_as = x.same_as WHERE x.person = :person
-- touched_by: cases.case_id classification person outbreak
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
SELECT k.person AS subject, coalesce(p.grid, k.grid) AS grid, 'isolation' AS owner,
       k.reached_at AS since,
       k.confirmed_at + :due_us AS due_at
FROM tracing_joined AS k
LEFT JOIN cases AS c ON c.case_id = k.case_id
LEFT JOIN person AS p ON p.person = k.person
WHERE k.person IS NOT NULL AND k.confirmed_at IS NOT NULL AND k.level IN ('close', 'secondary')
  AND (k.dismissed_at IS NULL OR k.last_confirmed_at >= k.dismissed_at)
  AND (c.classification IS NULL OR c.classification <> 'not_a_case')
  AND k.converted_at IS NULL
  AND k.reached_at IS NOT NULL AND k.placed_at IS NULL
