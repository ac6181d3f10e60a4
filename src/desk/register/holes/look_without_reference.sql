-- title: 无有效事由的查询 | A look without a live reference
-- about: 有人以不存在、已结束或不属其工作范围的事由查询个人数据；查询已被拒绝，没有给出任何资料
--     | somebody asked for people's data by a reference that is not there, is over or is
--     not theirs; it was refused and nothing was shown
-- closes: 审计员核查后记一条 look.reviewed
--     | look.reviewed, once an auditor has looked into it
-- column: subject = look.look
-- column: grid = look.grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = look.looked_at
-- column: due_at = look.looked_at 时限（立即） | due (at once)
-- touched_by: look.look looked_at refused grid
-- touched_by: look_review.subject reviewed_at
SELECT l.look AS subject, l.grid, 'auditor' AS owner, l.looked_at AS since,
       l.looked_at AS due_at
FROM look AS l
LEFT JOIN look_review AS r ON r.subject = l.look
WHERE l.refused IN ('unknown', 'over', 'elsewhere') AND r.reviewed_at IS NULL
