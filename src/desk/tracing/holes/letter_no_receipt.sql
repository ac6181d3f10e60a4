-- title: 发出的协查函无回复 | Letters without a receipt
-- about: 发出的协查函，过了首次核查的时限仍无对方回复
--     | a letter was sent, and no word came from the other region when its first check should have
--     been done
-- closes: letter.answered（answer=received 或其他回复）
--     | letter.answered, with received or any other answer
-- column: subject = letter.letter_id
-- column: grid = TEXT 网格 | grid
-- column: owner = TEXT 责任专班 | work group that closes it
-- column: since = TIME 发出时间 | sent
-- column: due_at = TIME 时限 | due
-- number: due_us = deadlines.letter.first_check
-- closed_by: letter.answered
-- touched_by: letter.letter_id outgoing sent_at receipt_at grid
SELECT x.letter_id AS subject, x.grid, 'tracing' AS owner, x.sent_at AS since,
       x.sent_at + :due_us AS due_at
FROM letter AS x
WHERE x.outgoing = 1 AND x.receipt_at IS NULL
