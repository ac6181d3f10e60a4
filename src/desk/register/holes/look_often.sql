-- title: 反复查看同一人 | One person looked at again and again
-- about: 同一人一日内查看另一人的资料超过 50 次（十二小时一班、每一刻钟看一次为 48 次）；只计所示不多于 4 人的查询，不含密接追踪与漏洞清单；按日计，核查之后又查看了同样多次（或另一人）的，重新列出
--     | somebody looked at one person more than 50 times within a day (each quarter of an
--     hour of a shift of twelve hours is 48); of answers that show four at most,
--     without tracing and lists of holes; one hole a day, which is open again when after a
--     review it was as often again, or so often with somebody else
-- closes: 审计员在末次达到限次之后核查并记一条 look.reviewed
--     | look.reviewed, once an auditor has looked into it after the last time
-- column: subject = look_often.stretch
-- column: grid = look_often.grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = look_often.first_at
-- column: due_at = look_often.first_at 时限（立即） | due (at once)
-- touched_by: look_often.stretch of_one first_at over_at grid
-- touched_by: look_review.subject reviewed_at
SELECT p.stretch AS subject, p.grid, 'auditor' AS owner, p.first_at AS since,
       p.first_at AS due_at
FROM look_often AS p
LEFT JOIN look_review AS r ON r.subject = p.stretch
WHERE p.of_one > 50 AND (r.reviewed_at IS NULL OR r.reviewed_at < p.over_at)
