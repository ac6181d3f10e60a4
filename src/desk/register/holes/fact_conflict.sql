-- title: 同一序号两份不同内容 | One number used for two facts
-- about: 某发送方用同一序号发来两份不同的事实记录：先到的已收，后到的被拒收；可能是设备被重置，或两台设备用了同一名称
--     | a sender has used one number for two different facts: the first was taken, the
--     second refused; the device may have been reset, or two devices share a name
-- closes: 查明后记一条 sender.checked，或撤回该拒收记录（fact.withdrawn）
--     | sender.checked, once it was looked into; or the refusal is withdrawn
--     (fact.withdrawn)
-- column: subject = refused_line.device
-- column: grid = device.grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = refused_line.refused_at
-- column: due_at = TIME 时限 | due
-- number: due_us = deadlines.data.fact_conflict
-- touched_by: refused_line.device code refused_at
-- touched_by: sender.device checked_at
-- touched_by: device.device grid
SELECT r.device AS subject, d.grid, 'register' AS owner, min(r.refused_at) AS since,
       min(r.refused_at) + :due_us AS due_at
FROM refused_line AS r
LEFT JOIN sender AS s ON s.device = r.device
LEFT JOIN device AS d ON d.device = r.device
WHERE r.code = 'fact.conflict' AND (s.checked_at IS NULL OR r.refused_at > s.checked_at)
GROUP BY r.device, d.grid
