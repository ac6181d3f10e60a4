-- title: 接触者登记在病例的其他编号下 | Contacts under another number of the case
-- about: 接触者先于病例到达，以病例的其他编号登记；该编号不是病例自己的编号，因此不属于任何病例，没有人联系（多少人、哪个编号见 cases/contacts_wait）
--     | contacts who came before their case stand under another number of it, which is the id
--     of none: they are no case's, and nobody calls them (how many, and under which number:
--     cases/contacts_wait)
-- closes: 再导入一次接触者名单，或以病例自己的编号判定（contact.confirmed）并排除原编号下的（contact.dismissed）；编号有误的更正病例（case.reported）
--     | import the list of contacts once more; or judge them by the case's own id
--     (contact.confirmed) and dismiss them under the other number (contact.dismissed); where
--     the number is wrong correct the case (case.reported)
-- column: subject = cases.case_id
-- column: grid = TEXT 网格 | grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = TIME 首次提出或判定时间 | when the first of them was told of
-- column: due_at = TIME 时限（立即） | due (at once)
-- closed_by: contact.dismissed
-- closed_by: case.reported
-- touched_by: cases.case_id known_as known_as_too classification person grid first_told_at
--     SELECT CAST(:case_id AS TEXT) AS case_id
--     UNION SELECT case_id FROM cases WHERE known_as = :case_id
--     UNION SELECT case_id FROM cases WHERE known_as_too = :case_id
-- touched_by: contact.case_id person named_at confirmed_at last_confirmed_at dismissed_at
--     SELECT case_id FROM cases WHERE known_as = :case_id
--     UNION SELECT case_id FROM cases WHERE known_as_too = :case_id
-- touched_by: person.person grid registered_at
--     SELECT case_id FROM cases WHERE person = :person
SELECT q.subject, q.grid, 'tracing' AS owner, q.since, q.since AS due_at
FROM (SELECT c.case_id AS subject, substr(coalesce(c.grid, p.grid), 1, 12) AS grid,
             (SELECT min(coalesce(k.named_at, k.confirmed_at)) FROM contact AS k
              WHERE k.case_id IN (c.known_as, c.known_as_too) AND k.person IS NOT NULL
                AND (k.dismissed_at IS NULL OR k.last_confirmed_at >= k.dismissed_at)
                AND NOT EXISTS (SELECT 1 FROM cases AS own
                                WHERE own.case_id = k.case_id)) AS since
      FROM cases AS c
      LEFT JOIN person AS p ON p.person = c.person
      WHERE (c.known_as IS NOT NULL OR c.known_as_too IS NOT NULL)
        AND (c.classification IS NULL OR c.classification <> 'not_a_case')) AS q
WHERE q.since IS NOT NULL
