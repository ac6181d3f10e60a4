-- title: 已管控未采样 | Contacts placed and not tested
-- about: 密接已到隔离的地方，过了首次检测的时限仍未采样；自末次暴露或到达时间（以晚者为准）起算
--     | a close contact is in the place of isolation, and was not sampled on the first day of
--     tests, counted from the last exposure or from when they came, whichever is later
-- closes: contact.tested，或排除（contact.dismissed）
--     | contact.tested, or dismissed (contact.dismissed)
-- personal: yes
-- column: subject = contact.person
-- column: grid = TEXT 网格 | grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = TIME 首次管控时间 | first in the place of isolation
-- column: due_at = TIME 时限 | due
-- number: due_us = measures.close.tests_central_d[1]
-- closed_by: contact.tested
-- closed_by: contact.dismissed
-- touched_by: contact.person level exposed_until confirmed_at last_confirmed_at dismissed_at outbreak grid
--     SELECT CAST(:person AS BIGINT) AS person UNION SELECT m.person FROM alias AS x
--     JOIN alias AS m ON m.same_as = x.same_as WHERE x.person = :person
-- touched_by: contact_follow.person placed_at tested_at converted_at
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
SELECT k.person AS subject, coalesce(p.grid, k.grid) AS grid, 'testing' AS owner,
       k.placed_at AS since,
       CASE WHEN k.exposed_until > k.placed_at THEN k.exposed_until
            ELSE k.placed_at END + :due_us AS due_at
FROM tracing_joined AS k
LEFT JOIN cases AS c ON c.case_id = k.case_id
LEFT JOIN person AS p ON p.person = k.person
WHERE k.person IS NOT NULL AND k.confirmed_at IS NOT NULL AND k.level = 'close'
  AND (k.dismissed_at IS NULL OR k.last_confirmed_at >= k.dismissed_at)
  AND (c.classification IS NULL OR c.classification <> 'not_a_case')
  AND k.converted_at IS NULL
  AND k.placed_at IS NOT NULL AND k.tested_at IS NULL
