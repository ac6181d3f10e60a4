-- title: 收到的协查函未核查 | Letters that are not checked
-- about: 收到协查函，过了首次核查的时限仍未核查
--     | a letter came, and the first check was not done in time
-- closes: letter.answered（answer=checked、under_control、not_found 或 done）
--     | letter.answered with checked, under_control, not_found or done
-- column: subject = letter.letter_id
-- column: grid = TEXT 网格 | grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = TIME 收到时间 | received
-- column: due_at = TIME 时限 | due
-- number: due_us = deadlines.letter.first_check
-- closed_by: letter.answered answer=checked,under_control,not_found,done
-- touched_by: letter.letter_id outgoing received_at checked_at grid
SELECT x.letter_id AS subject, x.grid, 'tracing' AS owner, x.received_at AS since,
       x.received_at + :due_us AS due_at
FROM letter AS x
WHERE x.outgoing = 0 AND x.checked_at IS NULL
