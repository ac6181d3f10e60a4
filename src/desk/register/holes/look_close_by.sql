-- title: 查看了自家人或同事 | A look at one's own household or a colleague
-- about: 一次查询的结果中有查询者同户的人，或本市系统的另一名用户；可能是工作所需，须由审计员核实
--     | an answer showed somebody of the looker's own household, or another user of this
--     city; work may need it, an auditor has to see
-- closes: 审计员核查后记一条 look.reviewed
--     | look.reviewed, once an auditor has looked into it
-- column: subject = look.look
-- column: grid = look.grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = look.looked_at
-- column: due_at = look.looked_at 时限（立即） | due (at once)
-- touched_by: look.look looked_at own_household colleague grid
-- touched_by: look_review.subject reviewed_at
SELECT l.look AS subject, l.grid, 'auditor' AS owner, l.looked_at AS since,
       l.looked_at AS due_at
FROM look AS l
LEFT JOIN look_review AS r ON r.subject = l.look
WHERE (l.own_household = 1 OR l.colleague = 1) AND r.reviewed_at IS NULL
