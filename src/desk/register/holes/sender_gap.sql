-- title: 发送方缺号 | Records of a sender that have not come
-- about: 发送方的序号有缺：后面的记录已到，前面的还没有到
--     | numbers are missing in a sender's book: later records have come, these have not
-- closes: 补到缺号的记录，或查明后记一条 sender.checked
--     | the missing records come; or sender.checked, once it was looked into
-- column: subject = refused_line.device
-- column: grid = device.grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = TIME 缺号之后的记录收到时间 | when a later record came
-- column: due_at = TIME 时限 | due
-- number: due_us = deadlines.data.sender_gap
-- touched_by: sender_gap.device
-- touched_by: sender.device checked_at
-- touched_by: device.device grid
SELECT g.device AS subject, d.grid, 'register' AS owner, min(g.since) AS since,
       min(g.since) + :due_us AS due_at
FROM sender_gap AS g
LEFT JOIN sender AS s ON s.device = g.device
LEFT JOIN device AS d ON d.device = g.device
WHERE s.checked_at IS NULL OR g.since > s.checked_at
GROUP BY g.device, d.grid
