-- title: 协查人员未落实管控 | People of letters, no control
-- about: 收到要求管控人员的协查函，过了时限仍未落实
--     | a letter asks to put people under control, and that was not done in time
-- closes: letter.answered（answer=under_control、not_found 或 done）
--     | letter.answered with under_control, not_found or done
-- column: subject = letter.letter_id
-- column: grid = TEXT 网格 | grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = TIME 收到时间 | received
-- column: due_at = TIME 时限 | due
-- number: due_us = deadlines.letter.under_control
-- closed_by: letter.answered answer=under_control,not_found,done
-- touched_by: letter.letter_id outgoing received_at controlled_at done_at about grid
SELECT x.letter_id AS subject, x.grid, 'tracing' AS owner, x.received_at AS since,
       x.received_at + :due_us AS due_at
FROM letter AS x
WHERE x.outgoing = 0 AND x.controlled_at IS NULL AND x.done_at IS NULL
  AND x.about = 'control'
