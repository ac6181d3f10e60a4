-- title: 查询过多过快 | More people looked at than work needs
-- about: 同一人一分钟内查看超过 1000 人，或一小时内超过 5000 人（一次导出超过 5000 人须两人经手）；按小时计
--     | somebody was shown more than 1,000 people within a minute (two full pages) or
--     5,000 within an hour (from where an export takes two people); one hole an hour
-- closes: 审计员核查后记一条 look.reviewed
--     | look.reviewed, once an auditor has looked into it
-- column: subject = look_pace.stretch
-- column: grid = look_pace.grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = look_pace.first_at
-- column: due_at = look_pace.first_at 时限（立即） | due (at once)
-- touched_by: look_pace.stretch in_minute in_hour first_at grid
-- touched_by: look_review.subject reviewed_at
SELECT p.stretch AS subject, p.grid, 'auditor' AS owner, p.first_at AS since,
       p.first_at AS due_at
FROM look_pace AS p
LEFT JOIN look_review AS r ON r.subject = p.stretch
WHERE (p.in_minute > 1000 OR p.in_hour > 5000) AND r.reviewed_at IS NULL
