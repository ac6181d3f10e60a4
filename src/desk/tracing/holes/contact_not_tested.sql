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
-- touched_by: contact_follow.person placed_at tested_at converted_at
-- touched_by: cases.case_id classification
--     SELECT person FROM contact WHERE case_id = :case_id
-- touched_by: person.person grid
SELECT k.person AS subject, coalesce(p.grid, k.grid) AS grid, 'testing' AS owner,
       f.placed_at AS since,
       CASE WHEN k.exposed_until > f.placed_at THEN k.exposed_until
            ELSE f.placed_at END + :due_us AS due_at
FROM contact AS k
LEFT JOIN contact_follow AS f ON f.outbreak = k.outbreak AND f.person = k.person
LEFT JOIN cases AS c ON c.case_id = k.case_id
LEFT JOIN person AS p ON p.person = k.person
WHERE k.person IS NOT NULL AND k.confirmed_at IS NOT NULL AND k.level = 'close'
  AND (k.dismissed_at IS NULL OR k.last_confirmed_at >= k.dismissed_at)
  AND (c.classification IS NULL OR c.classification <> 'not_a_case')
  AND f.converted_at IS NULL
  AND f.placed_at IS NOT NULL AND f.tested_at IS NULL
