-- title: 接触者待判定 | Contacts who are not judged
-- about: 有人被提出可能是接触者，过了核心信息报告（含密接名单）的时限仍未判定
--     | somebody was named who may be a contact, and was not judged when the core report of the
--     case, which lists the contacts, was due
-- closes: contact.confirmed 或 contact.dismissed
--     | contact.confirmed or contact.dismissed
-- personal: yes
-- column: subject = contact.person
-- column: grid = TEXT 网格 | grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = TIME 首次提出时间 | first named
-- column: due_at = TIME 时限 | due
-- number: due_us = deadlines.two_four_24.core_report
-- closed_by: contact.confirmed
-- closed_by: contact.dismissed
-- touched_by: contact.person named_at confirmed_at dismissed_at grid
--     SELECT CAST(:person AS BIGINT) AS person UNION SELECT m.person FROM alias AS x
--     JOIN alias AS m ON m.same_as = x.same_as WHERE x.person = :person
-- touched_by: cases.case_id reported first_told_at classification person
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
SELECT k.person AS subject, coalesce(p.grid, k.grid) AS grid, 'tracing' AS owner,
       k.named_at AS since,
       CASE WHEN coalesce(c.reported, c.first_told_at) + :due_us > k.named_at
            THEN coalesce(c.reported, c.first_told_at) + :due_us
            ELSE k.named_at END AS due_at
FROM tracing_joined AS k
LEFT JOIN cases AS c ON c.case_id = k.case_id
LEFT JOIN person AS p ON p.person = k.person
WHERE k.person IS NOT NULL AND k.confirmed_at IS NULL AND k.dismissed_at IS NULL
  AND (c.classification IS NULL OR c.classification <> 'not_a_case')
