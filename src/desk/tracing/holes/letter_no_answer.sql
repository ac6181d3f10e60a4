-- title: 发出的协查函未获答复 | Letters that were sent and not answered
-- about: 发出的协查函，对方已收到，过了全部答复的时限仍未答复：须再催
--     | a letter that was sent has come there, and nobody has answered it in full in time:
--     somebody has to ask again
-- closes: letter.answered（answer=not_found 或 done）
--     | letter.answered with not_found or done
-- column: subject = letter.letter_id
-- column: grid = TEXT 网格 | grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = TIME 对方收到时间 | received there
-- column: due_at = TIME 时限 | due
-- number: due_us = deadlines.letter.other
-- closed_by: letter.answered answer=not_found,done
-- touched_by: letter.letter_id outgoing receipt_at done_at grid
SELECT x.letter_id AS subject, x.grid, 'tracing' AS owner, x.receipt_at AS since,
       x.receipt_at + :due_us AS due_at
FROM letter AS x
WHERE x.outgoing = 1 AND x.receipt_at IS NOT NULL AND x.done_at IS NULL
