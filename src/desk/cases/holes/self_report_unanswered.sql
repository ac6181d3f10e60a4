-- title: 主动报备未答复 | Self-reports without an answer
-- about: 有人主动报备，尚未答复；应当立即答复
--     | somebody reported something of themselves, and was not answered; that is owed at once
-- closes: self.answered
--     | self.answered
-- column: subject = self_report.report_id
-- column: grid = TEXT 网格 | grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = TIME 报备时间 | reported
-- column: due_at = TIME 时限（立即） | due (at once)
-- closed_by: self.answered
-- touched_by: self_report.report_id reported_at answered_at person grid
-- touched_by: person.person grid
--     SELECT report_id FROM self_report WHERE person = :person
SELECT s.report_id AS subject, substr(coalesce(p.grid, s.grid), 1, 12) AS grid, 'tracing' AS owner,
       s.reported_at AS since, s.reported_at AS due_at
FROM self_report AS s
LEFT JOIN person AS p ON p.person = s.person
WHERE s.answered_at IS NULL
