-- title: 收到的协查函未办结 | Letters not answered in full
-- about: 收到协查函，过了全部答复的时限仍未办结
--     | a letter came, and was not answered in full in time
-- closes: letter.answered（answer=not_found 或 done）
--     | letter.answered with not_found or done
-- column: subject = letter.letter_id
-- column: grid = TEXT 网格 | grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = TIME 收到时间 | received
-- column: due_at = TIME 时限 | due
-- number: due_us = deadlines.letter.other
-- closed_by: letter.answered answer=not_found,done
-- touched_by: letter.letter_id outgoing received_at done_at grid
SELECT x.letter_id AS subject, x.grid, 'tracing' AS owner, x.received_at AS since,
       x.received_at + :due_us AS due_at
FROM letter AS x
WHERE x.outgoing = 0 AND x.done_at IS NULL
