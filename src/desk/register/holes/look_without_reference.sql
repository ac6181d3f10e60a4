-- title: 无有效事由的查询 | Looks without a live reference
-- about: 有人以不存在、已结束或不属其工作范围的事由查询个人数据；查询已被拒绝，没有给出任何资料；同一人一小时计为一处，次数见 register/look_refusals
--     | somebody asked for people's data by a reference that is not there, is over or is
--     not theirs; it was refused and nothing was shown; one hole for each who asked and
--     hour, how often says register/look_refusals
-- closes: 审计员在末次被拒之后核查并记一条 look.reviewed
--     | look.reviewed, once an auditor has looked into it after the last of them
-- column: subject = look_refusals.stretch
-- column: grid = look_refusals.grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = look_refusals.first_at
-- column: due_at = look_refusals.first_at 时限（立即） | due (at once)
-- touched_by: look_refusals.stretch first_at last_at grid
-- touched_by: look_review.subject reviewed_at
SELECT p.stretch AS subject, p.grid, 'auditor' AS owner, p.first_at AS since,
       p.first_at AS due_at
FROM look_refusals AS p
LEFT JOIN look_review AS r ON r.subject = p.stretch
WHERE r.reviewed_at IS NULL OR r.reviewed_at < p.last_at
