-- title: 查询过多过快 | More people looked at than work needs
-- about: 同一人一分钟内查看超过 1000 人，或一小时内超过 5000 人（一次导出超过 5000 人须两人经手；不超过的导出计入一小时）；按小时计，核查之后又查看了同样多的人的，重新列出
--     | somebody was shown more than 1,000 people within a minute (two full pages) or
--     5,000 within an hour (from where an export takes two people; smaller ones count in
--     the hour); one hole an hour, which is open again when after a review it was as
--     much again
-- closes: 审计员在末次达到限量之后核查并记一条 look.reviewed
--     | look.reviewed, once an auditor has looked into it after the last time
-- column: subject = look_pace.stretch
-- column: grid = look_pace.grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = look_pace.first_at
-- column: due_at = look_pace.first_at 时限（立即） | due (at once)
-- touched_by: look_pace.stretch in_minute in_hour first_at over_at grid
-- touched_by: look_review.subject reviewed_at
SELECT p.stretch AS subject, p.grid, 'auditor' AS owner, p.first_at AS since,
       p.first_at AS due_at
FROM look_pace AS p
LEFT JOIN look_review AS r ON r.subject = p.stretch
WHERE (p.in_minute > 1000 OR p.in_hour > 5000)
  AND (r.reviewed_at IS NULL OR r.reviewed_at < p.over_at)
